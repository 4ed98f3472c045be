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

}  // namespace

std::string with_list_fault(const std::string& body, FaultKind kind) {
  ordered_json root = ordered_json::parse(body, nullptr, /*allow_exceptions=*/false);
  ordered_json* list = root.is_discarded() ? nullptr : find_list(root);
  if (list == nullptr) return body;
  if (kind == FaultKind::emptied) *list = ordered_json::array();
  if (kind == FaultKind::shuffled) shuffle(*list);
  if (kind == FaultKind::doubled) make_twice(*list);
  if (kind == FaultKind::strange) make_strange(*list);
  if (kind == FaultKind::unreadable) make_unreadable(*list);
  return json_bytes(root);
}

}  // namespace pw
