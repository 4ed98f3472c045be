#include "daemon/screen/statements.h"

#include <algorithm>
#include <optional>

namespace pw {
namespace {

// The platforms on which the statement in question was already seen.
struct Statement {
  Instant first;
  std::vector<AccountNumber> accounts;
};

bool is_copy(const Statement& statement, const StoredPost& post) {
  const bool near = post.appeared.end - statement.first <= statement_span;
  const bool elsewhere = std::find(statement.accounts.begin(), statement.accounts.end(),
                                   post.account) == statement.accounts.end();
  return near && elsewhere;
}

}  // namespace

std::map<PostKey, int> statements_before(
    const std::vector<std::pair<const StoredPost*, bool>>& posts) {
  auto ordered = posts;
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    const auto key = [](const StoredPost& post) {
      return std::tuple(post.appeared.end, post.post.id, post.account);
    };
    return key(*a.first) < key(*b.first);
  });
  std::map<PostKey, int> before;
  std::optional<Statement> latest;
  int used = 0;
  for (const auto& [post, is_statement] : ordered) {
    const PostKey key{post->account, post->post.id};
    if (is_statement && latest && is_copy(*latest, *post)) {
      latest->accounts.push_back(post->account);
      before[key] = used - 1;  // as its first copy was judged
      continue;
    }
    before[key] = used;
    if (!is_statement) continue;
    ++used;
    latest = Statement{post->appeared.end, {post->account}};
  }
  return before;
}

}  // namespace pw
