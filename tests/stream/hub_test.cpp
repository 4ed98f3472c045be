// A hub and its subscriber, in simulated time: what is asked of a hub, what it is
// answered, and what it may make happen.
#include <algorithm>
#include <deque>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/core/hmac.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/runtime/task_group.h"
#include "daemon/stream/hub_subscriber.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const std::string channel = "UC_xBrandCo0123456789abcd";
const std::string topic = youtube_topic(channel);

// Answers with what the test put in line, then with 202.
class Hub final : public Fetcher {
 public:
  explicit Hub(Clock& clock) : clock_(clock) {}
  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override {
    asked.push_back(request);
    at.push_back(clock_.now());
    response = {};
    response.status = 202;
    if (answers.empty()) co_return Done{};
    response = answers.front();
    answers.pop_front();
    if (response.status == 0) co_return Error{Errc::transient, "nobody answers"};
    co_return Done{};
  }
  std::deque<HttpResponse> answers;
  std::vector<HttpRequest> asked;
  std::vector<Instant> at;

 private:
  Clock& clock_;
};

HttpResponse status(int code, std::vector<std::pair<std::string, std::string>> fields = {}) {
  HttpResponse response;
  response.status = code;
  for (const auto& [name, value] : fields) response.headers.add(name, value);
  return response;
}

struct Desk {
  Desk() {
    HubParts parts{.clock = clock, .fetcher = hub, .log = log};
    parts.hub = "https://hub.example/subscribe";
    parts.callback = "https://watch.example/hub";
    parts.secret = std::string(32, 'k');
    parts.heard = [this](AccountNumber account) { heard.push_back(account); };
    subscriber = std::make_unique<HubSubscriber>(std::move(parts));
    group.spawn("hub", subscriber->run());
  }
  ~Desk() {
    bool joined = false;
    boost::asio::co_spawn(io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, 0ms);
  }
  void pass(Millis span) { clock.advance(io, span); }

  // A field of the newest form.
  std::string field(const std::string& name) const {
    const std::string& form = hub.asked.back().body;
    const std::size_t at = ('&' + form).find('&' + name + '=');
    if (at == std::string::npos) return {};
    const std::size_t start = at + name.size() + 1;
    return form.substr(start, form.find('&', start) - start);
  }
  std::string key() const {
    const std::string callback = field("hub.callback");
    return callback.substr(callback.rfind("%2F") + 3);
  }
  HubVerification verify(const std::string& mode, const std::string& lease = "432000") {
    return subscriber->verify(key(), "hub.mode=" + mode + "&hub.topic=" + encoded_topic +
                                         "&hub.challenge=XYZ&hub.lease_seconds=" + lease);
  }

  const std::string encoded_topic =
      "https%3A%2F%2Fwww.youtube.com%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D" + channel;
  boost::asio::io_context io{1};
  SimClock clock{*parse_rfc3339("2026-09-16T12:00:00Z")};
  Hub hub{clock};
  std::vector<std::string> journal;
  Log log{[this](LogLevel, const std::string& line) { journal.push_back(line); }};
  std::vector<AccountNumber> heard;
  std::unique_ptr<HubSubscriber> subscriber;
  TaskGroup group{io.get_executor()};
};

}  // namespace

TEST_CASE("a channel is subscribed to, verified by its challenge, and renewed in time") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(3s);
  REQUIRE(desk.hub.asked.size() == 1);
  CHECK(desk.hub.asked[0].url == "https://hub.example/subscribe");
  CHECK(desk.field("hub.mode") == "subscribe");
  CHECK(desk.field("hub.topic") == desk.encoded_topic);
  CHECK(desk.field("hub.callback").starts_with("https%3A%2F%2Fwatch.example%2Fhub%2F"));
  CHECK(desk.key().size() == 32);
  CHECK(desk.field("hub.secret").size() == 64);
  CHECK(desk.subscriber->confirmed() == 0);

  const HubVerification said = desk.verify("subscribe");
  CHECK(said.kind == HubVerification::Kind::confirmed);
  CHECK(said.challenge == "XYZ");
  CHECK(desk.subscriber->confirmed() == 1);
  // Four fifths of five days.
  desk.pass(95h);
  CHECK(desk.hub.asked.size() == 1);
  desk.pass(61min);
  CHECK(desk.hub.asked.size() == 2);
}

TEST_CASE("whoever does not know the key, the topic or the mode is told nothing") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(3s);
  const std::string query = "hub.mode=subscribe&hub.challenge=XYZ&hub.topic=";
  using Kind = HubVerification::Kind;
  CHECK(desk.subscriber->verify("0123", query + desk.encoded_topic).kind == Kind::unknown);
  CHECK(desk.subscriber->verify(desk.key(), query + "https%3A%2F%2Felsewhere").kind ==
        Kind::unknown);
  CHECK(desk.verify("unsubscribe").kind == Kind::unknown);
  CHECK(desk.subscriber->confirmed() == 0);
  using Notice = HubSubscriber::Notice;
  CHECK(desk.subscriber->notify("0123", "", "<feed/>") == Notice::unknown);
  CHECK(desk.heard.empty());
}

TEST_CASE("a notice counts when the hub signed it, as often as it comes") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(3s);
  desk.verify("subscribe");
  const std::string secret = desk.field("hub.secret");
  // A tombstone brings a look like any news: what is gone is for the list to say.
  const std::string body = "<feed><at:deleted-entry ref=\"yt:video:dqw4w9WgxA1\"/></feed>";
  using Notice = HubSubscriber::Notice;
  for (const char* method : {"sha1", "sha256", "sha512"}) {
    const std::string signature = std::string(method) + '=' + *hmac_hex(method, secret, body);
    CHECK(desk.subscriber->notify(desk.key(), signature, body) == Notice::heard);
    CHECK(desk.subscriber->notify(desk.key(), signature, body + ' ') == Notice::dropped);
  }
  CHECK(desk.subscriber->notify(desk.key(), "", body) == Notice::dropped);
  CHECK(desk.subscriber->notify(desk.key(), "sha1=00", body) == Notice::dropped);
  CHECK(desk.heard == std::vector<AccountNumber>{7, 7, 7});
  CHECK(desk.subscriber->dropped() == 5);
}

TEST_CASE("a hub that cannot now is asked again when it said, and its troubles are said once") {
  Desk desk;
  desk.hub.answers = {status(503, {{"Retry-After", "120"}}), status(0), status(500)};
  desk.subscriber->add(7, topic);
  desk.pass(1min);
  CHECK(desk.hub.asked.size() == 1);
  desk.pass(90s);
  CHECK(desk.hub.asked.size() == 2);
  desk.pass(3h);
  REQUIRE(desk.hub.asked.size() >= 4);
  CHECK(desk.hub.at[1] - desk.hub.at[0] >= 2min);
  CHECK(desk.hub.at[2] - desk.hub.at[1] >= 2min);
  CHECK(std::count_if(desk.journal.begin(), desk.journal.end(), [](const std::string& line) {
          return line.find("hub_not_subscribed") != std::string::npos;
        }) == 1);
}

TEST_CASE("a hub that names another is followed, without our allowance and not for ever") {
  Desk desk;
  for (int i = 0; i < 10; ++i) {
    desk.hub.answers.push_back(status(308, {{"Location", "https://other.example/hub"}}));
  }
  desk.subscriber->add(7, topic);
  desk.pass(10min);
  REQUIRE(desk.hub.asked.size() == 4);
  CHECK(desk.hub.asked[1].url == "https://other.example/hub");
  CHECK(desk.hub.asked[0].allowance != nullptr);
  CHECK(desk.hub.asked[1].allowance == nullptr);
}

TEST_CASE("what was accepted and never verified is asked for again") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(11min);
  CHECK(desk.hub.asked.size() == 2);
  // Late, but still ours.
  CHECK(desk.verify("subscribe").kind == HubVerification::Kind::confirmed);
}

TEST_CASE("a lease that cannot be renewed ends, and is asked for until there is one again") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(3s);
  desk.verify("subscribe");
  desk.hub.answers.assign(1000, status(503));
  desk.pass(119h);
  CHECK(desk.subscriber->confirmed() == 1);
  const std::size_t asked = desk.hub.asked.size();
  CHECK(asked > 10);
  desk.pass(2h);
  CHECK(desk.subscriber->confirmed() == 0);
  CHECK(desk.hub.asked.size() > asked);
  desk.hub.answers.clear();
  desk.pass(2h);
  CHECK(desk.verify("subscribe").kind == HubVerification::Kind::confirmed);
  CHECK(desk.subscriber->confirmed() == 1);
}

TEST_CASE("who is no longer watched is unsubscribed, and a last notice of it does nothing") {
  Desk desk;
  desk.subscriber->add(7, topic);
  desk.pass(3s);
  desk.verify("subscribe");
  const std::string secret = desk.field("hub.secret");
  const std::string key = desk.key();
  desk.subscriber->remove(7);
  desk.pass(3s);
  CHECK(desk.field("hub.mode") == "unsubscribe");
  const std::string signature = "sha256=" + *hmac_hex("sha256", secret, "<feed/>");
  using Notice = HubSubscriber::Notice;
  CHECK(desk.subscriber->notify(key, signature, "<feed/>") == Notice::heard);
  CHECK(desk.heard.empty());
  CHECK(desk.verify("unsubscribe").challenge == "XYZ");
  CHECK(desk.subscriber->notify(key, signature, "<feed/>") == Notice::unknown);
}

TEST_CASE("keys and secrets are the same after a restart, and differ by topic") {
  Desk first;
  Desk second;
  for (Desk* desk : {&first, &second}) {
    desk->subscriber->add(7, topic);
    desk->pass(3s);
  }
  CHECK(first.key() == second.key());
  CHECK(first.field("hub.secret") == second.field("hub.secret"));
  const std::string key = first.key();
  first.subscriber->add(8, youtube_topic("UC_another0123456789abcde"));
  first.pass(3s);
  CHECK(first.hub.asked.size() == 2);
  CHECK(first.key() != key);
}
