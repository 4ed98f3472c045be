#include "connectors/meta_token.h"

#include <algorithm>

#include "connectors/meta_answer.h"
#include "connectors/meta_error.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::int64_t seconds_max = 253'402'300'799;  // the year 9999
constexpr std::size_t scopes_max = 100;
constexpr std::int64_t invalid_session = 102;
constexpr std::int64_t invalid_token = 190;

std::optional<Instant> moment_in(JsonObject data, std::string_view key) {
  const std::int64_t seconds = json_integer(data, key).value_or(0);
  if (seconds <= 0 || seconds > seconds_max) return std::nullopt;
  return instant_of_ms(seconds * 1000);
}

}  // namespace

HttpRequest graph_token_request(const ConnectorSettings& settings, const GraphHome& home,
                                const Credential& credential) {
  const Account nobody;
  return graph_request(settings, home, {.account = nobody, .credential = &credential},
                       "debug_token", "input_token=" + percent_encode(credential.token));
}

std::variant<TokenLife, Trouble> graph_token_in(const HttpResponse& response) {
  const Account nobody;
  const auto error = meta_error_in(response.body);
  // It asks about itself: that it is refused is the answer.
  if (error && (error->code == invalid_token || error->code == invalid_session))
    return TokenLife{.valid = false};
  auto answer = graph_object_in({.account = nobody}, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const auto data = json_object(std::get<JsonObject>(answer), "data");
  const auto valid = data ? json_flag(*data, "is_valid") : std::nullopt;
  if (!valid) return graph_malformed("an answer about a token without a word on it");
  TokenLife life;
  life.valid = *valid;
  life.ends = moment_in(*data, "expires_at");
  const auto access_ends = moment_in(*data, "data_access_expires_at");
  if (access_ends) life.ends = std::min(life.ends.value_or(*access_ends), *access_ends);
  if (const auto scopes = json_array(*data, "scopes")) {
    for (const JsonElement scope : *scopes) {
      std::string_view name;
      if (life.scopes.size() < scopes_max && !scope.get(name)) life.scopes.emplace_back(name);
    }
  }
  return life;
}

}  // namespace pw
