#include "daemon/ledger/entry.h"

#include <algorithm>
#include <cassert>

#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/looks_leaf.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> post_event_names = {"baseline", "appeared", "edited",
                                                              "removed", "restored"};

std::string print(Instant t) { return print_rfc3339(printable(t)); }
std::string print(const Digest& digest) { return print_hex(digest); }
// Names an enumerator, or a text as it is.
std::string name(std::string_view text) { return std::string(text); }

json to_json(const CampaignEntry& e) {
  json object = {{"type", e.amendment ? "amendment" : "campaign"},
                 {"at", print(e.at)},
                 {"campaign", printable_text(e.campaign)},
                 {"software", printable_text(e.software)},
                 {"terms", print(e.terms)},
                 {"rules", print(e.rules)},
                 {"connectors", print(e.connectors)}};
  if (e.amendment) {
    object["who"] = printable_text(e.who);
    object["why"] = printable_text(e.why);
  }
  return object;
}

json to_json(const RunEntry& e) {
  json object = {{"type", "run"}, {"at", print(e.at)}, {"event", printable_text(e.event)}};
  if (!e.detail.empty()) object["detail"] = printable_text(e.detail);
  return object;
}

json to_json(const PinEntry& e) {
  return {{"type", "pin"}, {"at", print(e.at)}, {"account", e.account}, {"id", print(e.id)}};
}

json to_json(const PostEntry& e) {
  return {{"type", "post"},
          {"account", e.account},
          {"event", name(post_event_names[static_cast<std::size_t>(e.event)])},
          {"commitment", print(e.commitment)},
          {"post", printable_text(e.post)},
          {"surface", name(name_of(e.surface))},
          {"appeared", print_interval(e.appeared)}};
}

json to_json(const FindingEntry& e) {
  const Finding& f = e.finding;
  json object = {{"type", "finding"},
                 {"at", print(e.at)},
                 {"finding", printable_text(f.id)},
                 {"account", f.account},
                 {"post", printable_text(f.post_id)},
                 {"rule", printable_text(f.rule)},
                 {"severity", name(name_of(f.severity))},
                 {"mode", name(name_of(f.mode))},
                 {"state", name(name_of(f.state))},
                 {"needs_review", f.needs_review},
                 {"appeared", print_interval(f.appeared)}};
  if (!f.why.empty()) object["why"] = printable_text(f.why);
  if (printable(f.found_at) != printable(e.at)) object["found_at"] = print(f.found_at);
  return object;
}

json to_json(const ReviewEntry& e) {
  json object = {{"type", "review"},
                 {"at", print(e.at)},
                 {"finding", printable_text(e.finding)},
                 {"reviewer", printable_text(e.reviewer)},
                 {"decision", name(name_of(e.decision))},
                 {"state", name(name_of(e.state))},
                 {"reason", print(e.reason)}};
  if (!e.act.empty()) object["act"] = printable_text(e.act);
  return object;
}

json to_json(const DeliveryEntry& e) {
  return {{"type", "delivery"},
          {"at", print(e.at)},
          {"delivery", printable_text(e.delivery)},
          {"sink", printable_text(e.sink)},
          {"finding", printable_text(e.finding)},
          {"attempt", e.attempt},
          {"result", printable_text(e.result)},
          {"http_status", e.http_status}};
}

json to_json(const EvidenceEntry& e) {
  return {{"type", "evidence"},
          {"at", print(e.at)},
          {"account", e.account},
          {"post", printable_text(e.post)},
          {"record", print(e.record)}};
}

json to_json(const ErasureEntry& e) {
  return {{"type", "erasure"},         {"at", print(e.at)},
          {"account", e.account},      {"post", printable_text(e.post)},
          {"reason", print(e.reason)}, {"who", printable_text(e.who)}};
}

json to_json(const HabitEntry& e) {
  return {{"type", "habit"},
          {"at", print(e.at)},
          {"account", e.account},
          {"known", print_interval(e.known)},
          {"span_ms", printable_ms(e.span)},
          {"spans", e.spans},
          {"silent", e.silent}};
}

CampaignEntry read_campaign(Fields& fields, bool amendment) {
  CampaignEntry e;
  e.amendment = amendment;
  e.at = fields.instant("at");
  e.campaign = fields.text("campaign");
  e.software = fields.text("software");
  e.terms = fields.digest("terms");
  e.rules = fields.digest("rules");
  e.connectors = fields.digest("connectors");
  if (amendment) e.who = fields.text("who");
  if (amendment) e.why = fields.text("why");
  return e;
}

RunEntry read_run(Fields& fields) {
  RunEntry e;
  e.at = fields.instant("at");
  e.event = fields.text("event");
  if (fields.has("detail")) e.detail = fields.text("detail");
  return e;
}

PinEntry read_pin(Fields& fields) {
  PinEntry e;
  e.at = fields.instant("at");
  e.account = fields.integer<AccountNumber>("account");
  e.id = fields.digest("id");
  return e;
}

PostEntry read_post(Fields& fields) {
  PostEntry e;
  e.account = fields.integer<AccountNumber>("account");
  e.event = fields.name<PostEvent>("event", post_event_names);
  e.commitment = fields.digest("commitment");
  e.post = fields.text("post");
  e.surface = fields.name<Surface>("surface", surface_names);
  e.appeared = fields.interval("appeared");
  return e;
}

FindingEntry read_finding(Fields& fields) {
  FindingEntry e;
  e.at = fields.instant("at");
  Finding& f = e.finding;
  f.id = fields.text("finding");
  f.account = fields.integer<AccountNumber>("account");
  f.post_id = fields.text("post");
  f.rule = fields.text("rule");
  f.severity = fields.name<Severity>("severity", severity_names);
  f.mode = fields.name<Mode>("mode", mode_names);
  f.state = fields.name<FindingState>("state", finding_state_names);
  f.needs_review = fields.flag("needs_review");
  f.appeared = fields.interval("appeared");
  if (fields.has("why")) f.why = fields.text("why");
  f.found_at = fields.has("found_at") ? fields.instant("found_at") : e.at;
  return e;
}

ReviewEntry read_review(Fields& fields) {
  ReviewEntry e;
  e.at = fields.instant("at");
  e.finding = fields.text("finding");
  e.reviewer = fields.text("reviewer");
  e.decision = fields.name<FindingState>("decision", finding_state_names);
  e.state = fields.name<FindingState>("state", finding_state_names);
  e.reason = fields.digest("reason");
  if (fields.has("act")) e.act = fields.text("act");
  return e;
}

DeliveryEntry read_delivery(Fields& fields) {
  DeliveryEntry e;
  e.at = fields.instant("at");
  e.delivery = fields.text("delivery");
  e.sink = fields.text("sink");
  e.finding = fields.text("finding");
  e.attempt = fields.integer<int>("attempt");
  e.result = fields.text("result");
  e.http_status = fields.integer<int>("http_status");
  return e;
}

EvidenceEntry read_evidence(Fields& fields) {
  EvidenceEntry e;
  e.at = fields.instant("at");
  e.account = fields.integer<AccountNumber>("account");
  e.post = fields.text("post");
  e.record = fields.digest("record");
  return e;
}

ErasureEntry read_erasure(Fields& fields) {
  ErasureEntry e;
  e.at = fields.instant("at");
  e.account = fields.integer<AccountNumber>("account");
  e.post = fields.text("post");
  e.who = fields.text("who");
  e.reason = fields.digest("reason");
  return e;
}

HabitEntry read_habit(Fields& fields) {
  HabitEntry e;
  e.at = fields.instant("at");
  e.account = fields.integer<AccountNumber>("account");
  e.known = fields.interval("known");
  e.span = fields.span("span_ms");
  e.spans = fields.integer<int>("spans");
  e.silent = fields.integer<int>("silent");
  if (e.silent < 0 || e.silent > e.spans) fields.fail("more silent spans than spans");
  return e;
}

std::optional<Entry> read_entry(Fields& fields, const std::string& type) {
  if (type == "campaign") return read_campaign(fields, /*amendment=*/false);
  if (type == "amendment") return read_campaign(fields, /*amendment=*/true);
  if (type == "run") return read_run(fields);
  if (type == "pin") return read_pin(fields);
  if (type == "post") return read_post(fields);
  if (type == "finding") return read_finding(fields);
  if (type == "review") return read_review(fields);
  if (type == "delivery") return read_delivery(fields);
  if (type == "evidence") return read_evidence(fields);
  if (type == "erasure") return read_erasure(fields);
  if (type == "habit") return read_habit(fields);
  return std::nullopt;
}

Result<Entry> decode_small(std::string_view leaf) {
  const Result<json> value = parse_json(leaf);
  if (!value) return value.error();
  Fields fields(*value);
  const std::string type = fields.text("type");
  const std::optional<Entry> entry = read_entry(fields, type);
  if (!entry) {
    return Error{Errc::malformed,
                 "an entry of unknown type '" + printable_text(type).substr(0, 40) + "'"};
  }
  if (const auto wrong = fields.finish()) return *wrong;
  return *entry;
}

// Both prints are ours, so nothing in them lacks a canonical form.
std::string print_small(const json& object) { return *print_jcs(object); }

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

// The same bytes as print_small(to_json(e)), without a tree: a first list makes as
// many of these as it has posts. Members stand in the order of their names.
std::string encode(const PostEntry& e) {
  if (!is_hex(e.post) || e.post.size() > leaf_text_bytes_max) return print_small(to_json(e));
  std::string out = "{\"account\":" + std::to_string(e.account) + ",\"appeared\":[\"";
  out.reserve(400);
  out += print(e.appeared.start);
  out += "\",\"";
  out += print(e.appeared.end);
  out += "\"],\"commitment\":\"";
  out += print(e.commitment);
  out += "\",\"event\":\"";
  out += post_event_names[static_cast<std::size_t>(e.event)];
  out += "\",\"post\":\"";
  out += e.post;
  out += "\",\"surface\":\"";
  out += name_of(e.surface);
  out += "\",\"type\":\"post\"}";
  return out;
}

std::string encode(const Entry& entry) {
  std::string leaf = std::visit(
      [](const auto& e) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(e)>, LooksEntry>) {
          return encode_looks_leaf(e.looks);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(e)>, PostEntry>) {
          return encode(e);
        } else {
          return print_small(to_json(e));
        }
      },
      entry);
  assert(leaf.size() <= leaf_bytes_max && "more looks than one leaf holds: use encode_looks");
  return leaf;
}

Result<Entry> decode(std::string_view leaf) {
  if (leaf.size() > leaf_bytes_max) return Error{Errc::malformed, "longer than a leaf may be"};
  if (is_looks_leaf(leaf)) {
    auto looks = decode_looks_leaf(leaf);
    if (!looks) return looks.error();
    return Entry{LooksEntry{std::move(*looks)}};
  }
  Result<Entry> entry = decode_small(leaf);
  if (entry && encode(*entry) != leaf) return Error{Errc::malformed, "not in canonical form"};
  return entry;
}

}  // namespace pw
