#include "tests/http/support/fetching.h"

#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace pw {

namespace asio = boost::asio;

namespace {

std::string line_of(const Result<Done>& done, const HttpResponse& response) {
  if (done) return std::to_string(response.status) + " " + response.body;
  switch (done.error().code) {
    case Errc::transient:
      return "transient";
    case Errc::refused:
      return "refused";
    case Errc::malformed:
      return "malformed";
    default:
      return "an error that no fetch has";
  }
}

struct Ending {
  std::string line;
  std::string detail;
  std::exception_ptr thrown;
  bool is_over = false;
};

asio::awaitable<void> fetch_into(Fetcher& fetcher, const HttpRequest& request,
                                 HttpResponse& response, Ending& ending) {
  const auto done = co_await fetcher.fetch(request, response);
  ending.line = line_of(done, response);
  if (!done) ending.detail = done.error().detail;
}

}  // namespace

Fetching::Fetching(HttpOptions options, std::shared_ptr<asio::io_context> io)
    : io_(std::move(io)),
      names_(std::make_shared<std::map<std::string, std::vector<std::string>>>()) {
  if (options.user_agent.empty()) options.user_agent = "pledgewatch/test (+https://example.org)";
  if (options.deadline == Millis(30'000)) options.deadline = Millis(2'000);
  (*names_)["a.test"] = {"127.0.0.1"};
  options.lookup = [names = names_](const std::string& name) -> Result<std::vector<std::string>> {
    const auto at = names->find(name);
    if (at == names->end()) return Error{Errc::transient, "no such name: " + name};
    return at->second;
  };
  auto made = HttpClient::make(*io_, clock_, std::move(options));
  if (!made) throw std::runtime_error(made.error().detail);
  client_ = *std::move(made);
}

Fetching::~Fetching() = default;

std::string Fetching::fetch(const HttpRequest& request) {
  Ending ending;
  asio::co_spawn(*io_, fetch_into(*client_, request, response, ending),
                 [&](std::exception_ptr error) {
                   ending.thrown = error;
                   ending.is_over = true;
                 });
  while (!ending.is_over && io_->run_one() > 0) {
  }
  if (ending.thrown) std::rethrow_exception(ending.thrown);
  detail = ending.detail;
  return ending.line;
}

std::string Fetching::get(const std::string& url, const Allowance* allowance) {
  return fetch(get_request(url, allowance));
}

std::vector<std::string> Fetching::fetch_all(const std::vector<HttpRequest>& requests) {
  std::vector<Ending> endings(requests.size());
  std::vector<HttpResponse> responses(requests.size());
  std::size_t open = requests.size();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    asio::co_spawn(*io_, fetch_into(*client_, requests[i], responses[i], endings[i]),
                   [&](std::exception_ptr error) {
                     if (error) std::rethrow_exception(error);
                     --open;
                   });
  }
  while (open > 0 && io_->run_one() > 0) {
  }
  std::vector<std::string> lines;
  for (const Ending& ending : endings) lines.push_back(ending.line);
  return lines;
}

void Fetching::begin(const HttpRequest& request) {
  struct Own {
    HttpRequest request;
    HttpResponse response;
    Ending ending;
  };
  auto own = std::make_shared<Own>();
  own->request = request;
  asio::co_spawn(*io_, fetch_into(*client_, own->request, own->response, own->ending),
                 [own](std::exception_ptr) {});
}

std::string Fetching::cancelled(const HttpRequest& request, const std::function<bool()>& is_time) {
  Ending ending;
  asio::cancellation_signal& stop = signals_.emplace_back();
  asio::co_spawn(*io_, fetch_into(*client_, request, response, ending),
                 asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr error) {
                   ending.thrown = error;
                   ending.is_over = true;
                 }));
  while (!ending.is_over && !is_time() && io_->run_one() > 0) {
  }
  stop.emit(asio::cancellation_type::terminal);
  while (!ending.is_over && io_->run_one() > 0) {
  }
  if (!ending.thrown) return ending.line;
  try {
    std::rethrow_exception(ending.thrown);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted ? "cancelled" : error.what();
  }
}

void Fetching::run_until(const std::function<bool()>& is_time) {
  while (!is_time() && io_->run_one() > 0) {
  }
}

void Fetching::settle() {
  io_->restart();
  io_->poll();
}

Allowance allow(const ScriptServer& server) {
  return {.hosts = {"127.0.0.1", "a.test"}, .ports = {server.port()}};
}

HttpRequest get_request(const std::string& url, const Allowance* allowance) {
  HttpRequest request;
  request.url = url;
  request.allowance = allowance;
  return request;
}

std::string url_of(const ScriptServer& server, const std::string& path, const std::string& front) {
  return front + ":" + std::to_string(server.port()) + path;
}

}  // namespace pw
