#include "tests/config/sample.h"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace pw::sample {
namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
  }
  return out;
}

}  // namespace

Result<std::string> read_secret(const SecretName& secret) {
  const std::string_view name(secret.name);
  const std::string_view last = name.substr(name.rfind('/') + 1);
  if (last == "absent") return Error{Errc::gone, "No such file or directory"};
  if (last == "short") return std::string("1234567\n");
  if (last == "eight") return std::string("12345678 \r\n\n");
  if (last == "torn") return std::string("first line\nsecond line\n");
  if (last == "url" || last == "…") return std::string("https://hooks.example.org/T0/B0\n");
  return "value of " + std::string(last) + '\n';
}

std::string print(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) text += print_issue(issue) + '\n';
  return text;
}

Loaded load(std::string_view text, std::string_view file) {
  Issues issues;
  Loaded loaded;
  loaded.config = load_config(file, text, read_secret, connectors, issues);
  loaded.issues = print(issues);
  return loaded;
}

std::string campaign() {
  return R"(campaign:
  name: freeze
  window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: actor }
  default_zone: America/New_York
  grace: 5m
  surfaces: [post, reel, story]
  gap_max: 20m
  sweep: 20m
  sweep_again: 30h
  closes: 80h
  statement: { allowed: 1, matches: 'post.text.contains("x")' }
roster: pledges.csv
rules: [ rules/freeze.yaml ]
connectors:
  instagram:
    api_version: v25.0
    interval: 90s
    interval_floor: 10s
    host_budget: 300/5m
    pages_max: 7
    lag: 2m
    credentials:
      - { label: a, app: one, user_id: "17841", token: { credential: ig-a }, budget: 150/h }
  mastodon: { base: "http://127.0.0.1:8080/{host}", allow_hosts: [127.0.0.1], allow_ports: [8080] }
  feed: {}
sinks:
  - name: organisers
    type: webhook
    url: https://example.org/hook
    secret: { file: keys/hook }
    when: finding.severity == "breach"
    allow_hosts: [example.org]
    allow_ports: [8443]
    timeout: 15s
review: { publish_needs: 3 }
store: state
log: { dir: log, origin: example.org/freeze, key: keys/log.key, checkpoint_every: 30s }
http: { contact: "mailto:us@example.org", deadline: 20s, connections_per_host: 4, ca_file: ca.pem }
concurrency: 32
)";
}

std::string campaign_with(std::string_view piece, std::string_view replacement) {
  std::string text = campaign();
  const std::size_t at = text.find(piece);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(piece, at + 1) == std::string::npos);
  return text.replace(at, piece.size(), replacement);
}

std::vector<Mistake> mistakes(const std::string& path) {
  std::vector<Mistake> mistakes;
  std::istringstream in(read(path));
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.starts_with("- ")) {
      mistakes.push_back({unescaped(line.substr(2)), {}, {}});
      continue;
    }
    REQUIRE_FALSE(mistakes.empty());
    if (line.starts_with("+ ")) {
      mistakes.back().replacement = unescaped(line.substr(2));
    } else {
      mistakes.back().lines += line + '\n';
    }
  }
  return mistakes;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace pw::sample
