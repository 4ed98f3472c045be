#include "rules/schema.h"

#include <algorithm>
#include <array>

#include "rules/context.h"
#include "rules/facts.h"
#include "rules/time_text.h"

namespace pw::schema {
namespace {

using cel::Context;
using cel::Field;
using cel::Kind;
using cel::ObjectType;
using cel::Value;

Value text_or(std::string_view text, std::string_view absent) {
  return text.empty() ? Value::unknown(absent) : Value::string(text);
}

Value time_value(Instant t) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  const cel::Time time{seconds.time_since_epoch().count(),
                       static_cast<std::int32_t>((t - seconds).count() * 1'000'000)};
  return cel::is_in_range(time) ? Value::of(time) : Value::error("timestamp out of range");
}

Value time_or(const std::optional<Instant>& t, std::string_view absent) {
  return t ? time_value(*t) : Value::unknown(absent);
}

Value texts(const std::vector<std::string>& items, Context& context) {
  Value* const room = context.take_values(items.size());
  if (room == nullptr) return Context::out_of_memory();
  std::transform(items.begin(), items.end(), room,
                 [](const std::string& item) { return Value::string(item); });
  return context.make_list({room, items.size()});
}

const Facts& facts(const void* data) { return *static_cast<const Facts*>(data); }
const Post* post_of(const void* data) { return facts(data).post; }
constexpr Value no_post = Value::unknown("post is absent");
constexpr Value no_account = Value::unknown("account is absent");
constexpr Value no_pledge = Value::unknown("pledge is absent");
constexpr Value no_window = Value::unknown("pledge.window is absent");
constexpr Value no_look = Value::unknown("look is absent");

// Posts.
Value post_id(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : Value::string(p->id);
}
Value post_surface(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : Value::string(name_of(p->surface));
}
Value post_text(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : Value::string(p->text);
}
Value post_url(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : text_or(p->url, "post.url is absent");
}
Value post_lang(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : text_or(p->lang, "post.lang is absent");
}
Value post_appeared(const void* data, Context&) {
  const Facts& all = facts(data);
  return all.post == nullptr ? no_post : Value::of_object(&interval, &all.appeared);
}
Value post_published(const void* data, Context&) {
  const Post* const p = post_of(data);
  if (p == nullptr) return no_post;
  return time_or(p->claimed_at ? p->claimed_at : p->server_at, "post.published is absent");
}
Value post_edited(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : time_or(p->edited_at, "post.edited is absent");
}
Value post_media(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : text_or(p->media, "post.media is absent");
}
Value post_tags(const void* data, Context& context) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : texts(p->tags, context);
}
Value post_links(const void* data, Context& context) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : texts(p->links, context);
}
Value post_mentions(const void* data, Context& context) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : texts(p->mentions, context);
}
Value post_repost_of(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : text_or(p->repost_of, "post.repost_of is absent");
}
Value post_in_reply_to(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : text_or(p->in_reply_to, "post.in_reply_to is absent");
}
Value post_pinned(const void* data, Context&) {
  const Post* const p = post_of(data);
  return p == nullptr ? no_post : Value::of(p->pinned);
}
Value post_paid_partnership(const void* data, Context&) {
  const Post* const p = post_of(data);
  if (p == nullptr) return no_post;
  return p->paid_partnership ? Value::of(*p->paid_partnership)
                             : Value::unknown("post.paid_partnership is absent");
}

constexpr std::array post_fields = {
    Field{"id", "string", post_id, "the platform's own id, unique within the account"},
    Field{"surface", "string", post_surface,
          "post, reel, story, live, repost, reply, comment or ad"},
    Field{"text", "string", post_text, "plain text; empty when there is none"},
    Field{"url", "string", post_url, "where people see it"},
    Field{"lang", "string", post_lang, "BCP 47, where the platform says"},
    Field{"appeared", "interval", post_appeared,
          "when it can have appeared: from the last look without it to the first with it"},
    Field{"published", "timestamp", post_published,
          "the time the post claims; for texts, never for conditions", /*claimed=*/true},
    Field{"edited", "timestamp", post_edited, "when it was last edited"},
    Field{"media", "string", post_media, "image, video, album or audio"},
    Field{"tags", "list(string)", post_tags, "hashtags without '#'"},
    Field{"links", "list(string)", post_links, "addresses it links to"},
    Field{"mentions", "list(string)", post_mentions, "accounts it names, without '@'"},
    Field{"repost_of", "string", post_repost_of, "what it repeats"},
    Field{"in_reply_to", "string", post_in_reply_to, "what it answers"},
    Field{"pinned", "bool", post_pinned, "kept at the top of the profile"},
    Field{"paid_partnership", "bool", post_paid_partnership,
          "labelled as paid for, where the platform says"},
};

// Accounts and actors.
Value account_platform(const void* data, Context&) {
  const Account* const a = facts(data).account;
  return a == nullptr ? no_account : text_or(a->platform, "account.platform is absent");
}
Value account_handle(const void* data, Context&) {
  const Account* const a = facts(data).account;
  return a == nullptr ? no_account : text_or(a->handle, "account.handle is absent");
}
Value account_id(const void* data, Context&) {
  const Account* const a = facts(data).account;
  return a == nullptr ? no_account : text_or(a->id, "account.id is absent");
}
Value account_host(const void* data, Context&) {
  const Account* const a = facts(data).account;
  return a == nullptr ? no_account : text_or(a->host, "account.host is absent");
}
Value account_number(const void* data, Context&) {
  const Account* const a = facts(data).account;
  return a == nullptr ? no_account : Value::of(std::int64_t{a->number});
}

constexpr std::array account_fields = {
    Field{"platform", "string", account_platform, "the connector's name: instagram, mastodon"},
    Field{"handle", "string", account_handle, "as the roster writes it, without '@'"},
    Field{"id", "string", account_id, "the pinned stable id"},
    Field{"host", "string", account_host, "the home server, where the platform has several"},
    Field{"number", "int", account_number, "the account's number in log and report"},
};

Value actor_name(const void* data, Context&) {
  const Pledge* const p = facts(data).pledge;
  return p == nullptr ? Value::unknown("actor is absent")
                      : text_or(p->actor, "actor.name is absent");
}
Value actor_zone(const void* data, Context&) {
  const Window* const w = facts(data).window;
  return w == nullptr ? Value::unknown("actor.zone is absent")
                      : text_or(w->zone, "actor.zone is absent");
}

constexpr std::array actor_fields = {
    Field{"name", "string", actor_name, "the person or organisation that pledged"},
    Field{"zone", "string", actor_zone, "the actor's time zone, an IANA name"},
};

// Pledges.
Value pledge_window(const void* data, Context&) {
  const Window* const w = facts(data).window;
  return w == nullptr ? no_window : Value::of_object(&window, w);
}
// Every set of surfaces as a list, made once.
class SurfaceLists {
 public:
  SurfaceLists() {
    items_.reserve(lists_.size() * surface_names.size());
    for (std::size_t set = 0; set < lists_.size(); ++set) {
      const std::size_t first = items_.size();
      for (std::size_t i = 0; i < surface_names.size(); ++i) {
        if ((set >> i & 1) != 0) items_.push_back(Value::string(surface_names[i]));
      }
      lists_[set] = Value::of(Kind::list, {});
      lists_[set].depth = 1;
      lists_[set].items = {items_.data() + first, items_.size() - first};
    }
  }
  const Value& of(SurfaceSet surfaces) const {
    std::size_t set = 0;
    for (std::size_t i = 0; i < surface_names.size(); ++i) {
      set |= std::size_t{surfaces.has(static_cast<Surface>(i))} << i;
    }
    return lists_[set];
  }

 private:
  std::vector<Value> items_{};
  std::array<Value, 1 << surface_names.size()> lists_{};
};

Value pledge_surfaces(const void* data, Context&) {
  static const SurfaceLists lists;
  const Pledge* const p = facts(data).pledge;
  return p == nullptr ? no_pledge : lists.of(p->surfaces);
}
Value pledge_zone(const void* data, Context&) {
  const Window* const w = facts(data).window;
  return w == nullptr ? no_window : text_or(w->zone, "pledge.zone is absent");
}
constexpr std::array<std::string_view, 4> status_names = {"confirmed", "declared", "rumoured",
                                                          "withdrawn"};
Value pledge_status(const void* data, Context&) {
  const Pledge* const p = facts(data).pledge;
  if (p == nullptr) return no_pledge;
  return Value::string(status_names[static_cast<std::size_t>(p->status)]);
}
Value pledge_statements_used(const void* data, Context&) {
  return Value::of(std::int64_t{facts(data).statements_used});
}
Value pledge_statements_allowed(const void* data, Context&) {
  const Pledge* const p = facts(data).pledge;
  return p == nullptr ? no_pledge : Value::of(std::int64_t{p->statements_allowed});
}

constexpr std::array pledge_fields = {
    Field{"window", "window", pledge_window, "the time in which the pledge holds"},
    Field{"surfaces", "list(string)", pledge_surfaces, "the surfaces that it covers"},
    Field{"zone", "string", pledge_zone, "the window's time zone, an IANA name"},
    Field{"status", "string", pledge_status, "confirmed, declared, rumoured or withdrawn"},
    Field{"statements_used", "int", pledge_statements_used,
          "statements of this actor before this post"},
    Field{"statements_allowed", "int", pledge_statements_allowed, "statements the pledge allows"},
};

Value campaign_name(const void* data, Context&) {
  return text_or(facts(data).campaign, "campaign.name is absent");
}
constexpr std::array campaign_fields = {
    Field{"name", "string", campaign_name, "the campaign's name"},
};

Value look_outcome(const void* data, Context&) {
  const Look* const l = facts(data).look;
  return l == nullptr ? no_look : Value::string(name_of(l->outcome));
}
Value look_at(const void* data, Context&) {
  const Look* const l = facts(data).look;
  return l == nullptr ? no_look : time_value(l->effective);
}
constexpr std::array look_fields = {
    Field{"outcome", "string", look_outcome, "of the look that found the post: fresh, truncated"},
    Field{"at", "timestamp", look_at, "that look's effective time"},
};

// Opaque values.
Value window_start(const void* data, Context&) {
  return time_value(static_cast<const Window*>(data)->span.start);
}
Value window_end(const void* data, Context&) {
  return time_value(static_cast<const Window*>(data)->span.end);
}
constexpr std::array window_fields = {
    Field{"start", "timestamp", window_start, "the first moment inside"},
    Field{"end", "timestamp", window_end, "the first moment after it"},
};

Value interval_start(const void* data, Context&) {
  return time_value(static_cast<const Interval*>(data)->start);
}
Value interval_end(const void* data, Context&) {
  return time_value(static_cast<const Interval*>(data)->end);
}
constexpr std::array interval_fields = {
    Field{"start", "timestamp", interval_start, "the earliest moment"},
    Field{"end", "timestamp", interval_end, "the latest moment"},
};

// Findings, for routing.
template <std::string_view FindingFacts::*member>
Value finding_text(const void* data, Context&) {
  return text_or(static_cast<const FindingFacts*>(data)->*member,
                 "this datum of the finding is absent");
}
Value finding_needs_review(const void* data, Context&) {
  return Value::of(static_cast<const FindingFacts*>(data)->needs_review);
}
Value finding_labels(const void* data, Context& context) {
  const auto* const labels = static_cast<const FindingFacts*>(data)->labels;
  const std::size_t count = labels == nullptr ? 0 : labels->size();
  Value* const keys = context.take_values(count);
  Value* const values = context.take_values(count);
  if (keys == nullptr || values == nullptr) return Context::out_of_memory();
  for (std::size_t i = 0; i < count; ++i) {
    keys[i] = Value::string((*labels)[i].first);
    values[i] = Value::string((*labels)[i].second);
  }
  return context.make_map({keys, count}, {values, count});
}

constexpr std::array finding_fields = {
    Field{"severity", "string", finding_text<&FindingFacts::severity>, "breach, warning or note"},
    Field{"rule", "string", finding_text<&FindingFacts::rule>, "the rule's name"},
    Field{"mode", "string", finding_text<&FindingFacts::mode>, "alert or shadow"},
    Field{"needs_review", "bool", finding_needs_review, "people decide before it counts"},
    Field{"actor", "string", finding_text<&FindingFacts::actor>, "the actor's name"},
    Field{"account", "string", finding_text<&FindingFacts::account>, "platform:handle"},
    Field{"platform", "string", finding_text<&FindingFacts::platform>, "the connector's name"},
    Field{"surface", "string", finding_text<&FindingFacts::surface>, "the post's surface"},
    Field{"labels", "map(string, string)", finding_labels, "the rule's labels"},
};

}  // namespace

const ObjectType post{"post", post_fields, "one publication"};
const ObjectType account{"account", account_fields, "the profile it appeared on"};
const ObjectType actor{"actor", actor_fields, "who pledged"};
const ObjectType pledge{"pledge", pledge_fields, "what was promised"};
const ObjectType campaign{"campaign", campaign_fields, "the boycott"};
const ObjectType look{"look", look_fields, "the look that found the post"};
const ObjectType window{"window", window_fields, "a half-open span of time"};
const ObjectType interval{"interval", interval_fields, "a moment known to within two others"};
const ObjectType finding{"finding", finding_fields, "a rule that matched; for sinks only"};

std::string page() {
  std::string text;
  for (const ObjectType* const type : cel::object_types()) {
    text += "### " + std::string(type->name) + "\n" + std::string(type->about) + "\n\n";
    text += "| field | type | meaning |\n| --- | --- | --- |\n";
    for (const Field& field : type->fields) {
      text += "| `" + std::string(field.name) + "` | " + std::string(field.type) + " | " +
              std::string(field.about) + " |\n";
    }
    text += '\n';
  }
  return text;
}

}  // namespace pw::schema
