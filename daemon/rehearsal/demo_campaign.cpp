#include "daemon/rehearsal/demo_campaign.h"

#include <algorithm>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/demo_files.h"
#include "daemon/rehearsal/meta_twins.h"
#include "daemon/rehearsal/open_twins.h"
#include "daemon/rehearsal/random.h"

namespace pw {
namespace {

constexpr int twins_max = 20;

std::string secret_of(std::uint64_t seed, std::string_view purpose) {
  return std::string(bytes_of(sha256(std::string(purpose) + ' ' + std::to_string(seed))));
}

std::vector<SimCredential> credentials_of(std::uint64_t seed) {
  std::vector<SimCredential> credentials;
  for (const std::string name : {"a", "b"}) {
    const std::string label = "instagram-" + name;
    // The look of a Graph token, of no worth anywhere.
    credentials.push_back({label, "app-" + name,
                           "1784140000000000" + std::string(name == "a" ? "1" : "2"),
                           "EAASIM" + print_hex(sha256(secret_of(seed, label))).substr(0, 40)});
  }
  return credentials;
}

// The platforms' own limits, in the proportion in which the day is shorter.
SimLimits scaled_limits() {
  SimLimits limits;
  limits.instagram = 100'000;
  limits.facebook = 100'000;
  limits.threads = 100'000;
  limits.mastodon = 20'000;
  limits.mastodon_paging = 20'000;
  limits.bluesky = 20'000;
  limits.youtube = limits.x = limits.reddit = limits.tiktok = limits.tumblr = 100'000;
  limits.telegram = 1'000;
  return limits;
}

PopulationOptions population_options(const DemoOptions& options) {
  PopulationOptions population;
  population.cast.seed = options.seed;
  population.cast.mix = mix_of(options.accounts);
  population.cast.feed_base = "http://127.0.0.1:" + std::to_string(options.port) + "/feed";
  population.window = options.window;
  population.credentials = credentials_of(options.seed);
  population.limits = scaled_limits();
  return population;
}

}  // namespace

Mix mix_of(int accounts) {
  Mix mix;
  mix.mastodon = std::max(1, accounts * 15 / 60);
  mix.bluesky = std::max(1, accounts * 10 / 60);
  mix.feed = std::max(1, accounts * 10 / 60);
  mix.instagram = std::max(1, accounts - mix.mastodon - mix.bluesky - mix.feed);
  return mix;
}

DemoCampaign make_demo_campaign(const DemoOptions& options) {
  DemoCampaign campaign;
  const PopulationOptions population = population_options(options);
  campaign.population = populate(population);
  campaign.terms = {.window = options.window, .rhythm = population.rhythm};
  campaign.plan = plan_of(campaign.population, campaign.terms);
  campaign.hook_secrets["organisers"] =
      "whsec_" + print_base64(secret_of(options.seed, "organisers' webhook"));
  campaign.hook_secrets["press"] =
      "whsec_" + print_base64(secret_of(options.seed, "press' webhook"));
  for (const std::string name : {"ann", "ben"}) {
    campaign.files["secrets/reviewer-" + name] =
        print_hex(sha256(secret_of(options.seed, "reviewer " + name))).substr(0, 32) + '\n';
  }
  campaign.files["campaign.yaml"] =
      print_campaign_file(campaign.population, campaign.terms, options.port);
  campaign.files["roster.csv"] = print_roster_file(campaign.population);
  campaign.files["rules/freeze.yaml"] = print_rule_file(campaign.plan.rule);
  campaign.files["plan.json"] = print_plan(campaign.plan);
  // Nobody's pledge: there for whoever wants to ask the other platforms.
  add_meta_twins(campaign.population, twins_max);
  add_open_twins(campaign.population, twins_max);
  for (const SimCredential& credential : campaign.population.credentials) {
    campaign.files["secrets/" + credential.label] = credential.token + '\n';
  }
  for (const auto& [name, secret] : campaign.hook_secrets) {
    campaign.files["secrets/hook-" + name] = secret + '\n';
  }
  return campaign;
}

}  // namespace pw
