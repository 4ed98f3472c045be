#include "connectors/custom.h"

#include <algorithm>

#include "connectors/custom_value.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/plain_text.h"
#include "connectors/post_marks.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

using cel::Kind;
using cel::Value;

constexpr std::size_t id_bytes_max = 512;
constexpr std::size_t url_bytes_max = 4096;

// The variables of one answer's mappings, and the memory they live in.
class Mapping {
 public:
  Mapping(const Query& query, const std::string& name, bool for_address) {
    const auto text = [&](std::string_view value) {
      return context_.make_string(for_address ? percent_encode(value) : std::string(value));
    };
    const Account& account = query.account;
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"handle", account.handle}, {"host", account.host}, {"id", account.id}, {"name", name}};
    constexpr std::size_t count = std::size(fields);
    Value* const kept = context_.take_values(count * 2);
    for (std::size_t i = 0; kept != nullptr && i < count; ++i) {
      kept[i] = context_.make_string(fields[i].first);
      // A host is put in front of a path: encoding would break its points.
      kept[count + i] =
          fields[i].first == "host" ? context_.make_string(account.host) : text(fields[i].second);
    }
    slots_[custom_slot::account] = kept == nullptr
                                       ? cel::Context::out_of_memory()
                                       : context_.make_map({kept, count}, {kept + count, count});
    slots_[custom_slot::cursor] = text(query.cursor);
    slots_[custom_slot::answer] = Value::unbound();
    slots_[custom_slot::item] = Value::unbound();
  }

  void set_answer(JsonElement root) { slots_[custom_slot::answer] = value_of_json(root, context_); }
  void set_item(const Value& item) { slots_[custom_slot::item] = item; }
  cel::Activation activation() const { return {slots_}; }

  // Lives until the next call; an error where there is no such mapping.
  Value evaluate(const std::optional<cel::Program>& program) {
    return program ? program->evaluate(activation(), scratch_) : Value::unbound();
  }
  std::optional<std::string> text(const std::optional<cel::Program>& program) {
    return text_of_value(evaluate(program));
  }
  std::optional<Instant> instant(const std::optional<cel::Program>& program) {
    return instant_of_value(evaluate(program));
  }

 private:
  cel::Arena arena_;
  cel::Context context_{arena_};
  cel::Scratch scratch_;
  Value slots_[custom_slot::count];
};

std::string name_of_account(const CustomDefinition& definition, const Account& account) {
  if (!definition.handle_name) return account.handle;
  Mapping mapping({account}, account.handle, /*for_address=*/false);
  return mapping.text(definition.handle_name).value_or(account.handle);
}

std::string link_of(std::optional<std::string> text) {
  return text && is_web_address(*text) ? *std::move(text) : std::string();
}

void read_words(const CustomPost& fields, Mapping& mapping, Post& post) {
  post.text = mapping.text(fields.text).value_or("");
  if (const auto html = mapping.text(fields.html)) {
    PlainText plain = plain_text(*html);
    if (!post.text.empty() && !plain.text.empty()) post.text += '\n';
    post.text += plain.text;
    post.links = std::move(plain.links);
  }
  const Value tags = mapping.evaluate(fields.tags);
  if (tags.is(Kind::list)) {
    for (const Value& tag : tags.list()) {
      if (auto text = text_of_value(tag)) add_mark(post.tags, *std::move(text));
    }
  }
  read_marks(post);
}

void read_surface(const CustomPost& fields, const Declaration& declared, Mapping& mapping,
                  Post& post) {
  const auto name = mapping.text(fields.surface);
  const auto surface = name ? parse_surface(*name) : std::nullopt;
  if (surface) post.surface = *surface;
  // Without a mapping, a platform of one surface has posts of that one.
  else if (!declared.sees.has(Surface::post)) {
    declared.sees.each([&](Surface seen) { post.surface = seen; });
  }
}

std::optional<Post> read_post(const CustomDefinition& definition, Mapping& mapping) {
  const CustomPost& fields = definition.post;
  auto id = mapping.text(fields.id);
  if (!id || id->size() > id_bytes_max) return std::nullopt;
  Post post{.id = *std::move(id)};
  read_surface(fields, definition.declared, mapping, post);
  read_words(fields, mapping, post);
  post.claimed_at = mapping.instant(fields.published);
  if (definition.server_stamps) {
    post.server_at = post.claimed_at;
    post.server_precision = definition.declared.clock_precision;
  }
  post.edited_at = mapping.instant(fields.edited);
  post.url = link_of(mapping.text(fields.url));
  post.lang = mapping.text(fields.lang).value_or("");
  post.repost_of = mapping.text(fields.repost_of).value_or("");
  if (!post.repost_of.empty() && !fields.surface) post.surface = Surface::repost;
  post.in_reply_to = mapping.text(fields.in_reply_to).value_or("");
  post.media = mapping.text(fields.media).value_or("");
  post.pinned = mapping.evaluate(fields.pinned).is_true();
  return post;
}

}  // namespace

Custom::Custom(std::shared_ptr<const CustomDefinition> definition, ConnectorSettings settings)
    : definition_(std::move(definition)),
      settings_(std::move(settings)),
      declaration_(definition_->declared) {
  declaration_.name = definition_->name;
  declaration_.source = definition_->source;
  declaration_.blind_spots = definition_->blind_spots;
  declaration_.terms = definition_->terms;
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Custom::normalise(Account account, std::string& why) const {
  account.handle = std::string(trimmed(account.handle));
  if (account.handle.starts_with('@')) account.handle.erase(0, 1);
  Mapping mapping({account}, account.handle, /*for_address=*/false);
  const bool fits =
      !definition_->handle_fits || mapping.evaluate(definition_->handle_fits).is_true();
  if (account.handle.empty() || !fits) {
    why = definition_->handle_why;
    return std::nullopt;
  }
  if (definition_->handle_host) {
    account.host = lower_ascii(mapping.text(definition_->handle_host).value_or(""));
    if (!is_host_name(account.host)) {
      why = definition_->handle_why + " (it names no host)";
      return std::nullopt;
    }
  }
  if (!definition_->resolve_url) account.id = account.handle;
  return account;
}

HttpRequest Custom::get(const Query& query, const Template& url) const {
  const std::string name = name_of_account(*definition_, query.account);
  const Mapping mapping(query, name, /*for_address=*/true);
  std::string address = url.render(mapping.activation(), url_bytes_max);
  if (!settings_.base.empty()) {
    const std::size_t scheme = address.find("://");
    const std::size_t path = scheme == std::string::npos ? scheme : address.find('/', scheme + 3);
    address = base_address(settings_.base, "", query.account.host) +
              (path == std::string::npos ? "" : address.substr(path));
  }
  HttpRequest request{.url = std::move(address)};
  request.headers.push_back({"Accept", "application/json"});
  if (query.credential && !definition_->auth_header.empty()) {
    request.headers.push_back(
        {definition_->auth_header, definition_->auth_prefix + query.credential->token});
  }
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Custom::resolve_request(const Query& query) const {
  if (!definition_->resolve_url) return std::nullopt;
  return get(query, *definition_->resolve_url);
}

// What the definition says of an answer comes before what its status says.
std::optional<Trouble> Custom::trouble_in(const Query& query, const HttpResponse& response) const {
  const auto root = parse_json(response.body);
  Mapping mapping(query, query.account.handle, /*for_address=*/false);
  if (root) mapping.set_answer(*root);
  for (const CustomTrouble& row : definition_->troubles) {
    if (row.status && *row.status != response.status) continue;
    if (row.when && !(root && mapping.evaluate(row.when).is_true())) continue;
    return Trouble{
        .outcome = row.outcome,
        .scope = row.scope,
        .retry_after = retry_after(response),
        .detail = "HTTP " + std::to_string(response.status) + ": as the definition's troubles say"};
  }
  auto trouble = trouble_of_status(response, authority_of(query));
  if (trouble && trouble->outcome == Outcome::gone) trouble->outcome = Outcome::not_visible;
  return trouble;
}

std::variant<Identity, Trouble> Custom::decode_identity(const Query& query,
                                                        const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  if (!root) return trouble_of_body(response, "JSON");
  Mapping mapping(query, query.account.handle, /*for_address=*/false);
  mapping.set_answer(*root);
  auto id = mapping.text(definition_->resolve_id);
  if (!id || id->size() > id_bytes_max) return Trouble{.detail = "resolve.id finds no id"};
  return Identity{
      .id = *std::move(id),
      .handle = mapping.text(definition_->resolve_handle).value_or(query.account.handle)};
}

HttpRequest Custom::request(const Query& query) const { return get(query, *definition_->url); }

Reading Custom::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  if (!root) return trouble_of_body(response, "JSON");
  Mapping mapping(query, name_of_account(*definition_, query.account), /*for_address=*/false);
  mapping.set_answer(*root);
  cel::Scratch list_memory;
  const Value items = definition_->items->evaluate(mapping.activation(), list_memory);
  if (!items.is(Kind::list)) return trouble_of_body(response, "the list that 'items' names");
  Page page;
  page.owner_id = mapping.text(definition_->owner).value_or("");
  page.next = mapping.text(definition_->next).value_or("");
  for (const Value& item : items.list()) {
    mapping.set_item(item);
    auto post =
        page.posts.size() < page_items_max ? read_post(*definition_, mapping) : std::nullopt;
    if (post)
      page.posts.push_back(*std::move(post));
    else
      ++page.skipped;
  }
  return checked_page(std::move(page), query);
}

Headroom Custom::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
