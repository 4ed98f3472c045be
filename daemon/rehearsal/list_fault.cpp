#include "daemon/rehearsal/list_fault.h"

#include <algorithm>
#include <deque>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/json_bytes.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

bool is_list_of_objects(const ordered_json& value) {
  return value.is_array() && !value.empty() && value.front().is_object();
}

// Nearest to the root first, so that an item's own lists are never met before it.
ordered_json* find_list(ordered_json& root) {
  std::deque<ordered_json*> waiting{&root};
  while (!waiting.empty()) {
    ordered_json* value = waiting.front();
    waiting.pop_front();
    if (is_list_of_objects(*value)) return value;
    if (!value->is_structured()) continue;
    for (ordered_json& child : *value) waiting.push_back(&child);
  }
  return nullptr;
}

void shuffle(ordered_json& list) {
  std::stable_sort(list.begin(), list.end(), [](const ordered_json& a, const ordered_json& b) {
    return mix64(json_bytes(a)) < mix64(json_bytes(b));
  });
}

void make_twice(ordered_json& list) {
  ordered_json twice = ordered_json::array();
  for (const ordered_json& item : list) {
    twice.push_back(item);
    twice.push_back(item);
  }
  list = std::move(twice);
}

void make_strange(ordered_json& list) {
  for (ordered_json& item : list) {
    item["an_unheard_of_member"] = {{"kind", "tomorrow"}, {"number", 18'446'744'073'709'551'615u}};
  }
}

void make_unreadable(ordered_json& list) {
  for (ordered_json& item : list) item = ordered_json{{"an_unheard_of_member", true}};
}

// Stands where the bytes will be that no JSON library would write.
constexpr std::string_view placeholder = "\xEE\x80\x80";
constexpr std::string_view ill_formed = "\xFF\xC3";

// Every text of the item, known by its spaces.
void mark_texts(ordered_json& value) {
  if (value.is_structured()) {
    for (ordered_json& child : value) mark_texts(child);
  } else if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    const std::size_t space = text.find(' ');
    if (space != std::string::npos) text.insert(space, placeholder);
  }
}

std::string mangled(std::string body) {
  for (std::size_t at = body.find(placeholder); at != std::string::npos;
       at = body.find(placeholder, at)) {
    body.replace(at, placeholder.size(), ill_formed);
  }
  return body;
}

// The first title of an item or entry of a feed.
std::string with_mangled_title(std::string body) {
  const std::size_t item = std::min(body.find("<item"), body.find("<entry"));
  const std::size_t title = body.find("<title>", std::min(item, body.size()));
  const std::size_t space = title == std::string::npos ? title : body.find(' ', title);
  if (space != std::string::npos) body.insert(space, ill_formed);
  return body;
}

// Under whatever name the platforms have for it.
void forget_next(ordered_json& value) {
  if (!value.is_object()) return;
  for (const char* name :
       {"paging", "nextPageToken", "next_token", "after", "cursor", "_links", "next", "has_more"}) {
    value.erase(name);
  }
  for (ordered_json& child : value) forget_next(child);
}

// True when `list` was below and is gone, with its name.
bool leave_out(ordered_json& value, const ordered_json* list) {
  if (!value.is_object()) return false;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (&*it == list) {
      value.erase(it);
      return true;
    }
    if (leave_out(*it, list)) return true;
  }
  return false;
}

constexpr std::pair<const char*, const char*> newer_names[] = {
    {"referenced_tweets", "referenced_posts"},
    {"edit_history_tweet_ids", "edit_history_post_ids"},
    {"tweets", "posts"}};

void rename_members(ordered_json& value) {
  if (!value.is_structured()) return;
  if (value.is_object()) {
    for (const auto& [older, newer] : newer_names) {
      if (!value.contains(older)) continue;
      ordered_json moved = std::move(value[older]);
      value.erase(older);
      value[newer] = std::move(moved);
    }
  }
  for (ordered_json& child : value) rename_members(child);
}

// What the platforms' documents list the values of.
void make_unheard(ordered_json& value) {
  if (!value.is_structured()) return;
  for (const char* name : {"media_type", "media_product_type", "visibility", "privacyStatus",
                           "type", "state", "status_type", "$type"}) {
    if (value.is_object() && value.contains(name) && value[name].is_string())
      value[name] = "of_tomorrow";
  }
  for (ordered_json& child : value) make_unheard(child);
}

void add_error(ordered_json& root) {
  if (!root.is_object()) return;
  root["errors"] = {{{"value", "999"},
                     {"detail", "Could not find tweet with referenced_tweets.id: [999]."},
                     {"title", "Not Found Error"},
                     {"resource_type", "tweet"},
                     {"parameter", "referenced_tweets.id"},
                     {"resource_id", "999"},
                     {"type", "https://api.x.com/2/problems/resource-not-found"}}};
}

}  // namespace

std::string with_list_fault(const std::string& body, FaultKind kind) {
  ordered_json root = ordered_json::parse(body, nullptr, /*allow_exceptions=*/false);
  ordered_json* list = root.is_discarded() ? nullptr : find_list(root);
  if (root.is_discarded() && kind == FaultKind::mangled) return with_mangled_title(body);
  if (list == nullptr) return body;
  if (kind == FaultKind::emptied) *list = ordered_json::array();
  if (kind == FaultKind::shuffled) shuffle(*list);
  if (kind == FaultKind::doubled) make_twice(*list);
  if (kind == FaultKind::strange) make_strange(*list);
  if (kind == FaultKind::unreadable) make_unreadable(*list);
  if (kind == FaultKind::one_unreadable) list->front() = {{"an_unheard_of_member", true}};
  if (kind == FaultKind::half_unreadable) {
    list->insert(list->begin(), ordered_json{{"an_unheard_of_member", true}});
  }
  if (kind == FaultKind::mangled) mark_texts(list->front());
  if (kind == FaultKind::nextless) forget_next(root);
  if (kind == FaultKind::keyless) leave_out(root, list);
  if (kind == FaultKind::partial) add_error(root);
  if (kind == FaultKind::post_names) rename_members(root);
  if (kind == FaultKind::unheard) make_unheard(list->front());
  return mangled(json_bytes(root));
}

std::string with_last_item_of(const std::string& page, const std::string& body) {
  ordered_json before = ordered_json::parse(page, nullptr, /*allow_exceptions=*/false);
  ordered_json root = ordered_json::parse(body, nullptr, /*allow_exceptions=*/false);
  const ordered_json* listed = before.is_discarded() ? nullptr : find_list(before);
  ordered_json* list = root.is_discarded() ? nullptr : find_list(root);
  if (listed == nullptr || list == nullptr) return body;
  list->insert(list->begin(), listed->back());
  return json_bytes(root);
}

}  // namespace pw
