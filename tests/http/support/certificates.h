// Certificates made at run time, so that none lies in the tree and expires.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace pw {

// A certificate with its key, in PEM, and how its server speaks TLS.
struct Identity {
  std::string certificate{};
  std::string key{};
  int version_max = 0;  // an OpenSSL version number; 0: the newest

  std::shared_ptr<boost::asio::ssl::context> server_context() const;
};

struct Wish {
  std::vector<std::string> names{};      // "DNS:a.test", "IP:127.0.0.1"
  std::string common_name = "somebody";  // that no client may look at
  std::chrono::hours starts{-24};        // from now
  std::chrono::hours ends{24};
};

// An authority of our own.
class Authority {
 public:
  Authority();
  ~Authority();

  Identity issue(const Wish& wish) const;
  // The same, signed by itself instead.
  static Identity self_signed(const Wish& wish);
  // A PEM file with the authority's certificate; lives as long as this.
  const std::string& file() const { return file_; }

 private:
  Identity own_;
  std::string file_;
};

}  // namespace pw
