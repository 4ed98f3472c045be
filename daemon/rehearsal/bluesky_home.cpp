#include "daemon/rehearsal/bluesky_home.h"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/bluesky_view.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json; charset=utf-8";

HttpResponse answer_json(int status, const ordered_json& body) {
  return answer_of(status, json_bytes(body), json_type);
}

HttpResponse error_of(std::string_view name, std::string_view message) {
  return answer_json(400, ordered_json{{"error", name}, {"message", message}});
}

// The server that an account moved to has all of it, the one it left has nothing to say.
bool has_left(const Spell& spell, std::string_view base) {
  return spell.kind == SpellKind::moved && base != spell.new_handle;
}

std::optional<HttpResponse> trouble_of(const SimAccount* account, std::string_view asked,
                                       std::string_view base, Instant now) {
  if (account == nullptr) {
    return error_of("InvalidRequest", "Could not find repo: " + std::string(asked));
  }
  const Spell* spell = spell_at(*account, now);
  if (!spell || spell->kind == SpellKind::renamed) return std::nullopt;
  if (spell->kind == SpellKind::moved && !has_left(*spell, base)) return std::nullopt;
  if (spell->kind == SpellKind::suspended) return error_of("RepoTakendown", "Repo taken down");
  if (spell->kind == SpellKind::deleted) return error_of("RepoNotFound", "Could not find repo");
  return error_of("RepoDeactivated", "Repo is deactivated");
}

std::string_view key_of(const SimPost& post) {
  return std::string_view(post.id).substr(post.id.rfind('/') + 1);
}

bool is_in(const SimPost& post, std::string_view collection) {
  return post.id.find('/' + std::string(collection) + '/') != std::string::npos;
}

// By record key, newest first unless reversed; the cursor is a key.
HttpResponse list_records(const SimAccount& account, const SimRequest& request, Instant now) {
  const std::string_view collection = request.parameter("collection").value_or("");
  const bool ascending = request.parameter("reverse") == "true";
  const auto cursor = request.parameter("cursor");
  std::vector<const SimPost*> posts;
  for (const SimPost& post : account.posts) {
    if (!stands(post, now) || !is_in(post, collection)) continue;
    const bool passed = cursor && (ascending ? key_of(post) <= *cursor : key_of(post) >= *cursor);
    if (!passed) posts.push_back(&post);
  }
  std::sort(posts.begin(), posts.end(), [&](const SimPost* a, const SimPost* b) {
    return ascending ? key_of(*a) < key_of(*b) : key_of(*b) < key_of(*a);
  });
  const auto limit = static_cast<std::size_t>(number_or(request.parameter("limit"), 50, 1, 100));
  if (posts.size() > limit) posts.resize(limit);
  ordered_json out{{"records", ordered_json::array()}};
  for (const SimPost* post : posts) out["records"].push_back(print_kept_record(*post, now));
  // The reference server gives a cursor with every page that has a record.
  if (!posts.empty()) out["cursor"] = key_of(*posts.back());
  return answer_json(200, out);
}

HttpResponse get_record(const SimAccount& account, const SimRequest& request, Instant now) {
  const std::string_view collection = request.parameter("collection").value_or("");
  const std::string_view key = request.parameter("rkey").value_or("");
  for (const SimPost& post : account.posts) {
    if (stands(post, now) && is_in(post, collection) && key_of(post) == key) {
      return answer_json(200, print_kept_record(post, now));
    }
  }
  return error_of("RecordNotFound", "Could not locate record");
}

ordered_json status_of(const SimAccount& account, Instant now) {
  const Spell* spell = spell_at(account, now);
  const bool active =
      !spell || spell->kind == SpellKind::renamed || spell->kind == SpellKind::moved;
  ordered_json status{{"did", account.id}, {"active", active}};
  if (active) {
    status["rev"] = revision_of(account, now);
  } else {
    status["status"] = spell->kind == SpellKind::suspended ? "takendown" : "deactivated";
  }
  return status;
}

}  // namespace

std::string revision_of(const SimAccount& account, Instant now) {
  Instant last = *parse_rfc3339("2023-07-01T09:00:00Z");  // when the account was made
  std::uint64_t writes = 0;
  const auto note = [&](const std::optional<Instant>& at) {
    if (!at || *at > now) return;
    last = std::max(last, *at);
    ++writes;
  };
  for (const SimPost& post : account.posts) {
    note(post.created);
    note(post.edited);
    note(post.deleted);
  }
  return mint::tid(last, writes);
}

HttpResponse answer_directory(const SimAccount* account, const std::string& base, Instant now) {
  const Spell* spell = account ? spell_at(*account, now) : nullptr;
  if (account == nullptr || (spell && spell->kind == SpellKind::deleted)) {
    return answer_json(404, ordered_json{{"message", "DID not registered"}});
  }
  const bool renamed = spell && spell->kind == SpellKind::renamed;
  const std::string handle = renamed ? spell->new_handle : account->name;
  const std::string& server = spell && has_left(*spell, base) ? spell->new_handle : base;
  return answer_json(
      200, ordered_json{
               {"@context", ordered_json::array({"https://www.w3.org/ns/did/v1"})},
               {"id", account->id},
               {"alsoKnownAs", ordered_json::array({"at://" + handle})},
               {"service", ordered_json::array({ordered_json{{"id", "#atproto_pds"},
                                                             {"type", "AtprotoPersonalDataServer"},
                                                             {"serviceEndpoint", server}}})}});
}

std::optional<HttpResponse> answer_home(std::string_view call, const SimAccount* account,
                                        const SimRequest& request, Instant now) {
  constexpr std::string_view calls[] = {
      "com.atproto.sync.getLatestCommit", "com.atproto.sync.getRepoStatus",
      "com.atproto.repo.listRecords", "com.atproto.repo.getRecord"};
  if (std::find(std::begin(calls), std::end(calls), call) == std::end(calls)) return std::nullopt;
  if (account != nullptr && call == calls[1]) return answer_json(200, status_of(*account, now));
  const std::string_view asked =
      request.parameter("did").value_or(request.parameter("repo").value_or(""));
  if (auto trouble = trouble_of(account, asked, request.base, now)) return trouble;
  if (call == calls[0]) {
    return answer_json(200, ordered_json{{"cid", mint::cid(account->posts.size())},
                                         {"rev", revision_of(*account, now)}});
  }
  return call == calls[2] ? list_records(*account, request, now)
                          : get_record(*account, request, now);
}

}  // namespace pw
