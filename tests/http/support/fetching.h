// A client and the one io_context that it shares with the servers of a test.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/http/client.h"
#include "daemon/runtime/system_clock.h"
#include "tests/http/support/script_server.h"

namespace pw {

class Fetching {
 public:
  // Deadlines are short but real: a fetch that hangs fails in 200 ms.
  explicit Fetching(HttpOptions options = {}, std::shared_ptr<boost::asio::io_context> io =
                                                  std::make_shared<boost::asio::io_context>(1));
  ~Fetching();

  boost::asio::io_context& io() { return *io_; }
  HttpClient& client() { return *client_; }
  const HttpCounters& counters() const { return client_->counters(); }
  // What names resolve to; an unknown one does not.
  std::map<std::string, std::vector<std::string>>& names() { return *names_; }

  // "200 body", or "refused", "transient", "malformed".
  std::string fetch(const HttpRequest& request);
  std::string get(const std::string& url, const Allowance* allowance);
  // All at once, in order of asking.
  std::vector<std::string> fetch_all(const std::vector<HttpRequest>& requests);
  // Cancels the fetch once `is_time`, asked after each step, says so: "cancelled"
  // when that is what it throws.
  std::string cancelled(const HttpRequest& request, const std::function<bool()>& is_time);
  // Starts a fetch and lets it run beside the next ones; its outcome is lost.
  void begin(const HttpRequest& request);

  // Of the last fetch().
  HttpResponse response;
  std::string detail;

  // Lets time pass until then.
  void run_until(const std::function<bool()>& is_time);
  // Runs what the servers still have to do.
  void settle();

 private:
  std::shared_ptr<boost::asio::io_context> io_;
  SystemClock clock_;
  std::shared_ptr<std::map<std::string, std::vector<std::string>>> names_;
  std::unique_ptr<HttpClient> client_;
  // co_spawn (Boost 1.81) posts an emitted signal, which has to live until then.
  std::list<boost::asio::cancellation_signal> signals_;
};

// Lets requests reach a server on 127.0.0.1, and by the name a.test.
Allowance allow(const ScriptServer& server);
HttpRequest get_request(const std::string& url, const Allowance* allowance);
std::string url_of(const ScriptServer& server, const std::string& path = "/",
                   const std::string& front = "http://127.0.0.1");

}  // namespace pw
