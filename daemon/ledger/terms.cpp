#include "daemon/ledger/terms.h"

#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> status_names = {"confirmed", "declared", "rumoured",
                                                          "withdrawn"};

// Terms are not bound to a leaf's size; this protects readers from one endless name.
constexpr std::size_t terms_text_bytes_max = 20'000;
std::string text(std::string_view value) { return clean_text(value, terms_text_bytes_max); }

json to_json(const Window& window) {
  json object = {{"span", print_interval(window.span)},
                 {"zone", text(window.zone)},
                 {"grace_ms", printable_ms(window.grace)},
                 {"zone_assumed", window.zone_assumed}};
  object["certain"] = print_interval(window.certain);
  object["possible"] = print_interval(window.possible);
  return object;
}

json to_json(const Exemption& exemption) {
  return {{"surfaces", print_surface_list(exemption.surfaces)},
          {"span", print_interval(exemption.span)},
          {"reason", text(exemption.reason)}};
}

json to_json(const Pledge& pledge) {
  json windows = json::array();
  for (const Window& window : pledge.windows) windows.push_back(to_json(window));
  json exemptions = json::array();
  for (const Exemption& exemption : pledge.exemptions) exemptions.push_back(to_json(exemption));
  return {{"actor", text(pledge.actor)},
          {"status", std::string(status_names[static_cast<std::size_t>(pledge.status)])},
          {"source", text(pledge.source)},
          {"text_version", text(pledge.text_version)},
          {"windows", std::move(windows)},
          {"surfaces", print_surface_list(pledge.surfaces)},
          {"statements_allowed", pledge.statements_allowed},
          {"exemptions", std::move(exemptions)}};
}

json to_json(const AccountTerms& terms) {
  json object = {{"number", terms.account.number},
                 {"pledge", terms.account.pledge},
                 {"platform", text(terms.account.platform)},
                 {"handle", text(terms.account.handle)},
                 {"host", text(terms.account.host)},
                 {"id", text(terms.account.id)},
                 {"interval_ms", printable_ms(terms.interval)},
                 {"gap_max_ms", printable_ms(terms.gap_max)},
                 {"lag_ms", printable_ms(terms.lag)},
                 {"sees", print_surface_list(terms.sees)},
                 {"stable_id", terms.stable_id},
                 {"list_proves", terms.list_proves},
                 {"blind_spots", text(terms.blind_spots)}};
  if (terms.hides_backdated) object["hides_backdated"] = true;
  if (terms.canary > Millis{0}) object["canary_ms"] = printable_ms(terms.canary);
  return object;
}

// Reads each member of a list with `read`; the first error stops.
template <class T, class Read>
std::optional<Error> read_list(const json* list, std::vector<T>& into, Read&& read) {
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    Fields fields((*list)[i]);
    T item;
    std::optional<Error> wrong = read(fields, item);
    if (!wrong) wrong = fields.finish();
    if (wrong) return wrong;
    into.push_back(std::move(item));
  }
  return std::nullopt;
}

std::optional<Error> read_window(Fields& fields, Window& window) {
  window.span = fields.interval("span");
  window.certain = fields.interval("certain");
  window.possible = fields.interval("possible");
  window.zone = fields.text("zone");
  window.zone_assumed = fields.flag("zone_assumed");
  window.grace = fields.span("grace_ms");
  return std::nullopt;
}

std::optional<Error> read_exemption(Fields& fields, Exemption& exemption) {
  exemption.surfaces = fields.surfaces("surfaces");
  exemption.span = fields.interval("span");
  exemption.reason = fields.text("reason");
  return std::nullopt;
}

std::optional<Error> read_pledge(Fields& fields, Pledge& pledge) {
  pledge.actor = fields.text("actor");
  pledge.status = fields.name<PledgeStatus>("status", status_names);
  pledge.source = fields.text("source");
  pledge.text_version = fields.text("text_version");
  pledge.surfaces = fields.surfaces("surfaces");
  pledge.statements_allowed = fields.integer<int>("statements_allowed");
  auto wrong = read_list(fields.list("windows"), pledge.windows, read_window);
  if (!wrong) wrong = read_list(fields.list("exemptions"), pledge.exemptions, read_exemption);
  return wrong;
}

std::optional<Error> read_account(Fields& fields, AccountTerms& terms) {
  terms.account.number = fields.integer<AccountNumber>("number");
  terms.account.pledge = fields.integer<std::uint32_t>("pledge");
  terms.account.platform = fields.text("platform");
  terms.account.handle = fields.text("handle");
  terms.account.host = fields.text("host");
  terms.account.id = fields.text("id");
  terms.interval = fields.span("interval_ms");
  terms.gap_max = fields.span("gap_max_ms");
  terms.lag = fields.span("lag_ms");
  terms.sees = fields.surfaces("sees");
  terms.stable_id = fields.flag("stable_id");
  terms.list_proves = fields.flag("list_proves");
  terms.blind_spots = fields.text("blind_spots");
  if (fields.has("hides_backdated")) terms.hides_backdated = fields.flag("hides_backdated");
  if (fields.has("canary_ms")) terms.canary = fields.span("canary_ms");
  return std::nullopt;
}

std::optional<Error> read_terms(const json& value, Terms& terms) {
  Fields fields(value);
  if (fields.text("type") != "terms") fields.fail("not of type terms");
  terms.campaign = fields.text("campaign");
  terms.publish_needs = fields.integer<int>("publish_needs");
  terms.gap_ceiling = fields.span("gap_ceiling_ms");
  terms.sweep = fields.span("sweep_ms");
  terms.sweep_again = fields.span("sweep_again_ms");
  terms.closes = fields.span("closes_ms");
  auto wrong = read_list(fields.list("pledges"), terms.pledges, read_pledge);
  if (!wrong) wrong = read_list(fields.list("accounts"), terms.accounts, read_account);
  return wrong ? wrong : fields.finish();
}

template <class T>
void append_list(std::string& out, std::string_view start, const std::vector<T>& list) {
  out += start;
  for (const T& item : list) {
    if (&item != list.data()) out += ',';
    out += *print_jcs(to_json(item));
  }
  out += ']';
}

void append_number(std::string& out, std::string_view name, std::int64_t value) {
  out += ",\"";
  out += name;
  out += "\":" + print_number(static_cast<double>(value));
}

}  // namespace

// Member by member in JCS's order of names: as one JSON value the terms of a
// hundred thousand accounts would need some ten times their size in memory.
std::string encode_terms(const Terms& terms) {
  std::string out;
  append_list(out, "{\"accounts\":[", terms.accounts);
  out += ",\"campaign\":";
  append_quoted(out, text(terms.campaign));
  append_number(out, "closes_ms", printable_ms(terms.closes));
  append_number(out, "gap_ceiling_ms", printable_ms(terms.gap_ceiling));
  append_list(out, ",\"pledges\":[", terms.pledges);
  append_number(out, "publish_needs", terms.publish_needs);
  append_number(out, "sweep_again_ms", printable_ms(terms.sweep_again));
  append_number(out, "sweep_ms", printable_ms(terms.sweep));
  return out += ",\"type\":\"terms\"}";
}

Result<Terms> decode_terms(std::string_view bytes) {
  if (bytes.size() > object_bytes_max) return Error{Errc::malformed, "terms that are too long"};
  const auto value = parse_json(bytes);
  if (!value) return value.error();
  Terms terms;
  if (const auto wrong = read_terms(*value, terms)) return *wrong;
  for (const AccountTerms& account : terms.accounts) {
    if (account.account.pledge >= terms.pledges.size()) {
      return Error{Errc::malformed, "an account of a pledge that is not there"};
    }
  }
  if (encode_terms(terms) != bytes) return Error{Errc::malformed, "terms not in canonical form"};
  return terms;
}

}  // namespace pw
