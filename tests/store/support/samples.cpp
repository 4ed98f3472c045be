#include "tests/store/support/samples.h"

namespace pw {
namespace {

using namespace std::literals;

void add(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
  out += '|';
}
void add(std::string& out, Instant t) { add(out, std::to_string(ms_of(t))); }
void add(std::string& out, std::int64_t value) { add(out, std::to_string(value)); }
void add(std::string& out, const Digest& digest) { add(out, bytes_of(digest)); }
void add(std::string& out, Interval interval) {
  add(out, interval.start);
  add(out, interval.end);
}
template <class Value>
void add(std::string& out, const std::optional<Value>& value) {
  if (!value) return add(out, "nothing"sv);
  add(out, *value);
}
void add(std::string& out, const std::vector<std::string>& texts) {
  add(out, static_cast<std::int64_t>(texts.size()));
  for (const std::string& text : texts) add(out, std::string_view(text));
}

}  // namespace

Instant at_second(std::int64_t seconds) {
  return instant_of_ms(1'600'214'400'000 + seconds * 1000);
}

std::vector<Account> sample_accounts(int count) {
  std::vector<Account> accounts;
  for (int i = 0; i < count; ++i) {
    Account account;
    account.platform = i % 2 == 0 ? "mastodon" : "instagram";
    account.handle = "account" + std::to_string(i);
    accounts.push_back(account);
  }
  return accounts;
}

StoredPost sample_post(AccountNumber account, const std::string& id) {
  StoredPost stored;
  stored.account = account;
  stored.salt = "0123456789ab\0\xff\x80\x01"s;
  stored.appeared = {at_second(-60), at_second(0)};
  stored.first_seen = at_second(1);
  stored.last_seen = at_second(0);
  Post& post = stored.post;
  post.id = id;
  post.surface = Surface::reel;
  post.claimed_at = at_second(-30);
  post.server_at = at_second(-20);
  post.server_precision = Millis{250};
  post.edited_at = at_second(-10);
  post.text = "a\0b \xc3\x28 \xf0\x9f\xa6\x86 '; DROP TABLE post; --"s;
  post.url = "https://example.org/p/1?a=%00";
  post.lang = "en-GB";
  post.repost_of = "other\nid";
  post.in_reply_to = "https://example.org/x";
  post.media = "video";
  post.tags = {"", "StopHateForProfit", "1:a", "\xff\0"s};
  post.links = {"https://example.org/" + std::string(3000, 'x')};
  post.mentions = {};
  post.paid_partnership = false;
  post.pinned = true;
  stored.digest = digest_of(post);
  return stored;
}

Finding sample_finding(AccountNumber account, const std::string& post_id) {
  Finding finding;
  finding.id = finding_id("freeze", account, post_id, "posted-during-freeze");
  finding.account = account;
  finding.post_id = post_id;
  finding.rule = "posted-during-freeze";
  finding.severity = Severity::warning;
  finding.mode = Mode::shadow;
  finding.needs_review = true;
  finding.why = "post.lang is absent";
  finding.summary = "posted \xf0\x9f\xa6\x86";
  finding.appeared = {at_second(-60), at_second(0)};
  finding.found_at = at_second(2);
  return finding;
}

OutboxRow sample_row(const std::string& sink, const std::string& id, Instant not_before) {
  OutboxRow row;
  row.id = id;
  row.sink = sink;
  row.body = "{\"id\":\"" + id + "\"}";
  row.not_before = not_before;
  return row;
}

LookCommit sample_look(AccountNumber account, std::vector<StoredPost> posts) {
  LookCommit look;
  look.state.account = account;
  look.state.id = "id-" + std::to_string(account);
  look.state.etag = "W/\"abc\"";
  look.state.last_modified = "Wed, 16 Sep 2020 00:00:00 GMT";
  look.state.body_digest = sha256("body");
  look.state.has_baseline = true;
  look.state.baseline_depth = 20;
  look.state.listed = 12;
  look.posts = std::move(posts);
  look.effective = at_second(0);
  look.leaves = {"look " + std::to_string(account)};
  return look;
}

std::string print_stored(const StoredPost& stored) {
  std::string out;
  const Post& post = stored.post;
  add(out, std::int64_t{stored.account});
  add(out, stored.digest);
  add(out, std::string_view(stored.salt));
  add(out, stored.appeared);
  add(out, std::int64_t{stored.baseline});
  add(out, stored.first_seen);
  add(out, stored.last_seen);
  add(out, stored.removed);
  for (const std::string* text : {&post.id, &post.text, &post.url, &post.lang, &post.repost_of,
                                  &post.in_reply_to, &post.media}) {
    add(out, std::string_view(*text));
  }
  add(out, name_of(post.surface));
  add(out, post.claimed_at);
  add(out, post.server_at);
  add(out, std::int64_t{post.server_precision.count()});
  add(out, post.edited_at);
  add(out, post.tags);
  add(out, post.links);
  add(out, post.mentions);
  add(out, std::int64_t{post.paid_partnership ? *post.paid_partnership : 2});
  add(out, std::int64_t{post.pinned});
  return out;
}

std::string print_finding(const Finding& finding) {
  std::string out;
  add(out, std::int64_t{finding.account});
  for (const std::string* text :
       {&finding.id, &finding.post_id, &finding.rule, &finding.why, &finding.summary}) {
    add(out, std::string_view(*text));
  }
  add(out, name_of(finding.severity));
  add(out, name_of(finding.mode));
  add(out, name_of(finding.state));
  add(out, std::int64_t{finding.needs_review});
  add(out, finding.appeared);
  add(out, finding.found_at);
  return out;
}

std::string print_state(const AccountState& state) {
  std::string out;
  add(out, std::int64_t{state.account});
  add(out, std::string_view(state.id));
  add(out, std::string_view(state.etag));
  add(out, std::string_view(state.last_modified));
  add(out, state.body_digest);
  add(out, state.list_digest);
  add(out, std::int64_t{state.has_baseline});
  add(out, std::int64_t{state.baseline_whole});
  add(out, std::int64_t{state.baseline_depth});
  add(out, std::int64_t{state.listed});
  return out;
}

}  // namespace pw
