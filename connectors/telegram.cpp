#include "connectors/telegram.h"

#include <algorithm>

#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/telegram_message.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::size_t updates_max = 100;
// A cursor that asks for what the interface cannot give: it makes a look that
// needs more than the newest updates a truncated one.
constexpr std::string_view older_updates = "older";

constexpr Declaration declared{
    .name = "telegram",
    .sees = {Surface::post, Surface::repost},
    .never_sees = {Surface::story, Surface::live, Surface::comment},
    .list = ListKind::capped,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    .lag = std::chrono::seconds(5),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = false,
    .shows_pins = true,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = static_cast<int>(updates_max),
    .cost = 1,
    .interval_floor = std::chrono::seconds(5),
    .host_requests_max = 30,
    .host_window = std::chrono::seconds(1),
    .blind_spots =
        "Only channels that made the bot an administrator, from then on, and for a day: "
        "without a message in that time nothing is proved; deletions are never reported; "
        "of all channels together the newest 100 updates show; how soon is assumed.",
    .source = "Telegram Bot API documentation, read 2026-08",
};

bool is_chat_id(std::string_view text) {
  return text.starts_with("-100") && text.size() >= 10 && text.size() <= 20 &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return name.size() >= 4 && name.size() <= 32 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string name_in(std::string_view text) {
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string host = lower_ascii(text.substr(0, slash));
    if (host != "t.me" && host != "telegram.me") return {};
    text.remove_prefix(std::min(slash + 1, text.size()));
    if (text.starts_with("s/")) text.remove_prefix(2);
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return lower_ascii(text);
}

// `error_code` stands in the body as in the status line; a chat that is not found
// is a bad request here.
std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  const auto root = parse_json(response.body);
  JsonObject object;
  const bool is_object = root && !root->get(object);
  if (!is_object || json_flag(object, "ok").value_or(true)) {
    return trouble_of_status(response, authority_of(query));
  }
  const auto code = json_integer(object, "error_code").value_or(response.status);
  Trouble trouble{.detail = "Bot API error " + std::to_string(code)};
  const auto parameters = json_object(object, "parameters");
  const auto wait = parameters ? json_integer(*parameters, "retry_after") : std::nullopt;
  if (code == 429) {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = authority_of(query);
    if (wait && *wait >= 0)
      trouble.retry_after = Millis{std::min<std::int64_t>(*wait, 604'800) * 1000};
  } else if (code == 401 || code == 404 || code == 409) {
    // No such bot, or a webhook, or another program that reads its updates.
    trouble.outcome = Outcome::refused;
    trouble.scope = authority_of(query);
  } else if (code == 400 || code == 403) {
    trouble.outcome = Outcome::not_visible;
  } else if (code >= 500) {
    trouble.outcome = Outcome::unreachable;
    trouble.scope = Scope::host;
  } else {
    trouble.outcome = Outcome::refused;
  }
  return trouble;
}

// The bot's own standing in the channel, when it changed within the day.
enum class Standing { unknown, inside, outside };

struct Channel {
  Page page;
  Standing standing = Standing::unknown;
};

bool is_about(JsonObject message, std::string_view chat_id) {
  const auto chat = json_object(message, "chat");
  return chat && json_id(*chat, "id") == chat_id;
}

void read_standing(JsonObject change, Channel& channel) {
  const auto member = json_object(change, "new_chat_member");
  const auto status = member ? json_text(*member, "status") : std::nullopt;
  const bool inside = status == "administrator" || status == "creator" || status == "member";
  channel.standing = inside ? Standing::inside : Standing::outside;
}

// A later version of the same message replaces the earlier one.
void read_message(JsonObject message, Channel& channel) {
  channel.standing = Standing::inside;
  if (is_service_message(message)) return;
  auto post = decode_telegram_message(message);
  if (!post) {
    ++channel.page.skipped;
    return;
  }
  if (const auto chat = json_object(message, "chat")) {
    channel.page.owner_handle = lower_ascii(json_id(*chat, "username").value_or(""));
  }
  auto& posts = channel.page.posts;
  const auto known = std::find_if(posts.begin(), posts.end(),
                                  [&](const Post& other) { return other.id == post->id; });
  if (known == posts.end())
    posts.push_back(*std::move(post));
  else
    *known = *std::move(post);
}

void read_update(JsonElement element, std::string_view chat_id, Channel& channel) {
  JsonObject update;
  if (element.get(update)) {
    ++channel.page.skipped;
    return;
  }
  for (const char* kind : {"channel_post", "edited_channel_post"}) {
    const auto message = json_object(update, kind);
    if (message && is_about(*message, chat_id)) read_message(*message, channel);
  }
  const auto change = json_object(update, "my_chat_member");
  if (change && is_about(*change, chat_id)) read_standing(*change, channel);
}

// For a saved answer that is read without an account: the channel it names first.
std::string first_channel(JsonArray updates) {
  for (const JsonElement element : updates) {
    JsonObject update;
    if (element.get(update)) continue;
    for (const char* kind : {"channel_post", "edited_channel_post", "my_chat_member"}) {
      const auto message = json_object(update, kind);
      const auto chat = message ? json_object(*message, "chat") : std::nullopt;
      if (auto id = chat ? json_id(*chat, "id") : std::nullopt) return *std::move(id);
    }
  }
  return {};
}

}  // namespace

Telegram::Telegram(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Telegram::normalise(Account account, std::string& why) const {
  const std::string name = name_in(trimmed(account.handle));
  if (is_chat_id(name)) {
    account.handle = account.id = name;
    return account;
  }
  if (!is_name(name)) {
    why =
        "a Telegram channel has a name of 4 to 32 letters, digits and underscores that "
        "begins with a letter, or an id such as -1001234567890";
    return std::nullopt;
  }
  account.handle = name;
  return account;
}

HttpRequest Telegram::call(const Query& query, std::string_view method_and_query) const {
  std::string token = query.credential ? percent_encode(query.credential->token) : std::string();
  // The bot's number and its secret are parted by a colon, which stays as it is.
  if (const std::size_t colon = token.find("%3A"); colon != std::string::npos) {
    token.replace(colon, 3, ":");
  }
  HttpRequest request{.url = base_address(settings_.base, "https://api.telegram.org", "") + "/bot" +
                             token + '/' + std::string(method_and_query)};
  request.headers.push_back({"Accept", "application/json"});
  request.redirects = Redirects::refuse;
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Telegram::resolve_request(const Query& query) const {
  if (is_chat_id(query.account.handle)) return std::nullopt;
  return call(query, "getChat?chat_id=" + percent_encode('@' + query.account.handle));
}

std::variant<Identity, Trouble> Telegram::decode_identity(const Query& query,
                                                          const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject object;
  const auto chat = !root || root->get(object) ? std::nullopt : json_object(object, "result");
  if (!chat) return trouble_of_body(response, "a chat");
  auto id = json_id(*chat, "id");
  if (!id) return Trouble{.detail = "a chat without an id"};
  if (json_text(*chat, "type") != "channel") {
    return Trouble{.outcome = Outcome::not_visible, .detail = "this name is no channel's"};
  }
  const std::string name = lower_ascii(json_id(*chat, "username").value_or(query.account.handle));
  return Identity{.id = *std::move(id), .handle = name, .url = "https://t.me/" + name};
}

HttpRequest Telegram::request(const Query& query) const {
  return call(query,
              "getUpdates?offset=-100&limit=100&timeout=0&allowed_updates=" +
                  percent_encode(R"(["channel_post","edited_channel_post","my_chat_member"])"));
}

Reading Telegram::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject object;
  const auto updates = !root || root->get(object) ? std::nullopt : json_array(object, "result");
  if (!updates) return trouble_of_body(response, "a list of updates");
  if (query.cursor == older_updates) {
    return Trouble{.outcome = Outcome::unreachable,
                   .detail = "a bot can ask for its newest hundred updates alone"};
  }
  Channel channel;
  const std::string chat_id = query.account.id.empty() ? first_channel(*updates) : query.account.id;
  for (const JsonElement element : *updates) read_update(element, chat_id, channel);
  if (channel.standing != Standing::inside && channel.page.skipped == 0) {
    return Trouble{.outcome = Outcome::not_visible,
                   .detail = channel.standing == Standing::outside
                                 ? "the channel removed the bot"
                                 : "no update of this channel within a day: it may be silent, or "
                                   "the bot is not in it"};
  }
  std::reverse(channel.page.posts.begin(), channel.page.posts.end());
  if (channel.standing == Standing::inside) channel.page.owner_id = chat_id;
  if (updates->size() >= updates_max) channel.page.next = older_updates;
  return checked_page(std::move(channel.page), query);
}

Headroom Telegram::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
