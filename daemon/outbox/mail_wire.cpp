#include "daemon/outbox/mail_wire.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <curl/curl.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

constexpr std::size_t refusals_bytes_max = 2'000;
constexpr long connect_ms_max = 15'000;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

// One message's way to the server. Lives on the frame of the coroutine that sends;
// its end closes everything.
class Transfer {
 public:
  Transfer(asio::io_context& io, const MailRoute& route, const std::vector<std::string>& addresses,
           const std::string& message);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Until libcurl is done with it, or cancelled.
  asio::awaitable<CURLcode> run();
  long code() const;
  const std::string& refusals() const { return state_->refusals; }
  const char* error_text() const { return error_; }

 private:
  // libcurl's sockets, watched by copies of their descriptors, so that neither it nor
  // Asio closes what the other still holds.
  struct Watch {
    explicit Watch(asio::io_context& io) : descriptor(io) {}
    Descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool reads = false;
    bool writes = false;
  };
  // Outlives the transfer by what handlers still hold of it.
  struct State {
    explicit State(asio::io_context& i)
        : io(i), timer(i), finished(i, asio::steady_timer::time_point::max()) {}
    asio::io_context& io;
    asio::steady_timer timer;
    asio::steady_timer finished;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches;
    CURLM* multi = nullptr;  // null: the transfer is over
    std::optional<CURLcode> result;
    std::string_view unsent;
    std::string refusals;
  };

  void configure(const MailRoute& route, const std::vector<std::string>& addresses);
  void secure(const MailRoute& route);
  static void act(const std::shared_ptr<State>& state, curl_socket_t socket, int events);
  static void arm(const std::shared_ptr<State>& state, curl_socket_t socket,
                  const std::shared_ptr<Watch>& watch);
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* per_socket);
  static int on_timer(CURLM* multi, long ms, void* self);
  static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self);
  static std::size_t on_reply(char* line, std::size_t size, std::size_t count, void* self);

  std::shared_ptr<State> state_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  List readers_;
  List pinned_;
  char error_[CURL_ERROR_SIZE] = {};
};

Transfer::Transfer(asio::io_context& io, const MailRoute& route,
                   const std::vector<std::string>& addresses, const std::string& message)
    : state_(std::make_shared<State>(io)), easy_(curl_easy_init()), multi_(curl_multi_init()) {
  if (!easy_ || !multi_) throw std::bad_alloc();
  state_->unsent = message;
  state_->multi = multi_.get();
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Transfer::on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Transfer::on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  configure(route, addresses);
  secure(route);
}

Transfer::~Transfer() {
  // While libcurl closes its connection it still says which sockets it lets go.
  curl_multi_remove_handle(multi_.get(), easy_.get());
  easy_.reset();
  multi_.reset();
  state_->multi = nullptr;
  state_->timer.cancel();
  for (const auto& [socket, watch] : state_->watches) watch->descriptor.close();
  state_->watches.clear();
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

void Transfer::configure(const MailRoute& route, const std::vector<std::string>& addresses) {
  CURL* easy = easy_.get();
  const MailServer& server = route.server;
  const std::string port = std::to_string(server.port);
  // The path is what EHLO calls us.
  const std::string url = std::string(server.tls_from_start ? "smtps://" : "smtp://") +
                          bracketed(server.host) + ':' + port + '/' +
                          route.from.substr(route.from.find('@') + 1);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms_max);
  std::string pin = bracketed(server.host) + ':' + port + ':';
  for (std::size_t i = 0; i < addresses.size(); ++i)
    pin += (i == 0 ? "" : ",") + bracketed(addresses[i]);
  append(pinned_, pin);
  curl_easy_setopt(easy, CURLOPT_RESOLVE, pinned_.get());
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, route.from.c_str());
  for (const std::string& reader : route.to) append(readers_, reader);
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, readers_.get());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_reply);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
}

void Transfer::secure(const MailRoute& route) {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!route.extra_ca_file.empty())
    curl_easy_setopt(easy, CURLOPT_CAINFO, route.extra_ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, "/etc/ssl/certs");
  if (route.user.empty()) return;
  curl_easy_setopt(easy, CURLOPT_USERNAME, route.user.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, route.password.c_str());
}

void Transfer::act(const std::shared_ptr<State>& state, curl_socket_t socket, int events) {
  if (state->multi == nullptr) return;
  int running = 0;
  curl_multi_socket_action(state->multi, socket, events, &running);
  int left = 0;
  while (const CURLMsg* said = curl_multi_info_read(state->multi, &left)) {
    if (said->msg == CURLMSG_DONE) state->result = said->data.result;
  }
  if (state->result) state->finished.cancel();
}

void Transfer::arm(const std::shared_ptr<State>& state, curl_socket_t socket,
                   const std::shared_ptr<Watch>& watch) {
  const auto wait = [&](bool& waits, Descriptor::wait_type type, int poll, int event) {
    if (waits || (watch->wanted & poll) == 0) return;
    waits = true;
    watch->descriptor.async_wait(
        type, [state, socket, watch, &waits, poll, event](boost::system::error_code failed) {
          waits = false;
          if (failed || (watch->wanted & poll) == 0) return;
          act(state, socket, event);
          if (watch->wanted != CURL_POLL_REMOVE) arm(state, socket, watch);
        });
  };
  wait(watch->reads, Descriptor::wait_read, CURL_POLL_IN, CURL_CSELECT_IN);
  wait(watch->writes, Descriptor::wait_write, CURL_POLL_OUT, CURL_CSELECT_OUT);
}

int Transfer::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  const std::shared_ptr<State>& state = static_cast<Transfer*>(self)->state_;
  const auto known = state->watches.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (known == state->watches.end()) return 0;
    known->second->wanted = CURL_POLL_REMOVE;
    known->second->descriptor.close();
    state->watches.erase(known);
    return 0;
  }
  std::shared_ptr<Watch> watch;
  if (known == state->watches.end()) {
    watch = std::make_shared<Watch>(state->io);
    const int copy = ::dup(socket);
    if (copy < 0) return -1;
    watch->descriptor.assign(copy);
    state->watches.emplace(socket, watch);
  } else {
    watch = known->second;
  }
  watch->wanted = what;
  arm(state, socket, watch);
  return 0;
}

int Transfer::on_timer(CURLM*, long ms, void* self) {
  const std::shared_ptr<State>& state = static_cast<Transfer*>(self)->state_;
  state->timer.cancel();
  if (ms < 0) return 0;
  state->timer.expires_after(std::chrono::milliseconds(ms));
  state->timer.async_wait([state](boost::system::error_code failed) {
    if (!failed) act(state, CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

std::size_t Transfer::on_read(char* to, std::size_t size, std::size_t count, void* self) {
  State& state = *static_cast<Transfer*>(self)->state_;
  const std::size_t n = std::min(size * count, state.unsent.size());
  std::copy_n(state.unsent.data(), n, to);
  state.unsent.remove_prefix(n);
  return n;
}

// The server's replies, line by line: what it refused is kept.
std::size_t Transfer::on_reply(char* line, std::size_t size, std::size_t count, void* self) {
  State& state = *static_cast<Transfer*>(self)->state_;
  const std::string_view text(line, size * count);
  const bool refused = text.starts_with('4') || text.starts_with('5');
  if (refused && state.refusals.size() < refusals_bytes_max) state.refusals += text;
  return size * count;
}

asio::awaitable<CURLcode> Transfer::run() {
  const std::shared_ptr<State> state = state_;
  curl_multi_add_handle(multi_.get(), easy_.get());
  if (!state->result) co_await state->finished.async_wait(asio::as_tuple(asio::use_awaitable));
  const auto cancelled = co_await asio::this_coro::cancellation_state;
  if (cancelled.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  co_return state->result.value_or(CURLE_ABORTED_BY_CALLBACK);
}

long Transfer::code() const {
  long code = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
  return code;
}

bool is_tls_refusal(CURLcode result) {
  switch (result) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return true;
    default:
      return false;
  }
}

// libcurl's own words, which name no secret: hosts, codes, what a certificate lacks.
std::string words_of(CURLcode result, const char* error) {
  return std::string("mail: ") + (error[0] != '\0' ? error : curl_easy_strerror(result));
}

class MailWire final : public Fetcher {
 public:
  MailWire(asio::io_context& io, MailRoute route, ResolveHost resolve)
      : io_(io), route_(std::move(route)), resolve_(std::move(resolve)) {}

  asio::awaitable<Result<Done>> fetch(const HttpRequest& request, HttpResponse& response) override {
    response.status = 0;
    response.headers.clear();
    response.body.clear();
    const Result<std::vector<std::string>> addresses = co_await resolve_(route_.server.host);
    if (!addresses) co_return addresses.error();
    Transfer transfer(io_, route_, *addresses, request.body);
    const CURLcode result = co_await transfer.run();
    co_return judge(transfer, result, response);
  }

 private:
  static Result<Done> judge(const Transfer& transfer, CURLcode result, HttpResponse& response) {
    const int code = static_cast<int>(transfer.code());
    response.body = transfer.refusals();
    if (is_tls_refusal(result))
      return Error{Errc::refused, words_of(result, transfer.error_text())};
    const bool replied = code >= 200 && code <= 599;
    if (result == CURLE_OK && replied) {
      response.status = code;
      return Done{};
    }
    if (replied && code >= 400) {
      response.status = code;
      return Done{};
    }
    if (result == CURLE_LOGIN_DENIED) {
      response.status = 535;
      return Done{};
    }
    return Error{Errc::transient, words_of(result, transfer.error_text())};
  }

  asio::io_context& io_;
  MailRoute route_;
  ResolveHost resolve_;
};

}  // namespace

std::unique_ptr<Fetcher> make_mail_wire(asio::io_context& io, MailRoute route,
                                        ResolveHost resolve) {
  // Once in a process; libcurl counts.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw std::bad_alloc();
  return std::make_unique<MailWire>(io, std::move(route), std::move(resolve));
}

MailMeaning mail_meaning(int code) {
  if (code >= 200 && code <= 299) return {200};
  if (code == 530 || code == 534 || code == 535 || code == 538) return {401};
  if (code >= 500 && code <= 599) return {400, /*hopeless=*/true};
  return {503};
}

}  // namespace pw
