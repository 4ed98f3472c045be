// What each service's answers mean: its own words in, one line out.
#include <catch2/catch.hpp>

#include "daemon/outbox/service.h"

using namespace pw;

namespace {

struct Row {
  SinkType type;
  int status;
  const char* body;
  const char* means;
};

using enum SinkType;
constexpr Row rows[] = {
    {slack, 200, "ok", "200"},
    {slack, 200, "no_text", "400 hopeless"},
    {slack, 200, "<html>captive portal</html>", "400"},
    {slack, 400, "msg_blocks_too_long", "400 hopeless"},
    {slack, 404, "no_service", "410"},
    {slack, 410, "channel_is_archived", "410"},
    {slack, 429, "", "429"},
    {slack, 500, "rollup_error", "500"},
    {mattermost, 200, "ok", "200"},
    {mattermost, 200, "<html>", "400"},
    {teams, 202, "", "202"},
    {teams, 200, "1", "200"},
    {teams, 200,
     "Webhook message delivery failed with error: Microsoft Teams endpoint returned "
     "HTTP error 429 with ContextId x",
     "429"},
    {teams, 200, "Microsoft Teams endpoint returned HTTP error 410", "410"},
    {teams, 200, "Microsoft Teams endpoint returned HTTP error nonsense", "502"},
    {teams, 413, "", "413 hopeless"},
    {discord, 204, "", "204"},
    {discord, 200, R"({"id":"1"})", "200"},
    {discord, 404, R"({"message":"Unknown Webhook","code":10015})", "410"},
    {discord, 429,
     R"({"message":"You are being rate limited.","retry_after":64.57,"global":false})",
     "429 wait 64570"},
    {discord, 429, R"({"retry_after":"soon"})", "429"},
    {discord, 429, R"({"retry_after":-1})", "429"},
    {discord, 429, R"({"retry_after":1e300})", "429 wait 86400000"},
    {discord, 400, R"({"code":50035})", "400 hopeless"},
    {telegram, 200, R"({"ok":true,"result":{"message_id":5}})", "200"},
    {telegram, 200, "not json", "502"},
    {telegram, 429,
     R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7",)"
     R"("parameters":{"retry_after":7}})",
     "429 wait 7000"},
    {telegram, 400,
     R"({"ok":false,"error_code":400,"description":"group upgraded",)"
     R"("parameters":{"migrate_to_chat_id":-1001234567890}})",
     "503 moved -1001234567890"},
    {telegram, 400, R"({"ok":false,"error_code":400,"description":"can't parse entities"})",
     "400 hopeless"},
    {telegram, 403, R"({"ok":false,"error_code":403,"description":"bot was kicked"})", "403"},
    {telegram, 200, R"({"ok":false})", "400 hopeless"},
    {telegram, 200, R"({"ok":false,"parameters":7})", "400 hopeless"},
    {matrix, 200, R"({"event_id":"$x"})", "200"},
    {matrix, 200, "{}", "502"},
    {matrix, 429, R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500})", "429 wait 1500"},
    {matrix, 403, R"({"errcode":"M_FORBIDDEN"})", "403"},
    {matrix, 413, "", "413 hopeless"},
    {pagerduty, 202, R"({"status":"success"})", "202"},
    {pagerduty, 400, R"({"status":"invalid event"})", "400 hopeless"},
    {pagerduty, 429, "", "429"},
    {pagerduty, 500, "", "500"},
    {alertmanager, 200, "", "200"},
    {alertmanager, 400, "\"at least one label pair required\"", "400 hopeless"},
    {ntfy, 200, R"({"id":"x"})", "200"},
    {ntfy, 429, "", "429"},
    {webhook, 200, "anything", "200"},
    {webhook, 410, "", "410"},
};

std::string print(const Meaning& meaning) {
  std::string text = std::to_string(meaning.status);
  if (meaning.wait) text += " wait " + std::to_string(meaning.wait->count());
  if (meaning.hopeless) text += " hopeless";
  if (!meaning.moved_to.empty()) text += " moved " + meaning.moved_to;
  return text;
}

}  // namespace

TEST_CASE("an answer means what its service says it means") {
  for (const Row& row : rows) {
    INFO(sink_type_names[static_cast<std::size_t>(row.type)] << ' ' << row.status << ' '
                                                             << row.body);
    HttpResponse response;
    response.status = row.status;
    response.body = row.body;
    CHECK(print(meaning_of(row.type, response)) == row.means);
  }
}

TEST_CASE("a meaning is said as HTTP says it") {
  HttpResponse response;
  response.headers.add("x-other", "1");
  say_as_http({.status = 429, .wait = Millis{1'500}}, response);
  CHECK(response.status == 429);
  CHECK(response.headers.find("retry-after") == "2");
  HttpResponse bad;
  say_as_http({.status = 400, .wait = {}, .hopeless = true}, bad);
  CHECK(bad.headers.find("webhook-delivery") == "abort-message");
}
