#include <algorithm>
#include <array>

#include "config/accepted_keys.h"
#include "config/handle.h"
#include "config/load_sections.h"
#include "config/misnamed.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t label_bytes_max = 100;
constexpr std::size_t credentials_max = 10'000;

void load_budget(const YamlField& field, int& count, Millis& span) {
  if (!field.is_present()) return;
  constexpr std::string_view what = "a budget such as 150/h or 300/5m";
  if (!field.is_text()) {
    field.wrong_kind(what);
    return;
  }
  const std::optional<std::string> text = field.text();
  if (!text) return;
  if (const auto budget = parse_budget(*text)) {
    count = budget->count;
    span = budget->span;
  } else {
    field.error("expected " + std::string(what) + ", got " + in_quotes(*text));
  }
}

// The secret's own name says which member brought it.
std::string default_label(const YamlField& token, std::string_view connector, std::size_t index) {
  if (const std::string* name = token.peek("credential")) return *name;
  return std::string(connector) + '-' + std::to_string(index + 1);
}

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void load_user_id(const YamlField& field, const ConnectorConfig& connector, std::string& id) {
  if (connector.name == "instagram" && !field.is_present()) return;
  take(id, field.text(label_bytes_max));
  if (connector.name == "instagram" && !is_number(id))
    field.warning("an Instagram user id is a number, not " + in_quotes(id));
}

// The handle of the account that its own token reads, as a roster would name it.
void load_own_account(const YamlField& field, const ConnectorConfig& connector,
                      std::string& account) {
  const std::optional<std::string> text = field.text(handle_bytes_max);
  if (!text) return;
  if (connector.name != "instagram") {
    field.error("only instagram reads an account by its owner's own token");
    return;
  }
  std::string why;
  if (const auto handle = handle_from(connector.name, *text, why)) {
    account = lower_text(*handle);
  } else {
    field.error(in_quotes(*text) + ' ' + why);
  }
}

void load_expires(const YamlField& field, CredentialConfig& credential) {
  const std::optional<std::string> text = field.text();
  if (!text) return;
  credential.expires = parse_rfc3339(*text);
  if (!credential.expires)
    field.error("expected a moment such as 2020-11-14T09:00:00Z, got " + in_quotes(*text));
}

void load_credential(const YamlField& field, const LoadContext& context,
                     ConnectorConfig& connector) {
  const auto map = field.map(keys::credential, /*nothing_is_map=*/false);
  if (!map) return;
  CredentialConfig credential;
  const YamlField token = map->required("token");
  credential.label = default_label(token, connector.name, connector.credentials.size());
  take(credential.label, map->field("label").text(label_bytes_max));
  credential.app = credential.label;
  take(credential.app, map->field("app").text(label_bytes_max));
  load_own_account(map->field("account"), connector, credential.account);
  const bool names_user = connector.name == "instagram" && !map->field("account").is_present();
  load_user_id(names_user ? map->required("user_id") : map->field("user_id"), connector,
               credential.user_id);
  take(credential.token, load_secret(token, context, /*text_is_fine=*/false));
  if (const YamlField proof = map->field("app_secret"); proof.is_present()) {
    credential.app_secret = load_secret(proof, context, /*text_is_fine=*/false);
  }
  load_expires(map->field("expires"), credential);
  load_budget(map->required("budget"), credential.budget, credential.budget_window);
  const auto& others = connector.credentials;
  if (std::any_of(others.begin(), others.end(),
                  [&](const CredentialConfig& other) { return other.label == credential.label; })) {
    field.error("two credentials are labelled " + in_quotes(credential.label));
  }
  connector.credentials.push_back(std::move(credential));
}

// A base may hold "{host}" and a path; it is put in front of every request.
void load_base(const YamlField& field, std::string& base) {
  const std::optional<std::string> text = field.text(2'048);
  if (!text) return;
  if (!is_http_address(*text)) {
    field.error("expected an http or https address, got " + in_quotes(*text));
  } else if (text->find_first_of("?#") != std::string::npos) {
    field.error("must have neither query nor fragment");
  } else {
    base = *text;
  }
}

void load_api_version(const YamlField& field, std::string& version) {
  const std::optional<std::string> text = field.text(32);
  if (!text) return;
  const std::string_view digits = std::string_view(*text).substr(1);
  const std::size_t point = digits.find('.');
  const bool is_version = text->starts_with('v') && point != std::string_view::npos && point > 0 &&
                          point + 1 < digits.size() && is_number(digits.substr(0, point)) &&
                          is_number(digits.substr(point + 1));
  if (is_version) {
    version = *text;
  } else {
    field.error("expected a version such as v25.0, got " + in_quotes(*text));
  }
}

void load_stream(const YamlField& field, ConnectorConfig& connector) {
  if (!field.is_present()) return;
  constexpr std::array<std::string_view, 1> streams = {"jetstream"};
  if (connector.name != "bluesky") {
    field.error("only bluesky has a stream");
  } else if (const auto chosen = field.name_of(streams, "stream")) {
    connector.stream = std::string(*chosen);
  }
}

void load_stream_url(const YamlField& field, ConnectorConfig& connector) {
  const std::optional<std::string> text = field.text(2'048);
  if (!text) return;
  const bool is_socket = text->starts_with("wss://") || text->starts_with("ws://");
  if (!is_socket || text->find_first_of("?# ") != std::string::npos) {
    field.error("expected a wss or ws address without a query, got " + in_quotes(*text));
  } else if (connector.stream.empty()) {
    field.error("has no meaning without stream: jetstream");
  } else {
    connector.stream_url = *text;
  }
}

// Where a hub reaches us has to be public, and may be known: what makes it ours is
// the key behind it.
void load_hub(const YamlMap& map, ConnectorConfig& connector) {
  for (const auto& [key, place] :
       {std::pair{"callback", &connector.callback}, std::pair{"hub", &connector.hub}}) {
    const YamlField field = map.field(key);
    if (!field.is_present()) continue;
    if (connector.name == "youtube" || (connector.name == "x" && place == &connector.callback))
      load_base(field, *place);
    else if (place == &connector.callback)
      field.error("only youtube and x tell of news at an address of ours");
    else
      field.error("only youtube has a hub that tells of news");
    while (place->ends_with('/')) place->pop_back();
  }
  if (!connector.hub.empty() && connector.callback.empty()) {
    map.field("hub").error("has no meaning without callback: the address at which it reaches us");
  }
}

// X calls https addresses without a port alone, proves itself by one app's secret, and that
// app's token subscribes. After the credentials.
void check_callback(const YamlMap& map, const ConnectorConfig& connector) {
  if (connector.name != "x" || connector.callback.empty()) return;
  const YamlField field = map.field("callback");
  constexpr std::string_view scheme = "https://";
  const std::string_view address = connector.callback;
  const bool is_secure = address.starts_with(scheme);
  const std::string_view host = address.substr(address.find("//") + 2);
  if (!is_secure || host.substr(0, host.find('/')).find(':') != std::string_view::npos)
    field.error("X calls https addresses without a port alone, not " + in_quotes(address));
  const auto& credentials = connector.credentials;
  const auto apps = std::count_if(credentials.begin(), credentials.end(),
                                  [](const CredentialConfig& one) { return !!one.app_secret; });
  if (apps == 1) return;
  field.error(apps == 0 ? "needs app_secret under a credential: X's consumer secret, with which "
                          "it signs what it tells"
                        : "takes one app: app_secret stands under several credentials");
}

// Only some accounts live on servers of their own.
void load_home(const YamlMap& map, ConnectorConfig& connector) {
  for (const auto& [key, place] :
       {std::pair{"home", &connector.home}, std::pair{"directory", &connector.directory}}) {
    const YamlField field = map.field(key);
    if (!field.is_present()) continue;
    if (connector.name != "bluesky")
      field.error("only bluesky accounts live on a server that has to be found");
    else
      load_base(field, *place);
  }
}

// Which terms it answers is the connector's to say; "yes" answers none.
void load_attestation(const YamlField& field, std::string& attest) {
  constexpr std::size_t bytes_min = 16;
  const std::optional<std::string> text = field.text(1'000);
  if (!text) return;
  if (text->size() < bytes_min || has_controls(*text)) {
    field.error(
        "must say in a sentence whose permission you hold, as in \"I hold X's written "
        "approval of 3 March for this campaign\"");
  } else {
    attest = *text;
  }
}

void load_connector(const YamlField& field, const LoadContext& context,
                    ConnectorConfig& connector) {
  const auto map = field.map(keys::connector, /*nothing_is_map=*/true);
  if (!map) return;
  load_base(map->field("base"), connector.base);
  load_api_version(map->field("api_version"), connector.api_version);
  load_allowance(*map, connector.allowance);
  connector.interval = map->field("interval").duration(seconds(1), hours(24 * 7));
  take(connector.interval_floor, map->field("interval_floor").duration(Millis{1}, hours(24 * 7)));
  load_budget(map->field("host_budget"), connector.host_budget, connector.host_budget_window);
  connector.pages_max = map->field("pages_max").number(1, 1'000);
  connector.lag = map->field("lag").duration(Millis{0}, hours(24 * 7));
  load_stream(map->field("stream"), connector);
  load_stream_url(map->field("stream_url"), connector);
  load_home(*map, connector);
  load_hub(*map, connector);
  load_attestation(map->field("attest"), connector.attest);
  take(connector.definition, load_path(map->field("definition"), context));
  const std::vector<YamlField> credentials = map->field("credentials").items(false);
  if (credentials.size() > credentials_max) {
    map->field("credentials").error("more than " + std::to_string(credentials_max));
    return;
  }
  for (const YamlField& item : credentials) load_credential(item, context, connector);
  check_callback(*map, connector);
}

bool is_platform_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// A platform of the operator's own: any name, with a definition's file.
bool is_custom(const YamlField& pair) {
  return is_platform_name(pair.key()) && pair.peek("definition") != nullptr;
}

}  // namespace

void load_connectors(const YamlField& field, const LoadContext& context, Config& config) {
  const std::vector<YamlField> pairs = field.pairs();
  if (pairs.empty() && field.is_map()) field.error("names no connector");
  for (const YamlField& pair : pairs) {
    const auto known = context.known_connectors;
    const bool is_built_in = std::find(known.begin(), known.end(), pair.key()) != known.end();
    if (!is_built_in && !is_custom(pair)) {
      Misnamed found = misnamed("connector", pair.key(), known);
      pair.error_at_key(std::move(found.message), std::move(found.nearest));
      continue;
    }
    ConnectorConfig connector{.name = std::string(pair.key()), .place = pair.key_place()};
    load_connector(pair, context, connector);
    if (is_built_in && !connector.definition.empty()) {
      pair.error_at_key(pair.path() + " is built in and takes no definition", {});
    }
    config.connectors.insert_or_assign(connector.name, connector);
  }
}

}  // namespace pw
