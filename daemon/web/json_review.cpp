#include "daemon/web/json_text.h"
#include "daemon/web/json_views.h"

namespace pw {
namespace {

constexpr std::size_t reason_bytes_max = 4000;

constexpr const char* expected =
    R"(expected {"decision": "confirmed", "excused", "dismissed" or "open", "reason": "…"}, or {"act": "note", "assign" or "answer"})";

// Whether each field that is there is a text.
bool has_texts(const Json& body) {
  for (const char* name : {"act", "decision", "reason", "assignee"}) {
    const auto it = body.find(name);
    if (it != body.end() && !it->is_string()) return false;
  }
  return true;
}

}  // namespace

std::string read_review_ask(std::string_view text, ReviewAsk& ask) {
  const Json body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !has_texts(body)) return expected;
  for (const auto& [name, value] : body.items()) {
    if (name != "act" && name != "decision" && name != "reason" && name != "assignee")
      return "a review has no field called " + std::string(json_name(name)) + "; " + expected;
  }
  const auto act = parse_review_act(body.value("act", "decide"));
  if (!act) return expected;
  ask.act = *act;
  ask.reason = body.value("reason", "");
  ask.assignee = body.value("assignee", "");
  if (ask.reason.size() > reason_bytes_max) return "the reason is too long";
  const auto decision = parse_finding_state(body.value("decision", ""));
  if (ask.act == ReviewAct::decide && !decision) return expected;
  ask.decision = decision.value_or(FindingState::open);
  return {};
}

int status_of(const Error& error) {
  switch (error.code) {
    case Errc::gone:
      return 404;
    case Errc::refused:
      return 409;
    case Errc::malformed:
      return 422;
    default:
      return 503;
  }
}

}  // namespace pw
