// Instagram's Business Discovery over the Graph API (platforms-meta 1 and 2).
#include <algorithm>
#include <variant>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/answer_shelf.h"
#include "daemon/rehearsal/field_expansion.h"
#include "daemon/rehearsal/graph_answer.h"
#include "daemon/rehearsal/instagram_media.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

GraphError not_found(const std::string& username) {
  return {.code = 110,
          .subcode = 2207013,
          .message = "Invalid user id",
          .title = "Cannot find User",
          .text = "The user with username: " + username + " cannot be found."};
}

GraphError no_such_field(const std::string& name) {
  if (name == "stories") {
    return {.code = 10, .message = "(#10) Application does not have permission for this action"};
  }
  return {.code = 100, .message = "(#100) Tried accessing nonexisting field (" + name + ")"};
}

constexpr int token_limit_code = 17;

using Answer = std::variant<ordered_json, GraphError>;

class SimInstagram final : public SimPlatform {
 public:
  explicit SimInstagram(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    const SimLimits& limits = population_.limits;
    return {{"instagram " + request.token, limits.instagram, limits.instagram_window,
             /*rolling=*/true}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto fields = parse_field_expansion(request.parameter("fields").value_or(""));
    if (!fields || fields->empty()) return nullptr;
    const std::string* username = fields->front().modifier("username");
    return username ? find_by_name(population_, "instagram", "", *username) : nullptr;
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    return answer_within_limit(request, usage.front(), token_limit_code, now,
                               [&] { return answer_within(request, now); });
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant,
                       Instant now) const override {
    const GraphError error = graph_refusal(kind, token_limit_code);
    HttpResponse response = print_graph_error(error, request, now);
    add_graph_headers(response, request, now, error.code == 190 ? 0 : 102);
    return response;
  }

 private:
  // Whoever asks does so in the name of the token's own account.
  bool is_own_id(const SimRequest& request, std::string_view user_id) const {
    const auto& known = population_.credentials;
    return known.empty() || std::any_of(known.begin(), known.end(), [&](const SimCredential& c) {
             return c.token == request.token && c.user_id == user_id;
           });
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (asks_of_token(request)) return tell_of_token(request, population_, now);
    if (const auto error = refuses(request, now)) return print_graph_error(*error, request, now);
    HttpResponse response = discovered(request, now);
    if (response.status == 200) set_etag(response, request, /*weak=*/false);
    return response;
  }

  HttpResponse discovered(const SimRequest& request, Instant now) const {
    bool stays = true;
    const auto render = [&]() -> HttpResponse {
      Answer answer = read(request, now);
      const GraphError* error = std::get_if<GraphError>(&answer);
      stays = error == nullptr;  // each error has a trace of its own
      return error ? print_graph_error(*error, request, now)
                   : answer_of(200, json_bytes(std::get<ordered_json>(answer)),
                               "application/json; charset=UTF-8");
    };
    const SimAccount* account = account_of(request);
    // While it is renamed, a name is nobody's or somebody else's.
    if (account == nullptr || !account->spells.empty()) return render();
    const std::string fields(request.parameter("fields").value_or(""));
    const bool counts = fields.find("_count") != fields.npos;
    const auto until = [&] {
      if (!stays) return now;
      return settled_until(*account, now, counts ? Counters::shown : Counters::hidden);
    };
    return shelf_.answer(request.path + ' ' + fields, now, render, until);
  }

  // Before anything is read: a wrong path, token or asker.
  std::optional<GraphError> refuses(const SimRequest& request, Instant now) const {
    const std::vector<std::string_view> parts = split_path(request.path);
    if (parts.size() != 2 || !parts[0].starts_with('v')) {
      return GraphError{.code = 2500, .message = "Unknown path components: " + request.path};
    }
    if (auto error = token_error(request, population_, now)) return error;
    if (!is_own_id(request, parts[1])) return unknown_object(parts[1]);
    return std::nullopt;
  }

  // "/v25.0/17841400000000001?fields=business_discovery.username(x){...}"
  Answer read(const SimRequest& request, Instant now) const {
    const auto fields = parse_field_expansion(request.parameter("fields").value_or(""));
    if (!fields) return GraphError{.code = 2500, .message = "Syntax error in the fields parameter"};
    ordered_json body;
    for (const GraphField& field : *fields) {
      if (field.name == "id") continue;
      if (field.name != "business_discovery") return no_such_field(field.name);
      Answer discovery = discover(field, now);
      if (std::holds_alternative<GraphError>(discovery)) return discovery;
      body["business_discovery"] = std::get<ordered_json>(std::move(discovery));
    }
    body["id"] = split_path(request.path)[1];
    return body;
  }

  Answer discover(const GraphField& discovery, Instant now) const {
    const std::string* username = discovery.modifier("username");
    if (username == nullptr) {
      return GraphError{.code = 100, .message = "(#100) The parameter username is required"};
    }
    const SimAccount* account = visible_account(*username, now);
    if (account == nullptr) return not_found(*username);
    ordered_json out;
    for (const GraphField& field : discovery.fields) {
      if (field.name == "media") {
        Answer media = read_media(*account, field, now);
        if (std::holds_alternative<GraphError>(media)) return media;
        ordered_json& edge = std::get<ordered_json>(media);
        if (!edge.is_null()) out["media"] = std::move(edge);
      } else if (!add_user_field(out, *account, *username, field.name, now)) {
        return no_such_field(field.name);
      }
    }
    // Always there, though not always asked for.
    out["id"] = account->id;
    return out;
  }

  // A name answers to whoever bears it now; a renamed account only to its new one.
  const SimAccount* visible_account(const std::string& username, Instant now) const {
    for (const SimAccount& account : population_.accounts) {
      if (account.platform != "instagram") continue;
      const Spell* spell = spell_at(account, now);
      if (spell == nullptr && account.name == username) return &account;
      if (spell && spell->kind == SpellKind::renamed && spell->new_handle == username) {
        return &account;
      }
    }
    return nullptr;
  }

  static bool add_user_field(ordered_json& out, const SimAccount& account,
                             const std::string& username, const std::string& name, Instant now) {
    const auto size = static_cast<std::int64_t>(mix64(account.id) % 90'000);
    const std::pair<std::string_view, ordered_json> fields[] = {
        {"id", account.id},
        {"ig_id", 5'000'000'000 + size},
        {"username", username},
        {"name", account.actor},
        {"biography", account.actor + ", open daily"},
        {"followers_count", size},
        {"follows_count", size / 100},
        {"media_count", listing(account, now).size()},
        {"website", nullptr},  // absent when empty
        {"profile_picture_url", nullptr}};
    for (const auto& [known, value] : fields) {
      if (known != name) continue;
      if (!value.is_null()) out[name] = value;
      return true;
    }
    return false;
  }

  static Answer read_media(const SimAccount& account, const GraphField& edge, Instant now) {
    const auto number = [&](const char* name, int otherwise, int most) {
      const std::string* text = edge.modifier(name);
      return number_or(text ? std::optional<std::string_view>(*text) : std::nullopt, otherwise, 0,
                       most);
    };
    MediaSlice slice{.limit = number("limit", 25, 10'000)};
    // Observed limit of the platform (platforms-meta 2.5).
    if (slice.limit >= 500) {
      return GraphError{.status = 500,
                        .code = 1,
                        .message =
                            "Please reduce the amount of data you're asking for, then "
                            "retry your request"};
    }
    if (const int since = number("since", 0, 2'000'000'000); since > 0)
      slice.since = instant_of_ms(since * std::int64_t{1000});
    if (const int until = number("until", 0, 2'000'000'000); until > 0)
      slice.until = instant_of_ms(until * std::int64_t{1000});
    if (const std::string* after = edge.modifier("after")) {
      slice.after = mint::media_id_in(*after);
      if (slice.after.empty()) slice.after = "?";
    }
    std::string unknown;
    auto media = print_media_edge(account, edge, slice, now, unknown);
    if (media) return *std::move(media);
    if (!unknown.empty()) return no_such_field(unknown);
    return GraphError{.code = 100, .message = "(#100) The cursor is no longer valid"};
  }

  const Population& population_;
  mutable AnswerShelf shelf_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_instagram(const Population& population) {
  return std::make_unique<SimInstagram>(population);
}

}  // namespace pw
