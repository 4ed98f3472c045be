// Posts, and what one look found.
#include <algorithm>

#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

constexpr Sql replace_post =
    "INSERT INTO post (account, id, salt, digest, appeared_start, appeared_end, baseline,"
    " first_seen, last_seen, removed_start, removed_end, screened, surface, claimed_at,"
    " server_at, server_precision, edited_at, paid_partnership, pinned, lang, media, url,"
    " repost_of, in_reply_to, tags, links, mentions, text)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (account, id) DO UPDATE SET salt = excluded.salt, digest = excluded.digest,"
    " appeared_start = excluded.appeared_start, appeared_end = excluded.appeared_end,"
    " first_seen = min(first_seen, excluded.first_seen), last_seen = excluded.last_seen,"
    " removed_start = excluded.removed_start, removed_end = excluded.removed_end,"
    " screened = (excluded.screened AND baseline),"
    " surface = excluded.surface, claimed_at = excluded.claimed_at,"
    " server_at = excluded.server_at, server_precision = excluded.server_precision,"
    " edited_at = excluded.edited_at, paid_partnership = excluded.paid_partnership,"
    " pinned = excluded.pinned, lang = excluded.lang, media = excluded.media,"
    " url = excluded.url, repost_of = excluded.repost_of, in_reply_to = excluded.in_reply_to,"
    " tags = excluded.tags, links = excluded.links, mentions = excluded.mentions,"
    " text = excluded.text";

void store(Transaction& transaction, const StoredPost& stored) {
  const Post& post = stored.post;
  const auto removed = stored.removed;
  transaction.run(replace_post, stored.account, post.id, Blob{stored.salt}, stored.digest,
                  stored.appeared.start, stored.appeared.end, stored.baseline, stored.first_seen,
                  stored.last_seen, removed ? std::optional(removed->start) : std::nullopt,
                  removed ? std::optional(removed->end) : std::nullopt, stored.screened,
                  name_of(post.surface), post.claimed_at, post.server_at, post.server_precision,
                  post.edited_at, post.paid_partnership, post.pinned, post.lang, post.media,
                  post.url, post.repost_of, post.in_reply_to, post.tags, post.links, post.mentions,
                  post.text);
}

void store_state(Transaction& transaction, const AccountState& state) {
  const int changed = transaction.run(
      "UPDATE account SET id = ?, etag = ?, last_modified = ?, body_digest = ?, list_digest = ?,"
      " has_baseline = ?, baseline_whole = ?, baseline_depth = ?, listed = ?,"
      " home = ?, token = ? WHERE number = ?",
      state.id, state.etag, state.last_modified, state.body_digest, state.list_digest,
      state.has_baseline, state.baseline_whole, state.baseline_depth, state.listed, state.home,
      state.token, state.account);
  if (changed == 0) transaction.refuse(Errc::malformed, "a look at an account never enrolled");
}

constexpr Sql unscreened_posts =
    "SELECT account, id, salt, digest, appeared_start, appeared_end, baseline, first_seen,"
    " last_seen, removed_start, removed_end, surface, claimed_at, server_at, server_precision,"
    " edited_at, paid_partnership, pinned, lang, media, url, repost_of, in_reply_to, tags, links,"
    " mentions, text FROM post INDEXED BY post_unscreened WHERE screened = 0"
    " ORDER BY first_seen, row LIMIT ?";
constexpr Sql posts_of_account =
    "SELECT account, id, salt, digest, appeared_start, appeared_end, baseline, first_seen,"
    " last_seen, removed_start, removed_end, surface, claimed_at, server_at, server_precision,"
    " edited_at, paid_partnership, pinned, lang, media, url, repost_of, in_reply_to, tags, links,"
    " mentions, text FROM post WHERE account = ? ORDER BY appeared_start, id";

constexpr Sql one_post =
    "SELECT account, id, salt, digest, appeared_start, appeared_end, baseline, first_seen,"
    " last_seen, removed_start, removed_end, surface, claimed_at, server_at, server_precision,"
    " edited_at, paid_partnership, pinned, lang, media, url, repost_of, in_reply_to, tags, links,"
    " mentions, text FROM post WHERE account = ? AND id = ?";

// Columns as in the three questions above.
StoredPost read_post(Statement& row) {
  StoredPost stored;
  stored.account = static_cast<AccountNumber>(row.integer(0));
  stored.salt = row.text(2);
  stored.digest = row.digest(3);
  stored.appeared = row.interval(4);
  stored.baseline = row.flag(6);
  stored.first_seen = row.instant(7);
  stored.last_seen = row.instant(8);
  stored.removed = row.maybe_interval(9);
  Post& post = stored.post;
  post.id = row.text(1);
  post.surface = row.named(11, parse_surface);
  post.claimed_at = row.maybe_instant(12);
  post.server_at = row.maybe_instant(13);
  post.server_precision = Millis{row.integer(14)};
  post.edited_at = row.maybe_instant(15);
  if (!row.null(16)) post.paid_partnership = row.flag(16);
  post.pinned = row.flag(17);
  post.lang = row.text(18);
  post.media = row.text(19);
  post.url = row.text(20);
  post.repost_of = row.text(21);
  post.in_reply_to = row.text(22);
  post.tags = row.texts(23);
  post.links = row.texts(24);
  post.mentions = row.texts(25);
  post.text = row.text(26);
  stored.erased = stored.salt.empty() && stored.digest == Digest{};
  return stored;
}

Result<Done> read_posts(Statement& rows, std::vector<StoredPost>& posts) {
  while (rows.next()) posts.push_back(read_post(rows));
  return rows.end("reading posts");
}

void store(Transaction& transaction, const LookCommit& commit) {
  store_state(transaction, commit.state);
  for (const StoredPost& post : commit.posts) store(transaction, post);
  for (const StoredPost& post : commit.removed) {
    if (!post.removed) continue;
    transaction.run(
        "UPDATE post SET removed_start = ?, removed_end = ? WHERE account = ? AND id = ?",
        post.removed->start, post.removed->end, post.account, post.post.id);
  }
  for (const std::string& id : commit.seen) {
    transaction.run(
        "UPDATE post SET last_seen = ?, removed_start = NULL, removed_end = NULL"
        " WHERE account = ? AND id = ?",
        commit.effective, commit.state.account, id);
  }
}

}  // namespace

Result<Done> SqliteStore::commit_looks(std::span<const LookCommit* const> looks) {
  Transaction transaction(*database_);
  std::vector<std::string> leaves;
  for (const LookCommit* look : looks) {
    store(transaction, *look);
    leaves.insert(leaves.end(), look->leaves.begin(), look->leaves.end());
  }
  return conclude(transaction, leaves);
}

Result<std::vector<KnownPost>> SqliteStore::known_posts(AccountNumber account) {
  Statement statement(*database_,
                      "SELECT id, salt, digest, appeared_start, appeared_end, last_seen,"
                      " removed_start IS NOT NULL, surface FROM post WHERE account = ? ORDER BY id",
                      account);
  std::vector<KnownPost> posts;
  while (statement.next()) {
    KnownPost& post = posts.emplace_back();
    post.id = statement.text(0);
    post.salt = statement.text(1);
    post.digest = statement.digest(2);
    post.appeared = statement.interval(3);
    post.last_seen = statement.instant(5);
    post.removed = statement.flag(6);
    post.surface = statement.named(7, parse_surface);
    post.erased = post.salt.empty() && post.digest == Digest{};
  }
  if (const auto end = statement.end("reading known posts"); !end) return end.error();
  return posts;
}

Result<std::vector<StoredPost>> SqliteStore::unscreened(int limit) {
  Statement statement(*database_, unscreened_posts, std::max(limit, 0));
  std::vector<StoredPost> posts;
  if (const auto end = read_posts(statement, posts); !end) return end.error();
  return posts;
}

Result<std::vector<StoredPost>> SqliteStore::posts_of(std::span<const AccountNumber> accounts) {
  std::vector<StoredPost> posts;
  for (const AccountNumber account : accounts) {
    Statement statement(*database_, posts_of_account, account);
    if (const auto end = read_posts(statement, posts); !end) return end.error();
  }
  return posts;
}

Result<std::optional<StoredPost>> SqliteStore::post(AccountNumber account, std::string_view id) {
  Statement statement(*database_, one_post, account, id);
  std::vector<StoredPost> posts;
  if (const auto end = read_posts(statement, posts); !end) return end.error();
  return posts.empty() ? std::optional<StoredPost>() : std::move(posts.front());
}

}  // namespace pw
