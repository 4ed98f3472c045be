#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/json_bytes.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using nlohmann::ordered_json;

// Handles are compared as the platforms do: without case.
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void set_time(ordered_json& out, const char* key, const std::optional<Instant>& t) {
  if (t) out[key] = print_rfc3339(*t);
}

void set_text(ordered_json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}

ordered_json encode_json(const Interval& span) {
  return {print_rfc3339(span.start), print_rfc3339(span.end)};
}

ordered_json encode_json(const SimPost& post) {
  ordered_json out;
  out["id"] = post.id;
  out["surface"] = name_of(post.surface);
  out["created"] = print_rfc3339(post.created);
  out["declared"] = print_rfc3339(post.declared);
  set_time(out, "deleted", post.deleted);
  set_time(out, "edited", post.edited);
  set_time(out, "pinned", post.pinned);
  out["text"] = post.text;
  set_text(out, "edited_text", post.edited_text);
  set_text(out, "media", post.media);
  set_text(out, "answers", post.answers);
  if (post.answers_own) out["answers_own"] = true;
  if (post.quotes) out["quotes"] = true;
  if (post.statement) out["statement"] = true;
  out["serial"] = post.serial;
  return out;
}

ordered_json encode_json(const SimAccount& account) {
  ordered_json out;
  out["platform"] = account.platform;
  out["handle"] = account.handle;
  set_text(out, "host", account.host);
  out["name"] = account.name;
  out["id"] = account.id;
  out["actor"] = account.actor;
  out["role"] = account.role;
  if (account.platform == "feed") out["format"] = name_of(account.format);
  out["posts"] = ordered_json::array();
  for (const SimPost& post : account.posts) out["posts"].push_back(encode_json(post));
  for (const Spell& spell : account.spells) {
    ordered_json entry;
    entry["kind"] = name_of(spell.kind);
    entry["span"] = encode_json(spell.span);
    set_text(entry, "new_handle", spell.new_handle);
    out["spells"].push_back(entry);
  }
  return out;
}

ordered_json encode_json(const Fault& fault) {
  ordered_json out;
  out["kind"] = name_of(fault.kind);
  out["span"] = encode_json(fault.span);
  set_text(out, "platform", fault.platform);
  set_text(out, "host", fault.host);
  set_text(out, "handle", fault.handle);
  set_text(out, "user_id", fault.user_id);
  return out;
}

}  // namespace

bool stands(const SimPost& post, Instant now) {
  return post.created <= now && (!post.deleted || now < *post.deleted);
}

const std::string& text_at(const SimPost& post, Instant now) {
  return post.edited && *post.edited <= now ? post.edited_text : post.text;
}

const Spell* spell_at(const SimAccount& account, Instant now) {
  const auto it = std::find_if(account.spells.begin(), account.spells.end(),
                               [&](const Spell& spell) { return spell.span.contains(now); });
  return it == account.spells.end() ? nullptr : &*it;
}

const SimAccount* find_by_name(const Population& population, std::string_view platform,
                               std::string_view host, std::string_view name) {
  const std::vector<SimAccount>& accounts = population.accounts;
  const auto fits = [&](const SimAccount& account) {
    return account.platform == platform && account.host == host && same_name(account.name, name);
  };
  population.index.fill(accounts);
  const auto place = population.index.by_name(platform, host, name);
  if (place && fits(accounts[*place])) return &accounts[*place];
  const auto it = std::find_if(accounts.begin(), accounts.end(), fits);
  return it == accounts.end() ? nullptr : &*it;
}

const SimAccount* find_by_id(const Population& population, std::string_view platform,
                             std::string_view host, std::string_view id) {
  const std::vector<SimAccount>& accounts = population.accounts;
  const auto fits = [&](const SimAccount& account) {
    return account.platform == platform && account.host == host && account.id == id;
  };
  population.index.fill(accounts);
  const auto place = population.index.by_id(platform, host, id);
  if (place && fits(accounts[*place])) return &accounts[*place];
  const auto it = std::find_if(accounts.begin(), accounts.end(), fits);
  return it == accounts.end() ? nullptr : &*it;
}

std::string print_population(const Population& population) {
  ordered_json out;
  out["seed"] = population.seed;
  out["window"] = encode_json(population.window);
  out["hashtag"] = population.hashtag;
  out["accounts"] = ordered_json::array();
  for (const SimAccount& account : population.accounts)
    out["accounts"].push_back(encode_json(account));
  out["faults"] = ordered_json::array();
  for (const Fault& fault : population.faults) out["faults"].push_back(encode_json(fault));
  for (const SimCredential& credential : population.credentials) {
    out["credentials"].push_back({{"label", credential.label}, {"user_id", credential.user_id}});
  }
  return json_bytes(out, 1) + '\n';
}

}  // namespace pw
