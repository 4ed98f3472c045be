#include "daemon/outbox/webhook_body.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view cut_mark = "…";

// Bytes of the longest forms; every field is cut to its share.
constexpr std::size_t name_bytes = 300;
constexpr std::size_t address_bytes = 2'000;
constexpr std::size_t summary_bytes = 2'000;
constexpr std::size_t why_bytes = 1'000;
constexpr std::size_t text_bytes = 8'000;

// Cuts before a character, never within one. A character has at most three bytes
// after its first; more of them are no UTF-8 and may be cut anywhere.
std::string_view prefix_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u)
    --end;
  return text.substr(0, end);
}

// Builds `data` with every text at most its share divided by `divisor`.
class Cutter {
 public:
  explicit Cutter(std::size_t divisor) : divisor_(divisor) {}

  std::string text(const char* field, std::string_view value, std::size_t share) {
    const std::string_view kept = prefix_of(value, share / divisor_);
    if (kept.size() == value.size()) return std::string(value);
    cut_.push_back(field);
    return std::string(kept).append(cut_mark);
  }

  Json address(const char* field, std::string_view value) {
    if (value.empty()) return nullptr;
    if (value.size() <= address_bytes / divisor_) return std::string(value);
    cut_.push_back(field);
    return nullptr;
  }

  const std::vector<std::string>& cut() const { return cut_; }

 private:
  std::size_t divisor_;
  std::vector<std::string> cut_;
};

// `actor` and `platform` are cut already.
std::string headline(const Message& message, const std::string& actor,
                     const std::string& platform) {
  const std::string seen = actor + ": " + std::string(name_of(message.surface)) + " on " + platform;
  if (message.finding.needs_review)
    return "Needs review: " + seen + "; it could not be decided whether the rule applies";
  if (message.finding.severity == Severity::breach) return seen + " posted during the window";
  return seen + " matched the rule";
}

}  // namespace

std::string headline_of(const Message& message) {
  return headline(message, message.actor, message.platform);
}

std::string_view notice_for(FindingState state) {
  switch (state) {
    case FindingState::confirmed:
      return "A rule matched a public post, and people have reviewed it and confirm that it "
             "appeared in the window.";
    case FindingState::excused:
      return "A rule matched a public post; people have excused it.";
    case FindingState::dismissed:
      return "A rule matched a public post; people have dismissed this: it does not count.";
    case FindingState::open:
      break;
  }
  return "A rule matched a public post. People have not reviewed this yet; it is no statement "
         "about whether a pledge was kept.";
}

namespace {

Json interval_of(Interval interval) {
  return {{"from", print_rfc3339(interval.start)}, {"to", print_rfc3339(interval.end)}};
}

Json data_of(const Message& message, std::size_t divisor) {
  const Finding& finding = message.finding;
  Cutter cutter(divisor);
  Json data;
  data["permalink"] = cutter.address("permalink", message.post_url);
  data["log_index"] = message.log_index ? Json(*message.log_index) : Json(nullptr);
  const std::string actor = cutter.text("actor", message.actor, name_bytes);
  const std::string platform = cutter.text("platform", message.platform, name_bytes);
  data["headline"] = headline(message, actor, platform);
  data["needs_review"] = finding.needs_review;
  if (finding.needs_review) data["why"] = cutter.text("why", finding.why, why_bytes);
  data["state"] = name_of(finding.state);
  data["notice"] = notice_for(finding.state);
  data["summary"] = cutter.text("summary", finding.summary, summary_bytes);
  data["campaign"] = cutter.text("campaign", message.campaign, name_bytes);
  data["actor"] = actor;
  data["account"] = cutter.text("account", message.account, name_bytes);
  data["platform"] = platform;
  data["surface"] = name_of(message.surface);
  data["rule"] = cutter.text("rule", finding.rule, name_bytes);
  data["severity"] = name_of(finding.severity);
  data["finding"] = cutter.text("finding", finding.id, name_bytes);
  data["post"] = cutter.text("post", finding.post_id, name_bytes);
  data["appeared"] = interval_of(finding.appeared);
  data["claimed_at"] =
      message.claimed_at ? Json(print_rfc3339(*message.claimed_at)) : Json(nullptr);
  data["post_text"] = cutter.text("post_text", message.post_text, text_bytes);
  if (!cutter.cut().empty()) data["cut"] = cutter.cut();
  return data;
}

// Control characters and bytes that are no UTF-8 take up to six bytes in JSON,
// so the shares are halved until the whole fits; at 1/64 it always does.
template <class DataOf>
std::string fitted(const char* type, Instant at, DataOf data_with) {
  std::string body;
  for (std::size_t divisor = 1; divisor <= 64; divisor *= 2) {
    Json payload;
    payload["type"] = type;
    payload["timestamp"] = print_rfc3339(at);
    payload["data"] = data_with(divisor);
    body = payload.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (body.size() <= webhook_body_bytes_max) break;
  }
  return body;
}

Json correction_data(const Message& message, const Correction& correction, std::size_t divisor) {
  const Finding& finding = message.finding;
  Cutter cutter(divisor);
  Json data;
  data["permalink"] = cutter.address("permalink", message.post_url);
  data["headline"] =
      cutter.text("headline", correction_headline(message, correction), 2 * name_bytes);
  data["finding"] = cutter.text("finding", finding.id, name_bytes);
  data["was"] = name_of(correction.was);
  data["state"] = name_of(finding.state);
  data["contradicted"] = correction.contradicted;
  data["notice"] = notice_for(finding.state);
  if (!correction.reason.empty())
    data["reason"] = cutter.text("reason", correction.reason, why_bytes);
  data["campaign"] = cutter.text("campaign", message.campaign, name_bytes);
  data["actor"] = cutter.text("actor", message.actor, name_bytes);
  data["account"] = cutter.text("account", message.account, name_bytes);
  data["rule"] = cutter.text("rule", finding.rule, name_bytes);
  if (!cutter.cut().empty()) data["cut"] = cutter.cut();
  return data;
}

}  // namespace

std::string correction_headline(const Message& message, const Correction& correction) {
  const std::string what = "Correction: " + message.actor + ", " +
                           std::string(name_of(message.surface)) + " on " + message.platform;
  switch (message.finding.state) {
    case FindingState::confirmed:
      return what + ": now confirmed by review";
    case FindingState::excused:
      return what + ": excused";
    case FindingState::dismissed:
      return what + ": dismissed, it does not count";
    case FindingState::open:
      break;
  }
  return what + (correction.contradicted
                     ? ": no longer confirmed, reviewers disagree"
                     : ": no longer " + std::string(name_of(correction.was)) + ", under review");
}

std::string webhook_body(const Message& message) {
  return fitted("pledgewatch.finding", message.finding.found_at,
                [&](std::size_t divisor) { return data_of(message, divisor); });
}

std::string correction_body(const Message& message, const Correction& correction) {
  return fitted("pledgewatch.correction", correction.at,
                [&](std::size_t divisor) { return correction_data(message, correction, divisor); });
}

std::string cloud_event(std::string_view body, std::string_view id, std::string_view source) {
  Json payload = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!payload.is_object()) return {};
  Json event = {{"specversion", "1.0"},
                {"id", id},
                {"source", source},
                {"type", payload.value("type", "pledgewatch.finding")},
                {"time", payload.value("timestamp", "")},
                {"datacontenttype", "application/json"},
                {"data", std::move(payload["data"])}};
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace pw
