// Posts of Facebook Pages over the Graph API (platforms-meta 3): ranked, with
// some left out, and never a Reel.
#include <algorithm>
#include <variant>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/field_expansion.h"
#include "daemon/rehearsal/graph_answer.h"
#include "daemon/rehearsal/graph_list.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;
using Answer = std::variant<ordered_json, GraphError>;

constexpr int token_limit_code = 32;
constexpr int limit_max = 100;

GraphError unknown_alias(std::string_view name) {
  return {.code = 803,
          .message = "(#803) Some of the aliases you requested do not exist: " + std::string(name)};
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string kind_of(const SimPost& post) {
  if (post.surface == Surface::repost) return "shared_story";
  if (post.media == "video") return "added_video";
  return post.media.empty() ? "mobile_status_update" : "added_photos";
}

std::string link_of(const SimPost& post) {
  const std::size_t line = post.id.find('_');
  return "https://www.facebook.com/" + post.id.substr(0, line) + "/posts/" +
         post.id.substr(line + 1) + '/';
}

ordered_json attachments_of(const SimPost& post) {
  if (post.media.empty()) return {};
  const std::string kind = post.media == "image" ? "photo" : post.media;
  return {{"data", {{{"media_type", kind}, {"type", kind}, {"unshimmed_url", link_of(post)}}}}};
}

// Null: this post does not have the field, and it is left out. Nothing: there is
// no such field.
std::optional<ordered_json> field_of(const SimAccount& page, const SimPost& post,
                                     const std::string& name, Instant now) {
  const bool backdated = post.declared != post.created;
  const bool shared = post.surface == Surface::repost;
  const std::string& text = text_at(post, now);
  // Absent where the owner hides them, and never zero then.
  const bool hides_likes = post.serial % 7 == 0;
  const ordered_json absent;
  const std::pair<std::string_view, ordered_json> fields[] = {
      {"created_time", print_graph_time(post.declared)},
      {"updated_time",
       print_graph_time(post.edited && *post.edited <= now ? *post.edited : post.created)},
      {"backdated_time", backdated ? ordered_json(print_graph_time(post.declared)) : absent},
      {"message", shared || text.empty() ? absent : ordered_json(text)},
      {"story", shared ? ordered_json(page.actor + " shared a post.") : absent},
      {"status_type", kind_of(post)},
      {"permalink_url", link_of(post)},
      {"is_published", true},
      {"parent_id",
       shared ? ordered_json("203040506070809_" + std::to_string(post.serial)) : absent},
      {"from", {{"id", page.id}, {"name", page.actor}}},
      {"attachments", attachments_of(post)},
      {"shares", {{"count", counter_of(post, now, "shares")}}},
      {"reactions",
       hides_likes ? absent
                   : ordered_json{{"summary", {{"total_count", counter_of(post, now, "likes")}}}}}};
  for (const auto& [known, value] : fields) {
    if (known == name) return value;
  }
  return std::nullopt;
}

// The platform's own idea of an order: an old post may stand above newer ones.
// Of what is older than a month some is left out.
std::vector<const SimPost*> ranked(const SimAccount& page, Instant now) {
  std::vector<const SimPost*> posts = listing(page, now);
  const Instant old = now - std::chrono::days(30);
  std::erase_if(posts, [&](const SimPost* post) {
    return post->surface == Surface::reel ||
           (post->created < old && mix64("left out", post->serial) % 11 == 0);
  });
  const auto lifted = std::find_if(posts.begin(), posts.end(), [](const SimPost* post) {
    return mix64("lifted", post->serial) % 5 == 0;
  });
  if (lifted != posts.end()) std::rotate(posts.begin(), lifted, lifted + 1);
  return posts;
}

class SimFacebook final : public SimPlatform {
 public:
  explicit SimFacebook(const Population& population) : population_(population) {}

  // Several ids in one request count as so many (platforms-meta 1.7).
  std::vector<LimitRule> limits(const SimRequest& request) const override {
    const std::string_view ids = request.parameter("ids").value_or("");
    const auto count = 1 + std::count(ids.begin(), ids.end(), ',');
    const LimitRule rule{"facebook " + request.token, population_.limits.facebook,
                         population_.limits.instagram_window, /*rolling=*/true};
    return std::vector<LimitRule>(static_cast<std::size_t>(count), rule);
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto parts = split_path(request.path);
    return parts.size() < 2 ? nullptr : page_named(parts[1]);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    return answer_within_limit(request, usage.back(), token_limit_code, now,
                               [&] { return answer_within(request, now); });
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant,
                       Instant now) const override {
    HttpResponse response = print_graph_error(graph_refusal(kind, token_limit_code), request, now);
    add_graph_headers(response, request, now, 102);
    return response;
  }

 private:
  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (asks_of_token(request)) return tell_of_token(request, population_, now);
    Answer answer = read(request, now);
    if (const GraphError* error = std::get_if<GraphError>(&answer))
      return print_graph_error(*error, request, now);
    HttpResponse response = answer_of(200, json_bytes(std::get<ordered_json>(answer)),
                                      "application/json; charset=UTF-8");
    set_etag(response, request, /*weak=*/false);
    return response;
  }

  // "/v25.0/PAGE/posts", "/v25.0/PAGE?fields=...", "/v25.0/posts?ids=1,2"
  Answer read(const SimRequest& request, Instant now) const {
    const auto parts = split_path(request.path);
    if (auto error = token_error(request, population_, now)) return *std::move(error);
    const auto is_edge = [](std::string_view name) {
      return name == "posts" || name == "published_posts" || name == "feed";
    };
    if (parts.size() == 2 && is_edge(parts[1])) return read_many(request, now);
    if (parts.size() == 2) return read_page(request, parts[1], now);
    if (parts.size() == 3 && is_edge(parts[2])) return read_posts(request, parts[1], now);
    return GraphError{.code = 2500, .message = "Unknown path components: " + request.path};
  }

  const SimAccount* page_named(std::string_view name) const {
    const SimAccount* page = find_by_id(population_, "facebook", "", name);
    return page ? page : find_by_name(population_, "facebook", "", name);
  }

  // By its id a renamed Page is found, by its old name it is not.
  Answer visible(std::string_view name, Instant now, const SimAccount*& page) const {
    page = nullptr;
    for (const SimAccount& account : population_.accounts) {
      if (account.platform != "facebook") continue;
      const Spell* spell = spell_at(account, now);
      const bool renamed = spell && spell->kind == SpellKind::renamed;
      if (spell && !renamed) continue;
      const std::string& called = renamed ? spell->new_handle : account.name;
      if (account.id == name || called == name) page = &account;
    }
    if (page) return ordered_json();
    return is_digits(name) ? unknown_object(name) : unknown_alias(name);
  }

  Answer read_page(const SimRequest& request, std::string_view name, Instant now) const {
    const SimAccount* page = nullptr;
    Answer found = visible(name, now, page);
    if (page == nullptr) return found;
    const auto fields = parse_field_expansion(request.parameter("fields").value_or("id,name"));
    if (!fields) return GraphError{.code = 2500, .message = "Syntax error in the fields parameter"};
    const Spell* spell = spell_at(*page, now);
    ordered_json out;
    for (const GraphField& field : *fields) {
      if (field.name == "name") out["name"] = page->actor;
      if (field.name == "username") out["username"] = spell ? spell->new_handle : page->name;
      if (field.name == "link") out["link"] = "https://www.facebook.com/" + page->id;
      if (field.name == "is_published") out["is_published"] = true;
    }
    out["id"] = page->id;
    return out;
  }

  Answer read_posts(const SimRequest& request, std::string_view name, Instant now) const {
    const SimAccount* page = nullptr;
    Answer found = visible(name, now, page);
    if (page == nullptr) return found;
    const int limit = number_or(request.parameter("limit"), 25, 0, 10'000);
    if (limit > limit_max) {
      return GraphError{.code = 100, .message = "(#100) limit must be at most 100"};
    }
    const auto fields =
        parse_field_expansion(request.parameter("fields").value_or("created_time,message,story"));
    if (!fields) return GraphError{.code = 2500, .message = "Syntax error in the fields parameter"};
    for (const GraphField& field : *fields) {
      if (field.name != "id" && !field_of(*page, SimPost{}, field.name, now)) {
        return GraphError{
            .code = 100,
            .message = "(#100) Tried accessing nonexisting field (" + field.name + ")"};
      }
    }
    auto list = print_graph_list(request, {ranked(*page, now), limit}, [&](const SimPost& post) {
      ordered_json item;
      for (const GraphField& field : *fields) {
        auto value = field_of(*page, post, field.name, now);
        if (value && !value->is_null()) item[field.name] = *std::move(value);
      }
      item["id"] = post.id;
      return item;
    });
    if (list) return *std::move(list);
    return GraphError{.code = 100, .message = "(#100) The cursor is no longer valid"};
  }

  // Each list of several goes on in requests of its own.
  static SimRequest asked_alone(const SimRequest& request, std::string_view id) {
    SimRequest alone = request;
    const std::size_t edge = request.path.rfind('/');
    alone.path = request.path.substr(0, edge + 1) + std::string(id) + request.path.substr(edge);
    std::erase_if(alone.query, [](const auto& parameter) { return parameter.first == "ids"; });
    return alone;
  }

  // At most 50, and one that is not there fails them all (platforms-meta 1.7).
  Answer read_many(const SimRequest& request, Instant now) const {
    std::string_view ids = request.parameter("ids").value_or("");
    ordered_json out = ordered_json::object();
    int count = 0;
    while (!ids.empty()) {
      const std::size_t end = std::min(ids.find(','), ids.size());
      const std::string_view id = ids.substr(0, end);
      ids.remove_prefix(std::min(end + 1, ids.size()));
      if (++count > 50)
        return GraphError{.code = 100, .message = "(#100) Too many IDs. Maximum: 50."};
      Answer one = read_posts(asked_alone(request, id), id, now);
      if (std::holds_alternative<GraphError>(one)) return one;
      out[std::string(id)] = std::get<ordered_json>(std::move(one));
    }
    if (count == 0)
      return GraphError{.code = 100, .message = "(#100) The parameter ids is required"};
    return out;
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_facebook(const Population& population) {
  return std::make_unique<SimFacebook>(population);
}

}  // namespace pw
