#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/receiver.h"

using namespace pw;

namespace {

// The upstream test's vector (delivery-and-evidence 1.1).
constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const Instant sent = instant_of_ms(1'614'265'330'000);

HttpRequest message() {
  HttpRequest request;
  request.method = "POST";
  request.body = R"({"test": 2432232314})";
  request.headers = {{"Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                     {"webhook-timestamp", "1614265330"},
                     {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}};
  return request;
}

HttpRequest with(std::size_t header, std::string value) {
  HttpRequest request = message();
  request.headers[header].value = std::move(value);
  return request;
}

HttpRequest without(std::ptrdiff_t header) {
  HttpRequest request = message();
  request.headers.erase(request.headers.begin() + header);
  return request;
}

HttpRequest with_body(std::string body) {
  HttpRequest request = message();
  request.body = std::move(body);
  return request;
}

}  // namespace

TEST_CASE("a signature holds for the message it was made for, and for no other") {
  constexpr const char* good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  struct Row {
    HttpRequest request;
    const char* secret;
    int late_s;
    const char* fault;
  };
  const Row rows[] = {
      {message(), secret, 0, ""},
      {message(), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0, ""},
      {message(), secret, 300, ""},
      {message(), secret, -300, ""},
      {message(), secret, 301, "the time is off"},
      {message(), secret, -301, "the time is off"},
      {with(2, std::string("v1,xxx v2,yyy ") + good), secret, 0, ""},
      {with(2, "v1,g0hM9SsE"), secret, 0, "no signature fits"},
      {with(2, "v1,"), secret, 0, "no signature fits"},
      {with(2, "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), secret, 0, "no signature fits"},
      {with(1, "soon"), secret, 0, "the time is no number"},
      {with(1, "1614265331"), secret, 0, "no signature fits"},
      {with(0, "msg_other"), secret, 0, "no signature fits"},
      {with_body(""), secret, 0, "no signature fits"},
      {with_body(R"({"test": 2432232315})"), secret, 0, "no signature fits"},
      {without(0), secret, 0, "a header is missing"},
      {without(1), secret, 0, "a header is missing"},
      {without(2), secret, 0, "a header is missing"},
      {message(), "whsec_", 0, "the secret is none"},
      {message(), "", 0, "the secret is none"},
      {message(), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0, "no signature fits"},
  };
  for (const Row& row : rows) {
    CHECK(signature_fault(row.request, row.secret, sent + std::chrono::seconds(row.late_s)) ==
          row.fault);
  }
}

TEST_CASE("the first attempts fail as planned, and every one is written down") {
  std::vector<std::string> lines;
  Receiver receiver(
      {{"organisers", secret}},
      {HookFailure::error, HookFailure::too_many, HookFailure::close, HookFailure::hang},
      [&](const std::string& line) { lines.push_back(line); });
  std::vector<int> statuses;
  std::vector<HookAnswer::Kind> kinds;
  for (int i = 0; i < 6; ++i) {
    const HookAnswer answer = receiver.receive("organisers", message(), sent);
    statuses.push_back(answer.response.status);
    kinds.push_back(answer.kind);
    if (answer.response.status == 429) CHECK(answer.response.headers.find("retry-after") == "1");
  }
  CHECK(statuses == std::vector<int>{500, 429, 0, 0, 200, 200});
  CHECK((kinds[2] == HookAnswer::Kind::close));
  CHECK((kinds[3] == HookAnswer::Kind::hang));
  CHECK(receiver.accepted() == 1);
  CHECK(receiver.repeated() == 1);
  REQUIRE(lines.size() == 6);
  const auto last = nlohmann::json::parse(lines.back());
  CHECK(last["at"] == "2021-02-25T15:02:10.000Z");
  CHECK(last["hook"] == "organisers");
  CHECK(last["id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek");
  CHECK(last["attempt"] == 6);
  CHECK(last["signature"] == "good");
  CHECK(last["status"] == 200);
  CHECK(last["body"]["test"] == 2432232314);
}

TEST_CASE("what is not signed, not JSON, not posted or for nobody is not accepted") {
  std::vector<std::string> lines;
  Receiver receiver({{"organisers", secret}}, {},
                    [&](const std::string& line) { lines.push_back(line); });
  CHECK(receiver.receive("others", message(), sent).response.status == 404);
  HttpRequest get = message();
  get.method = "GET";
  CHECK(receiver.receive("organisers", get, sent).response.status == 404);
  CHECK(lines.empty());
  CHECK(receiver.receive("organisers", with_body("\xff{"), sent).response.status == 401);
  REQUIRE(lines.size() == 1);
  CHECK(nlohmann::json::parse(lines[0])["signature"] == "no signature fits");
  CHECK(receiver.accepted() == 0);
}
