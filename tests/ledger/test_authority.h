// A time stamp authority for tests: `openssl ts` with a throw-away certificate.
#pragma once

#include <string>

namespace pw::test {

class TestAuthority {
 public:
  // Its files lie in `folder`, which must be there.
  explicit TestAuthority(std::string folder);

  // A TimeStampResp to a TimeStampReq, both DER.
  std::string reply(const std::string& query) const;
  // The certificate that its signer's chain ends in, PEM.
  std::string certificate() const;

 private:
  void run(const std::string& arguments) const;

  std::string folder_;
};

}  // namespace pw::test
