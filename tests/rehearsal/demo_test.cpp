#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "config/load.h"
#include "config/roster.h"
#include "connectors/registry.h"
#include "daemon/rehearsal/demo_campaign.h"
#include "rules/pack.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
namespace fs = std::filesystem;

namespace {

DemoOptions two_minutes() {
  return {.seed = 1,
          .accounts = 60,
          .window = {at("2026-11-24T03:22:07Z"), at("2026-11-24T03:24:07Z")},
          .port = 8423};
}

// A folder that goes away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("pw-demo-" + std::to_string(::getpid()));
  ~Folder() { fs::remove_all(path); }
};

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("accounts are mixed as the demo's sixty are") {
  const Mix sixty = mix_of(60);
  CHECK(sixty.instagram == 25);
  CHECK(sixty.mastodon == 15);
  CHECK(sixty.bluesky == 10);
  CHECK(sixty.feed == 10);
  for (const int n : {4, 7, 59, 61, 900}) {
    const Mix mix = mix_of(n);
    CHECK(mix.instagram + mix.mastodon + mix.bluesky + mix.feed == n);
  }
}

TEST_CASE("the demo's files are what the loaders read, without a mistake") {
  const Folder folder;
  const DemoCampaign campaign = make_demo_campaign(two_minutes());
  REQUIRE(write_demo_campaign(campaign, folder.path.string()));
  Issues issues;
  const auto config =
      load_config_file((folder.path / "campaign.yaml").string(), connector_names(), issues);
  for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
  REQUIRE(config);
  CHECK(issues.empty());
  CHECK(config->connectors.size() == 4);
  CHECK(config->connectors.at("instagram").credentials.size() == 2);
  CHECK(config->connectors.at("mastodon").base == "http://127.0.0.1:8423/mastodon/{host}");
  CHECK(config->connectors.at("bluesky").lag == Millis{0});
  CHECK(config->campaign.sweep == std::chrono::seconds(3));
  CHECK(config->sinks.size() == 2);
  CHECK(config->sinks[1].is_public);
  CHECK(config->reviewers.size() == 2);
  CHECK(config->sinks[0].secret->value == campaign.hook_secrets.at("organisers"));
  CHECK(fs::path(config->state_dir) == folder.path / "state");
  CHECK(fs::path(config->log_dir) == folder.path / "log");

  std::map<std::string, std::unique_ptr<Connector>, std::less<>> connectors;
  for (const std::string_view name : connector_names()) {
    connectors.emplace(name, make_connector(name, {}));
  }
  const auto roster =
      load_roster_file(*config, connector_names(), issues, [&](Account account, std::string& why) {
        return connectors.find(account.platform)->second->normalise(std::move(account), why);
      });
  for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
  REQUIRE(roster);
  CHECK(issues.empty());
  REQUIRE(roster->accounts.size() == 60);
  // One actor speaks on two platforms.
  CHECK(roster->pledges.size() == 59);
  CHECK(roster->pledges[0].windows[0].span == campaign.terms.window);
  CHECK(roster->pledges[0].surfaces == campaign.terms.surfaces);
  CHECK(roster->pledges[0].statements_allowed == 1);
  for (std::size_t i = 0; i < 60; ++i) {
    CHECK(roster->accounts[i].handle == campaign.plan.accounts[i].handle);
  }

  const auto pack = load_pack("freeze.yaml", text_of(folder.path / "rules/freeze.yaml"), issues);
  for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
  REQUIRE(pack);
  CHECK(pack->rules.at(0).name == campaign.plan.rule);
  CHECK(run_examples(*pack).empty());
}

TEST_CASE("secrets are for their owner, and a second run replaces the first") {
  const Folder folder;
  const DemoCampaign campaign = make_demo_campaign(two_minutes());
  REQUIRE(write_demo_campaign(campaign, folder.path.string()));
  DemoOptions other = two_minutes();
  other.seed = 2;
  REQUIRE(write_demo_campaign(make_demo_campaign(other), folder.path.string()));
  CHECK(text_of(folder.path / "plan.json") != campaign.files.at("plan.json"));
  for (const char* name : {"secrets/instagram-a", "secrets/hook-organisers"}) {
    struct stat info {};
    REQUIRE(::stat((folder.path / name).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
  CHECK(make_demo_campaign(two_minutes()).files == campaign.files);
}

TEST_CASE("a folder that cannot be is an error, not a crash") {
  CHECK_FALSE(write_demo_campaign(make_demo_campaign(two_minutes()), "/dev/null/demo"));
}
