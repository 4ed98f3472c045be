#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/plan.h"

namespace pw {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json encode(const PlannedPost& post) {
  ordered_json out;
  out["id"] = post.id;
  out["surface"] = name_of(post.surface);
  out["appeared"] = print_rfc3339(post.appeared);
  out["deleted_at"] = post.deleted ? ordered_json(print_rfc3339(*post.deleted)) : ordered_json();
  out["expected"] = name_of(post.expected);
  out["reason"] = post.reason;
  return out;
}

ordered_json encode(const Fault& fault) {
  ordered_json out;
  out["kind"] = name_of(fault.kind);
  out["from"] = print_rfc3339(fault.span.start);
  out["to"] = print_rfc3339(fault.span.end);
  const std::pair<const char*, const std::string*> fields[] = {{"platform", &fault.platform},
                                                               {"host", &fault.host},
                                                               {"handle", &fault.handle},
                                                               {"user_id", &fault.user_id}};
  for (const auto& [key, text] : fields) {
    if (!text->empty()) out[key] = *text;
  }
  return out;
}

const json* field(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const json& object, const char* key) {
  const json* value = field(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<Instant> time_of(const json& object, const char* key) {
  return parse_rfc3339(text_of(object, key));
}

Error malformed(std::string detail) { return {Errc::malformed, "plan.json: " + std::move(detail)}; }

Result<PlannedPost> decode_post(const json& in) {
  PlannedPost post{.id = text_of(in, "id")};
  const auto surface = parse_surface(text_of(in, "surface"));
  const auto appeared = time_of(in, "appeared");
  const auto expected =
      std::find(expected_names.begin(), expected_names.end(), text_of(in, "expected"));
  if (post.id.empty() || !surface || !appeared || expected == expected_names.end()) {
    return malformed("a post without id, surface, time or expectation");
  }
  post.surface = *surface;
  post.appeared = *appeared;
  post.deleted = time_of(in, "deleted_at");
  post.expected = static_cast<Expected>(expected - expected_names.begin());
  post.reason = text_of(in, "reason");
  return post;
}

Result<PlannedAccount> decode_account(const json& in) {
  PlannedAccount account{text_of(in, "platform"), text_of(in, "handle"), text_of(in, "actor"),
                         text_of(in, "role")};
  const json* posts = field(in, "posts");
  if (account.platform.empty() || account.handle.empty() || !posts || !posts->is_array()) {
    return malformed("an account without platform, handle or posts");
  }
  for (const json& entry : *posts) {
    Result<PlannedPost> post = decode_post(entry);
    if (!post) return post.error();
    account.posts.push_back(*std::move(post));
  }
  return account;
}

}  // namespace

std::string print_plan(const DayPlan& plan) {
  ordered_json out;
  out["seed"] = plan.seed;
  out["window"] = {{"start", print_rfc3339(plan.window.start)},
                   {"end", print_rfc3339(plan.window.end)}};
  out["rule"] = plan.rule;
  for (std::size_t i = 0; i < expected_names.size(); ++i) {
    out["counts"][std::string(expected_names[i])] = count(plan, static_cast<Expected>(i));
  }
  out["accounts"] = ordered_json::array();
  for (const PlannedAccount& account : plan.accounts) {
    ordered_json entry;
    entry["platform"] = account.platform;
    entry["handle"] = account.handle;
    entry["actor"] = account.actor;
    entry["role"] = account.role;
    entry["does"] = account.does;
    entry["posts"] = ordered_json::array();
    for (const PlannedPost& post : account.posts) entry["posts"].push_back(encode(post));
    out["accounts"].push_back(std::move(entry));
  }
  out["faults"] = ordered_json::array();
  for (const Fault& fault : plan.faults) out["faults"].push_back(encode(fault));
  return json_bytes(out, 1) + '\n';
}

Result<DayPlan> parse_plan(std::string_view text) {
  const json in = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (in.is_discarded()) return malformed("no JSON");
  DayPlan plan{.rule = text_of(in, "rule")};
  const json* seed = field(in, "seed");
  const json* window = field(in, "window");
  const json* accounts = field(in, "accounts");
  if (!seed || !seed->is_number_integer() || !window || !accounts || !accounts->is_array()) {
    return malformed("no seed, window or accounts");
  }
  plan.seed = seed->get<std::uint64_t>();
  const auto start = time_of(*window, "start");
  const auto end = time_of(*window, "end");
  if (!start || !end) return malformed("a window without start or end");
  plan.window = {*start, *end};
  for (const json& entry : *accounts) {
    Result<PlannedAccount> account = decode_account(entry);
    if (!account) return account.error();
    plan.accounts.push_back(*std::move(account));
  }
  return plan;
}

}  // namespace pw
