#include "daemon/outbox/notice.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "daemon/outbox/text_limits.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> kind_names = {"finding", "group",     "correction",
                                                        "summary", "operators", "test"};
constexpr std::size_t items_max = 20;
constexpr std::size_t quote_points_max = 4'000;
constexpr std::size_t line_points_max = 500;

std::string line(std::string_view text) {
  return cut_text(clean_text(text, /*lines=*/false), line_points_max, Unit::points);
}

std::size_t gravity(std::string_view severity) {
  constexpr std::array<std::string_view, 3> rising = {"note", "warning", "breach"};
  const auto it = std::find(rising.begin(), rising.end(), severity);
  return it == rising.end() ? 0 : static_cast<std::size_t>(it - rising.begin()) + 1;
}

void add_fact(Notice& notice, const char* name, std::string_view value) {
  if (!value.empty()) notice.facts.push_back({name, line(value)});
}

void describe(Notice& notice, const Message& message) {
  const Finding& finding = message.finding;
  notice.severity = name_of(finding.severity);
  notice.link = message.post_url;
  notice.campaign = line(message.campaign);
  notice.key = finding.id;
  notice.rule = line(finding.rule);
  notice.actor = line(message.actor);
  notice.account = line(message.account);
  if (message.log_index) add_fact(notice, "Log entry", std::to_string(*message.log_index));
  add_fact(notice, "Account", message.account);
  add_fact(notice, "Rule", finding.rule);
  add_fact(notice, "State", name_of(finding.state));
}

}  // namespace

Notice notice_of(const Message& message) {
  Notice notice;
  notice.title = line(headline_of(message));
  notice.at = message.finding.found_at;
  describe(notice, message);
  add_fact(notice, "Appeared",
           print_rfc3339(message.finding.appeared.start) + " to " +
               print_rfc3339(message.finding.appeared.end));
  if (message.finding.needs_review) add_fact(notice, "Undecided", message.finding.why);
  add_fact(notice, "Finding", message.finding.id);
  notice.quote =
      cut_text(clean_text(message.post_text, /*lines=*/true), quote_points_max, Unit::points);
  notice.text = notice_for(message.finding.state);
  return notice;
}

Notice notice_of(const Message& message, const Correction& correction) {
  Notice notice;
  notice.kind = Notice::Kind::correction;
  notice.title = line(correction_headline(message, correction));
  notice.at = correction.at;
  describe(notice, message);
  add_fact(notice, "Was", name_of(correction.was));
  add_fact(notice, "Reason", correction.reason);
  add_fact(notice, "Finding", message.finding.id);
  notice.text = notice_for(message.finding.state);
  notice.resolves = message.finding.state == FindingState::excused ||
                    message.finding.state == FindingState::dismissed;
  return notice;
}

void NoticeGroup::add(Notice notice) {
  notice.facts.clear();
  notice.quote.clear();
  if (size_++ == 0) {
    severity_ = notice.severity;
    at_ = notice.at;
  } else {
    one_actor_ = one_actor_ && notice.actor == first_.front().actor;
    one_rule_ = one_rule_ && notice.rule == first_.front().rule;
    if (gravity(notice.severity) > gravity(severity_)) severity_ = notice.severity;
    at_ = std::max(at_, notice.at);
  }
  if (first_.size() < items_max) first_.push_back(std::move(notice));
}

Notice NoticeGroup::notice() const {
  Notice group = first_.front();
  group.kind = Notice::Kind::group;
  group.title = std::to_string(size_) + " findings" +
                (one_actor_  ? ": " + group.actor
                 : one_rule_ ? ": " + group.rule
                             : "");
  group.severity = severity_;
  group.at = at_;
  for (const Notice& notice : first_) group.items.push_back({notice.title, notice.link});
  if (size_ > items_max)
    group.text = "And " + std::to_string(size_ - items_max) + " more; " +
                 std::string(where_all_are) + " " + group.text;
  return group;
}

std::string print_notice(const Notice& n) {
  Json json = {{"kind", kind_names[static_cast<std::size_t>(n.kind)]},
               {"title", n.title},
               {"severity", n.severity},
               {"link", n.link},
               {"facts", Json::array()},
               {"items", Json::array()},
               {"quote", n.quote},
               {"text", n.text},
               {"campaign", n.campaign},
               {"key", n.key},
               {"rule", n.rule},
               {"actor", n.actor},
               {"account", n.account},
               {"resolves", n.resolves},
               {"at", print_rfc3339(n.at)}};
  for (const NoticeFact& fact : n.facts) json["facts"].push_back({fact.name, fact.value});
  for (const NoticeItem& item : n.items) json["items"].push_back({item.title, item.link});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Notice> parse_notice(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  Notice n;
  try {
    const auto kind =
        std::find(kind_names.begin(), kind_names.end(), json.at("kind").get<std::string>());
    const auto at = parse_rfc3339(json.at("at").get<std::string>());
    if (kind == kind_names.end() || !at) return Error{Errc::malformed, "no notice of ours"};
    n.kind = static_cast<Notice::Kind>(kind - kind_names.begin());
    n.at = *at;
    const std::pair<const char*, std::string*> texts[] = {
        {"title", &n.title}, {"severity", &n.severity}, {"link", &n.link}, {"quote", &n.quote},
        {"text", &n.text},   {"campaign", &n.campaign}, {"key", &n.key},   {"rule", &n.rule},
        {"actor", &n.actor}, {"account", &n.account}};
    for (const auto& [name, member] : texts) *member = json.at(name).get<std::string>();
    n.resolves = json.at("resolves").get<bool>();
    for (const Json& fact : json.at("facts"))
      n.facts.push_back({fact.at(0).get<std::string>(), fact.at(1).get<std::string>()});
    for (const Json& item : json.at("items"))
      n.items.push_back({item.at(0).get<std::string>(), item.at(1).get<std::string>()});
  } catch (const Json::exception&) {
    return Error{Errc::malformed, "no notice of ours"};
  }
  return n;
}

std::string plain_text(const Notice& notice) {
  std::string text;
  const auto add = [&](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : "\n") + more;
  };
  add(notice.link);
  for (const NoticeFact& fact : notice.facts) add(fact.name + ": " + fact.value);
  for (const NoticeItem& item : notice.items)
    add("- " + item.title + (item.link.empty() ? "" : " " + item.link));
  add(notice.text);
  if (!notice.quote.empty()) add("\n“" + notice.quote + "”");
  return text;
}

}  // namespace pw
