#include "daemon/rehearsal/demo_files.h"

#include <algorithm>
#include <array>

#include "daemon/core/hash.h"

namespace pw {
namespace {

std::string print_local(Instant t) { return print_rfc3339(t).substr(0, 19); }

std::string seconds(Millis span) { return std::to_string(span.count() / 1000) + 's'; }

std::string quoted_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) (out += c == '"' ? "\"" : "") += c;
  return out + '"';
}

bool has_platform(const Population& population, std::string_view platform) {
  return std::any_of(population.accounts.begin(), population.accounts.end(),
                     [&](const SimAccount& account) { return account.platform == platform; });
}

std::string connector(const std::string& name, const std::string& base, const PlanTerms& terms,
                      std::uint16_t port) {
  std::string out = "  " + name + ":\n";
  if (!base.empty()) {
    out += "    base: \"http://127.0.0.1:" + std::to_string(port) + base + "\"\n";
  }
  out += "    allow_hosts: [127.0.0.1]\n    allow_ports: [" + std::to_string(port) + "]\n";
  out += "    interval: " + seconds(terms.rhythm.interval) + "\n    interval_floor: 1s\n";
  // A simulated platform publishes at once.
  return out + "    lag: 0s\n";
}

std::string campaign_section(const Population& population, const PlanTerms& terms) {
  return "campaign:\n"
         "  name: demo-day\n"
         "  window: { start: " +
         print_local(terms.window.start) + ", end: " + print_local(terms.window.end) +
         ", zone: UTC }\n"
         "  default_zone: UTC\n"
         "  surfaces: [" +
         print_surfaces(terms.surfaces) +
         "]\n"
         "  gap_max: auto\n"
         "  # A real campaign waits 15 minutes, a day and three days.\n"
         "  sweep: 3s\n"
         "  sweep_again: 8s\n"
         "  closes: 15s\n"
         "  statement: { allowed: " +
         std::to_string(terms.statements_allowed) + ", matches: 'post.text.contains(\"" +
         population.hashtag + "\")' }\n";
}

std::string credentials_section(const Population& population) {
  std::string out = "    credentials:\n";
  for (const SimCredential& credential : population.credentials) {
    out += "      - { label: " + credential.label + ", app: " + credential.app + ", user_id: \"" +
           credential.user_id + "\", token: { file: secrets/" + credential.label +
           " }, budget: 3000/m }\n";
  }
  return out;
}

std::string connectors_section(const Population& population, const PlanTerms& terms,
                               std::uint16_t port) {
  struct Row {
    const char* name;
    const char* base;
  };
  constexpr std::array rows = {Row{"instagram", "/instagram"}, Row{"mastodon", "/mastodon/{host}"},
                               Row{"bluesky", "/bluesky"}, Row{"feed", ""}};
  std::string out = "connectors:\n";
  for (const Row& row : rows) {
    if (!has_platform(population, row.name)) continue;
    out += connector(row.name, row.base, terms, port);
    if (row.name == std::string_view("bluesky")) {
      out += "    home: \"http://127.0.0.1:" + std::to_string(port) + "/bluesky\"\n";
    }
    out += row.name == std::string_view("instagram") ? credentials_section(population)
                                                     : "    host_budget: 3000/m\n";
  }
  return out;
}

std::string rest(std::uint16_t port) {
  const std::string number = std::to_string(port);
  return "sinks:\n"
         "  - name: organisers\n"
         "    type: webhook\n"
         "    url: \"http://127.0.0.1:" +
         number +
         "/hook/organisers\"\n"
         "    secret: { file: secrets/hook-organisers }\n"
         "    when: finding.severity == \"breach\"\n"
         "    allow_hosts: [127.0.0.1]\n"
         "    allow_ports: [" +
         number +
         "]\n"
         "    timeout: 3s\n"
         "  - name: press             # told only of what two people have confirmed\n"
         "    type: webhook\n"
         "    public: true\n"
         "    url: \"http://127.0.0.1:" +
         number +
         "/hook/press\"\n"
         "    secret: { file: secrets/hook-press }\n"
         "    allow_hosts: [127.0.0.1]\n"
         "    allow_ports: [" +
         number +
         "]\n"
         "    timeout: 3s\n"
         "review:\n"
         "  publish_needs: 2\n"
         "  reviewers:\n"
         "    - { name: ann, token: { file: secrets/reviewer-ann }, role: reviewer }\n"
         "    - { name: ben, token: { file: secrets/reviewer-ben }, role: reviewer }\n"
         "# Readers need no token here: everything is simulated and on this machine.\n"
         "web: { listen: \"127.0.0.1:0\", anonymous: reader }\n"
         "store: state\n"
         "log: { dir: log, checkpoint_every: 5s }\n"
         "http: { contact: \"mailto:demo@pledgewatch.example\", deadline: 3s, "
         "connections_per_host: 32 }\n";
}

}  // namespace

std::string print_campaign_file(const Population& population, const PlanTerms& terms,
                                std::uint16_t port) {
  return "# A boycott in miniature, against simulated platforms on loopback.\n" +
         campaign_section(population, terms) +
         "roster: roster.csv\nrules: [ rules/freeze.yaml ]\n" +
         connectors_section(population, terms, port) + rest(port);
}

// What is said of an actor's pledge is the same on each of its lines.
std::string print_roster_file(const Population& population) {
  std::string out = "actor,platform,handle,zone,status,source\n";
  for (const SimAccount& account : population.accounts) {
    const bool confirmed = mix64(account.actor) % 3 != 0;
    out += quoted_cell(account.actor) + ',' + account.platform + ',' + quoted_cell(account.handle) +
           ",UTC," + (confirmed ? "confirmed" : "declared") + ",https://pledges.example/" +
           std::to_string(mix64(account.actor) % 100'000) + '\n';
  }
  return out;
}

std::string print_rule_file(const std::string& rule) {
  return "rules:\n"
         "  - name: " +
         rule +
         "\n"
         "    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces\n"
         "    unless: campaign.is_statement(post) && "
         "pledge.statements_used < pledge.statements_allowed\n"
         "    severity: breach\n"
         "    mode: alert\n"
         "    summary: \"${actor.name} posted a ${post.surface} on ${account.platform}\"\n"
         "    examples:\n"
         "      - { post: { surface: reel, appeared: 2020-09-16T12:00:00Z }, match: true }\n"
         "      - { post: { surface: reel, appeared: 2020-09-18T12:00:00Z }, match: false }\n"
         "      - { post: { surface: reply, appeared: 2020-09-16T12:00:00Z }, match: false }\n";
}

}  // namespace pw
