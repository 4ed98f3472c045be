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
      {"a rule of another spelling", "x.yaml", "\"rules\":\n  - name: a\n", 2, 5, ""},
      {"a campaign file whose first key is misspelt", "campaign.yaml",
       "campain: { name: x }\nrules: [ freeze.yaml ]\nhooks:\n  - whsec_c2VjcmV0\n", 4, 5, ""},
      {"a campaign file in quotes", "campaign.yaml",
       "\"campaign\": { name: x }\nrules:\n  - freeze.yaml\nhttp:\n  x: abcdefgh\n", 5, 3, ""},
      {"a pack that holds one all the same", "p.yaml", "rules:\n  - token: EAAB\n", 2, 5, ""},
      {"a roster of a stranger", "pledges.csv", "a\x1b[2J,b\xc2\x9b\r\n", 1, 6,
       "\n  a?[2J,b???\n       ^"},
      {"a command before a condition", "campaign.yaml",
       "s: { command: [/x, --pass, abc], when: finding.severty }\n", 1, 40, ""},
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
