// X's webhook and subscriptions, kept at the simulated X and in simulated time.
#include <deque>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/runtime/task_group.h"
#include "daemon/stream/activity_subscriber.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");
const std::string address = "https://watch.example/hub/x";
const std::string secret = "canary-consumer-secret";
const std::string token = "canary-bearer-token";

std::string user(int i) { return "11111111111111" + std::to_string(10'000 + i); }

// The simulated X, which fails as often as it is told to.
class Line final : public Fetcher {
 public:
  explicit Line(SimNetwork& network) : network_(network) {}
  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override {
    asked.push_back(request);
    if (!answers.empty()) {
      response = answers.front();
      answers.pop_front();
      if (response.status == 0) co_return Error{Errc::transient, "nobody answers"};
      co_return Done{};
    }
    co_return co_await network_.fetch(request, response);
  }
  int count(std::string_view method, std::string_view path) const {
    return int(std::count_if(asked.begin(), asked.end(), [&](const HttpRequest& request) {
      return request.method == method && request.url.find(path) != std::string::npos;
    }));
  }
  std::deque<HttpResponse> answers;
  std::vector<HttpRequest> asked;

 private:
  SimNetwork& network_;
};

// X outlives the processes that subscribe with it.
struct Xs {
  Population population;
  boost::asio::io_context io{1};
  SimClock clock{noon};
  SimWorld world{population};
  ActivitySubscriber* listens = nullptr;
  bool is_up = true;
  SimActivity activity{population, secret, noon, [this](const HttpRequest& request) {
                         HttpResponse response;
                         response.status = 502;
                         if (!is_up || listens == nullptr) return response;
                         const std::size_t mark = request.url.find('?');
                         if (request.method == "POST" || mark == std::string::npos) return response;
                         const auto proof = listens->prove(request.url.substr(mark + 1));
                         response.status = proof ? 200 : 404;
                         response.body = proof.value_or("");
                         return response;
                       }};
  SimNetwork network{world, clock};
  Line line{network};
};

struct Process {
  explicit Process(Xs& of) : x(of) {
    x.network.serve_activity(x.activity);
    ActivityParts parts{.clock = x.clock, .fetcher = x.line, .log = log};
    parts.app = {.base = "https://api.x.com", .token = token, .secret = secret};
    parts.address = address;
    parts.heard = [this](AccountNumber account) { heard.push_back(account); };
    parts.watched = [this](AccountNumber account) { return !finished.contains(account); };
    subscriber = std::make_unique<ActivitySubscriber>(std::move(parts));
    x.listens = subscriber.get();
    group.spawn("activity", subscriber->run());
  }
  ~Process() {
    bool joined = false;
    boost::asio::co_spawn(x.io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) x.clock.advance(x.io, 0ms);
    x.listens = nullptr;
  }
  void add(int count) {
    for (int i = 0; i < count; ++i) subscriber->add(AccountNumber(i), user(i));
  }
  // X's own hours pass too.
  void pass(Millis span) {
    const Instant end = x.clock.now() + span;
    while (x.clock.now() < end) {
      x.clock.advance(x.io, std::min<Millis>(end - x.clock.now(), 1min));
      x.activity.pass(x.clock.now());
    }
  }
  int said(std::string_view event) const {
    return int(std::count_if(journal.begin(), journal.end(), [&](const std::string& line) {
      return line.find(event) != std::string::npos;
    }));
  }

  Xs& x;
  std::vector<std::string> journal;
  Log log{[this](LogLevel, const std::string& line) { journal.push_back(line); }};
  std::vector<AccountNumber> heard;
  std::set<AccountNumber> finished;
  std::unique_ptr<ActivitySubscriber> subscriber;
  TaskGroup group{x.io.get_executor()};
};

std::string notice_about(const std::string& id, const std::string& uuid) {
  return R"({"data":{"event_uuid":")" + uuid + R"(","filter":{"user_id":")" + id +
         R"("},"event_type":"post.create","payload":{"id":"1","author_id":")" + id + R"("}}})";
}

std::vector<std::string> signed_by(const std::string& key, const std::string& body) {
  return {"sha256=" + print_base64(bytes_of(hmac_sha256(key, body)))};
}

}  // namespace

TEST_CASE("a webhook is made and proven, and every account has two subscriptions") {
  Xs x;
  Process process(x);
  process.add(3);
  process.pass(1min);
  CHECK(x.activity.is_valid());
  CHECK(x.activity.calls("GET") == 1);
  CHECK(x.activity.subscriptions() == 6);
  CHECK(process.subscriber->subscribed() == 3);
  CHECK(process.subscriber->fault().empty());
  // New posts of everybody come before what is deleted.
  std::vector<std::string> bodies;
  for (const HttpRequest& request : x.line.asked) {
    if (request.method == "POST" && request.url.ends_with("/subscriptions"))
      bodies.push_back(request.body);
  }
  REQUIRE(bodies.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(bodies[i].find(i < 3 ? "post.create" : "post.delete") != std::string::npos);
    CHECK(bodies[i].find(user(int(i % 3))) != std::string::npos);
  }
}

TEST_CASE("a restart makes nothing twice, and ends what is nobody's any more") {
  Xs x;
  {
    Process first(x);
    first.add(4);
    first.pass(1min);
  }
  CHECK(x.activity.subscriptions() == 8);
  Process second(x);
  second.add(2);
  second.pass(1min);
  // Found out late, and still its own.
  second.subscriber->add(2, user(2));
  second.pass(5min);
  CHECK(x.line.count("POST", "/2/activity") == 8);
  CHECK(x.line.count("POST", "/2/webhooks") == 1);
  CHECK(x.line.count("DELETE", "/2/activity") == 0);
  second.pass(10min);
  CHECK(x.line.count("POST", "/2/activity") == 8);
  CHECK(x.line.count("DELETE", "/2/activity") == 2);
  CHECK(x.activity.subscriptions() == 6);
  // Whoever leaves is not told of, and makes room.
  second.subscriber->remove(0);
  const std::string body = notice_about(user(0), "1");
  CHECK(second.subscriber->notify(signed_by(secret, body), body) ==
        ActivitySubscriber::Notice::unknown);
  second.pass(1min);
  CHECK(x.activity.subscriptions() == 4);
}

TEST_CASE("who has nothing left to be looked at for is not told of for ever") {
  Xs x;
  Process process(x);
  process.add(3);
  process.pass(30min);
  CHECK(x.activity.subscriptions() == 6);
  process.finished = {0, 2};
  process.pass(1h);
  CHECK(x.activity.subscriptions() == 2);
  const std::string body = notice_about(user(0), "1");
  CHECK(process.subscriber->notify(signed_by(secret, body), body) ==
        ActivitySubscriber::Notice::unknown);
  process.finished = {0, 1, 2};
  process.pass(2h);
  CHECK(x.activity.subscriptions() == 0);
}

TEST_CASE("whoever is beyond the app's subscriptions is only looked at, and operators are told") {
  Xs x;
  Process process(x);
  process.add(760);
  process.pass(2h);
  CHECK(x.activity.subscriptions() == 1'500);
  CHECK(process.subscriber->subscribed() == 750);
  CHECK(process.subscriber->fault() ==
        "X tells of 750 accounts alone, as the app has 1500 subscriptions and each account takes "
        "two; 10 are only looked at as planned");
  // X's own limit of new ones was never met.
  CHECK(process.said("x_not_subscribed") == 0);
  const int made = x.line.count("POST", "/2/activity");
  CHECK(made == 1'500);
  for (int i = 0; i < 10; ++i) process.subscriber->remove(AccountNumber(i));
  process.pass(2min);
  CHECK(process.subscriber->fault().empty());
  CHECK(process.subscriber->subscribed() == 750);
  CHECK(x.line.count("POST", "/2/activity") == made + 20);
}

TEST_CASE("an app that may have fewer is not asked without end, and its refusal is told") {
  Xs x;
  x.activity.subscriptions_max = 4;
  Process process(x);
  process.add(6);
  process.pass(24h);
  CHECK(x.activity.subscriptions() == 4);
  CHECK(process.said("x_not_subscribed") >= 1);
  CHECK(process.said("x_not_subscribed") <= 25);
  CHECK(process.subscriber->fault().find("all the subscriptions that it may have") !=
        std::string::npos);
  CHECK(x.line.count("POST", "/2/activity") < 200);
}

TEST_CASE("a notice counts when X signed it, once, and about whoever is watched") {
  Xs x;
  Process process(x);
  process.add(2);
  using Notice = ActivitySubscriber::Notice;
  const std::string body = notice_about(user(1), "-2781149976877970683");
  ActivitySubscriber& subscriber = *process.subscriber;
  const auto notify = [&](const std::vector<std::string>& signatures, const std::string& said) {
    return subscriber.notify(signatures, said);
  };
  CHECK(notify({}, body) == Notice::dropped);
  CHECK(notify({""}, body) == Notice::dropped);
  CHECK(notify(signed_by("another app's secret", body), body) == Notice::dropped);
  CHECK(notify(signed_by(secret, body), body + ' ') == Notice::dropped);
  CHECK(process.heard.empty());
  // Either header may carry the app's secret.
  std::vector<std::string> both = signed_by("its client secret", body);
  both.push_back(signed_by(secret, body).front());
  CHECK(notify(both, body) == Notice::heard);
  CHECK(notify(signed_by(secret, body), body) == Notice::repeated);
  const std::string other = notice_about(user(1), "2");
  CHECK(notify(signed_by(secret, other), other) == Notice::heard);
  const std::string stranger = notice_about("999", "3");
  CHECK(notify(signed_by(secret, stranger), stranger) == Notice::unknown);
  CHECK(notify(signed_by(secret, "{"), "{") == Notice::unread);
  CHECK(process.heard == std::vector<AccountNumber>{1, 1});
  CHECK(subscriber.heard() == 2);
  CHECK(subscriber.dropped() == 4);
  CHECK(process.said("x_notice_dropped") == 1);
}

TEST_CASE("what was told is remembered for a while alone, however much is told") {
  Xs x;
  Process process(x);
  process.add(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::string body = notice_about(user(0), std::to_string(i));
    REQUIRE(process.subscriber->notify(signed_by(secret, body), body) ==
            ActivitySubscriber::Notice::heard);
  }
  const std::string last = notice_about(user(0), "9999");
  CHECK(process.subscriber->notify(signed_by(secret, last), last) ==
        ActivitySubscriber::Notice::repeated);
}

TEST_CASE("an X that cannot now is asked again when it said, and its troubles are said once") {
  Xs x;
  HttpResponse busy;
  busy.status = 503;
  busy.headers.add("Retry-After", "120");
  HttpResponse broken;
  broken.status = 200;
  broken.body = "<html>";
  x.line.answers = {busy, HttpResponse{}, broken};
  Process process(x);
  process.add(1);
  process.pass(1min);
  CHECK(x.line.asked.size() == 1);
  process.pass(90s);
  CHECK(x.line.asked.size() == 2);
  CHECK(process.subscriber->fault().empty());
  process.pass(3min);
  // Three in a row.
  CHECK(process.subscriber->fault().find("an answer that is no list of webhooks") !=
        std::string::npos);
  process.pass(1h);
  CHECK(process.subscriber->fault().empty());
  CHECK(process.subscriber->subscribed() == 1);
  CHECK(process.said("x_not_subscribed") == 1);
}

TEST_CASE("a webhook that X gave up is proven again within the hour") {
  Xs x;
  Process process(x);
  process.add(1);
  process.pass(1min);
  REQUIRE(x.activity.is_valid());
  // Nobody answers X's challenge for a while.
  x.is_up = false;
  process.pass(75min);
  CHECK_FALSE(x.activity.is_valid());
  x.is_up = true;
  process.pass(2h);
  CHECK(x.activity.is_valid());
  CHECK(process.subscriber->subscribed() == 1);
  CHECK(x.activity.subscriptions() == 2);
}

TEST_CASE("neither the token nor the secret is in a line of the journal, or an address") {
  Xs x;
  HttpResponse echo;
  echo.status = 400;
  echo.body = R"({"detail":"no"})";
  x.line.answers = {echo};
  Process process(x);
  process.add(1);
  process.pass(1h);
  process.subscriber->notify(std::vector<std::string>{"sha256=" + secret}, token);
  for (const std::string& line : process.journal) {
    CHECK(line.find(secret) == std::string::npos);
    CHECK(line.find(token) == std::string::npos);
  }
  for (const HttpRequest& request : x.line.asked) {
    CHECK((request.url + request.body).find(secret) == std::string::npos);
    CHECK((request.url + request.body).find(token) == std::string::npos);
  }
}
