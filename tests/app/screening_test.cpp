// Which stored posts are worth a screening.
#include <filesystem>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/screen/screening.h"
#include "tests/app/support/campaign.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

struct Row {
  const char* what;
  bool baseline;
  bool stamped;  // by the platform
  bool judged;
};

constexpr Row rows[] = {
    {"new", false, false, true},
    {"new, with a server's stamp", false, true, true},
    {"of before the watch, with a server's stamp", true, true, true},
    {"of before the watch, dated by its author", true, false, false},
};

Grounds small_grounds() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("pw-screening-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Setup setup = test::small_campaign(folder.string(), 1, {noon, noon + 1h});
  std::filesystem::remove_all(folder);
  Grounds grounds;
  grounds.roster = std::move(setup.roster);
  grounds.roster.accounts.front().number = 1;
  grounds.account_at = index_accounts(grounds.roster.accounts);
  grounds.statement = std::move(setup.statement);
  return grounds;
}

}  // namespace

TEST_CASE("a post that is not screened is one that no rule would have judged") {
  Grounds with_statement = small_grounds();
  if (!with_statement.statement) with_statement.statement.emplace();
  Grounds without = small_grounds();
  without.statement.reset();
  for (const Row& row : rows) {
    INFO(row.what);
    StoredPost post;
    post.account = 1;
    post.baseline = row.baseline;
    post.post.claimed_at = noon;
    if (row.stamped) post.post.server_at = noon;
    CHECK(is_judged(without, post) == row.judged);
    CHECK(needs_screening(without, post) == row.judged);
    CHECK(needs_screening(with_statement, post));
  }
}
