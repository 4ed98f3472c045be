// What a command beside the service makes of secrets that it does not get; and promises
// of the files that no platform can keep.
#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "daemon/app/setup.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;

TEST_CASE("a credential of the service's is stood in for; what can be read is read") {
  using Kind = SecretName::Kind;
  unsetenv("CREDENTIALS_DIRECTORY");
  const auto first = secret_beside_service({Kind::credential, "token"});
  const auto second = secret_beside_service({Kind::credential, "token"});
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*first != *second);  // nobody can know it, and no two people share one
  CHECK(first->starts_with("https://credential.invalid/"));  // RFC 2606: resolves nowhere
  CHECK_FALSE(secret_beside_service({Kind::file, "/nonexistent/secret"}));

  const TempFolder folder;
  setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), /*overwrite=*/1);
  CHECK_FALSE(is_for_service_alone({Kind::credential, "token"}));
  CHECK_FALSE(secret_beside_service({Kind::credential, "token"}));  // the service would miss it too
  unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("who tells whole days needs a lag that reaches the end of the window's day") {
  struct LagRow {
    std::string lag;  // of the connector; empty: as it is declared
    std::string end;  // of the window
    bool refused;
  };
  const LagRow rows[] = {
      {"", "2026-09-16T12:00", false},   {"5m", "2026-09-16T12:00", true},
      {"11h", "2026-09-16T12:00", true}, {"12h", "2026-09-16T12:00", false},
      {"5m", "2026-09-17T00:00", false},
  };
  for (const LagRow& row : rows) {
    INFO(row.lag << " until " << row.end);
    const TempFolder folder;
    const auto write = [&](const char* name, const std::string& text) {
      std::ofstream(folder.path() / name) << text;
    };
    write("campaign.yaml",
          "campaign:\n  name: ads\n  default_zone: UTC\n"
          "  window: { start: 2026-09-16T00:00, end: " +
              row.end +
              ", zone: UTC }\nroster: roster.csv\nrules: [ rules.yaml ]\nconnectors:\n"
              "  facebook_ads: { " +
              (row.lag.empty() ? "" : "lag: " + row.lag + ", ") +
              "credentials: [ { token: { file: token }, budget: 150/h } ] }\nstore: state\n");
    write("roster.csv", "actor,platform,handle,scope\nAnn,facebook_ads,100200300400510,ad\n");
    write("rules.yaml",
          "rules:\n  - name: ran\n    when: post.surface == \"ad\"\n    severity: breach\n"
          "    summary: ran\n");
    write("token", "a-token-of-nobody\n");
    Issues issues;
    const auto setup = load_setup((folder.path() / "campaign.yaml").string(), issues);
    std::string said;
    for (const Issue& issue : issues) said += print_issue(issue) + "\n";
    INFO(said);
    CHECK((said.find("is too short") != std::string::npos) == row.refused);
    CHECK(setup.has_value() != row.refused);
  }
}
