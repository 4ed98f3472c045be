// What the log's terms say of each connector.
#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/app/campaign_plan.h"

using namespace pw;

namespace {

AccountTerms terms_on(const std::string& platform) {
  Roster roster;
  roster.pledges.resize(1);
  roster.accounts.resize(1);
  roster.accounts[0].platform = platform;
  Connectors connectors;
  connectors[platform] = make_connector(platform, {});
  CampaignPlan plan;
  plan.lane_of = {not_watched};
  return terms_of({}, roster, connectors, plan).accounts.at(0);
}

}  // namespace

TEST_CASE("terms name a backdated post where the list proves the rest and never shows it") {
  struct Row {
    const char* platform;
    bool list_proves, hides_backdated;
  };
  for (const Row& row :
       {Row{"feed", true, true}, Row{"instagram", true, false}, Row{"mastodon", true, false},
        Row{"bluesky", true, false}, Row{"tumblr", false, false}, Row{"facebook", false, false}}) {
    INFO(row.platform);
    const AccountTerms terms = terms_on(row.platform);
    CHECK(terms.list_proves == row.list_proves);
    CHECK(terms.hides_backdated == row.hides_backdated);
  }
}
