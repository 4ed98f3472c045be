#include "daemon/app/tell.h"

#include <catch2/catch.hpp>

using namespace pw;

namespace {

struct Row {
  const char* name;
  const char* file;
  const char* text;
  int line;
  int column;
  const char* shown;  // what follows the issue's own line; empty: nothing
};

}  // namespace

TEST_CASE("a mistake is shown in its line, unless that line may hold a secret") {
  const Row rows[] = {
      {"a condition", "campaign.yaml", "sinks:\n  - when: finding.severty == 1\n", 2, 19,
       "\n    - when: finding.severty == 1\n                    ^"},
      {"a roster", "pledges.csv", "actor,platform\nAda,instagrm\n", 2, 5,
       "\n  Ada,instagrm\n      ^"},
      {"a rule pack", "freeze.yaml", "rules:\n  - name: a\n    mod: shadow\n", 3, 5,
       "\n      mod: shadow\n      ^"},
      {"a token beside the condition", "campaign.yaml",
       "s: { when: finding.severty, token: EAAB }\n", 1, 12, ""},
      {"another line of a campaign file", "campaign.yaml", "secret:\n  whsec_c2VjcmV0\n", 2, 3, ""},
      {"a line that the file does not have", "pledges.csv", "actor\n", 9, 1, ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Issue issue{row.file, row.line, row.column, "wrong"};
    CHECK(print_shown(issue, row.text) == print_issue(issue) + row.shown);
  }
}
