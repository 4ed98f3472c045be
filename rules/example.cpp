#include "rules/example.h"

#include <array>

#include "rules/example_reader.h"

namespace pw {
namespace {

constexpr Instant day_start = instant_of_ms(1'600'214'400'000);  // 2020-09-16T00:00:00Z
constexpr Millis day_length{86'400'000};
constexpr std::array<std::string_view, 4> statuses = {"confirmed", "declared", "rumoured",
                                                      "withdrawn"};

class ExampleReader {
 public:
  ExampleReader(YamlReader& yaml, Example& example) : yaml_(yaml), example_(example) {}

  // Without the need of a `match`; a map without `post` is the post itself.
  void read_alone(const YAML::Node& node) {
    has_match_ = true;
    if (!node.IsMap() || node["post"].IsDefined()) {
      read(node);
      return;
    }
    post(node);
    if (!has_claim_) example_.post.claimed_at = example_.appeared.start;
  }

  bool read(const YAML::Node& node) {
    const std::array keys = {
        YamlReader::Key{"post", [&](const YAML::Node& n) { post(n); }},
        YamlReader::Key{"account", [&](const YAML::Node& n) { account(n); }},
        YamlReader::Key{"actor",
                        [&](const YAML::Node& n) { set(example_.pledge.actor, n, "actor"); }},
        YamlReader::Key{"pledge", [&](const YAML::Node& n) { pledge(n); }},
        YamlReader::Key{"campaign", [&](const YAML::Node& n) { campaign(n); }},
        YamlReader::Key{
            "statements_used",
            [&](const YAML::Node& n) { set(example_.statements_used, n, "statements_used"); }},
        YamlReader::Key{"look", [&](const YAML::Node& n) { look(n); }},
        YamlReader::Key{"now", [&](const YAML::Node& n) { set(example_.now, n, "now"); }},
        YamlReader::Key{"match", [&](const YAML::Node& n) { match(n); }},
    };
    if (!yaml_.fields(node, "an example", keys)) return false;
    if (!has_match_) yaml_.complain(node, "an example needs match: true, false or unknown");
    if (!has_claim_) example_.post.claimed_at = example_.appeared.start;
    return has_match_;
  }

 private:
  void set(std::string& to, const YAML::Node& node, std::string_view what) {
    if (node.IsNull()) {
      to.clear();
    } else if (auto value = yaml_.text(node, what)) {
      to = *std::move(value);
    }
  }
  void set(bool& to, const YAML::Node& node, std::string_view what) {
    if (const auto value = yaml_.boolean(node, what)) to = *value;
  }
  void set(int& to, const YAML::Node& node, std::string_view what) {
    if (const auto value = yaml_.count(node, what)) to = *value;
  }
  void set(Instant& to, const YAML::Node& node, std::string_view what) {
    if (const auto value = yaml_.instant(node, what)) to = *value;
  }
  void set(std::vector<std::string>& to, const YAML::Node& node, std::string_view what) {
    to = yaml_.texts(node, what);
  }
  void set(std::optional<Instant>& to, const YAML::Node& node, std::string_view what) {
    to = node.IsNull() ? std::nullopt : yaml_.instant(node, what);
  }

  template <class T>
  YamlReader::Key key(std::string_view name, T& to) {
    return {name, [this, name, &to](const YAML::Node& node) { set(to, node, name); }};
  }

  void post(const YAML::Node& node) {
    Post& post = example_.post;
    const std::array keys = {
        key("id", post.id),
        key("text", post.text),
        key("url", post.url),
        key("lang", post.lang),
        key("edited", post.edited_at),
        key("media", post.media),
        key("tags", post.tags),
        key("links", post.links),
        key("mentions", post.mentions),
        key("repost_of", post.repost_of),
        key("in_reply_to", post.in_reply_to),
        key("pinned", post.pinned),
        YamlReader::Key{"surface", [&](const YAML::Node& n) { surface(n); }},
        YamlReader::Key{"appeared", [&](const YAML::Node& n) { appeared(n); }},
        YamlReader::Key{"published",
                        [&](const YAML::Node& n) {
                          has_claim_ = true;
                          set(post.claimed_at, n, "published");
                        }},
        YamlReader::Key{"paid_partnership",
                        [&](const YAML::Node& n) {
                          post.paid_partnership =
                              n.IsNull() ? std::nullopt : yaml_.boolean(n, "paid_partnership");
                        }},
    };
    yaml_.fields(node, "a post", keys);
  }

  void surface(const YAML::Node& node) {
    if (const auto at = yaml_.one_of(node, "a surface", surface_names)) {
      example_.post.surface = static_cast<Surface>(*at);
    }
  }

  // A moment, or the two between which it lies.
  void appeared(const YAML::Node& node) {
    Interval& appeared = example_.appeared;
    if (node.IsSequence() && node.size() == 2) {
      set(appeared.start, node[0], "appeared");
      set(appeared.end, node[1], "appeared");
      if (appeared.end < appeared.start) yaml_.complain(node, "appeared ends before it starts");
    } else if (const auto t = yaml_.instant(node, "appeared")) {
      appeared = {*t, *t};
    }
  }

  void account(const YAML::Node& node) {
    Account& account = example_.account;
    const std::array keys = {
        key("platform", account.platform),
        key("handle", account.handle),
        key("id", account.id),
        key("host", account.host),
    };
    yaml_.fields(node, "an account", keys);
  }

  void pledge(const YAML::Node& node) {
    Pledge& pledge = example_.pledge;
    const std::array keys = {
        key("statements_allowed", pledge.statements_allowed),
        YamlReader::Key{"zone", [&](const YAML::Node& n) { zone(n); }},
        YamlReader::Key{"window", [&](const YAML::Node& n) { window(n); }},
        YamlReader::Key{"surfaces", [&](const YAML::Node& n) { surfaces(n); }},
        YamlReader::Key{"status",
                        [&](const YAML::Node& n) {
                          if (const auto at = yaml_.one_of(n, "a status", statuses)) {
                            pledge.status = static_cast<PledgeStatus>(*at);
                          }
                        }},
    };
    yaml_.fields(node, "a pledge", keys);
  }

  void zone(const YAML::Node& node) {
    const auto name = yaml_.text(node, "a zone");
    if (!name) return;
    if (!is_zone(*name)) {
      yaml_.complain(node, "no time zone '" + *name + "'", nearest_of(*name, zone_names()));
      return;
    }
    example_.pledge.windows.front().zone = *name;
  }

  void window(const YAML::Node& node) {
    Window& window = example_.pledge.windows.front();
    const std::array keys = {key("start", window.span.start), key("end", window.span.end)};
    yaml_.fields(node, "a window", keys);
    window.certain = window.span;
    window.possible = window.span;
  }

  void surfaces(const YAML::Node& node) {
    example_.pledge.surfaces = {};
    if (!node.IsSequence()) return yaml_.complain(node, "surfaces are a list");
    for (const auto& item : node) {
      if (const auto at = yaml_.one_of(item, "a surface", surface_names)) {
        example_.pledge.surfaces.add(static_cast<Surface>(*at));
      }
    }
  }

  void campaign(const YAML::Node& node) {
    if (node.IsScalar()) return set(example_.campaign, node, "campaign");
    const std::array keys = {
        key("name", example_.campaign),
        YamlReader::Key{"statement", [&](const YAML::Node& n) { statement(n); }},
    };
    yaml_.fields(node, "a campaign", keys);
  }

  void statement(const YAML::Node& node) {
    const auto source = yaml_.text(node, "a statement");
    if (!source) return;
    cel::Compiled compiled =
        cel::compile(*source, statement_environment(), yaml_.place(node), cel::Wanted::condition);
    yaml_.issues().insert(yaml_.issues().end(), compiled.issues.begin(), compiled.issues.end());
    example_.statement = std::move(compiled.program);
  }

  void look(const YAML::Node& node) {
    Look& look = example_.look;
    const std::array keys = {
        key("at", look.effective),
        YamlReader::Key{"outcome",
                        [&](const YAML::Node& n) {
                          if (const auto at = yaml_.one_of(n, "an outcome", outcome_names)) {
                            look.outcome = static_cast<Outcome>(*at);
                          }
                        }},
    };
    yaml_.fields(node, "a look", keys);
  }

  void match(const YAML::Node& node) {
    constexpr std::array<std::string_view, 3> answers = {"false", "true", "unknown"};
    const auto at = yaml_.one_of(node, "match", answers);
    if (!at) return;
    has_match_ = true;
    example_.expected = static_cast<RuleOutcome::Kind>(*at);
  }

  YamlReader& yaml_;
  Example& example_;
  bool has_match_ = false;
  bool has_claim_ = false;
};

}  // namespace

Example default_example() {
  const Interval day{day_start, day_start + day_length};
  const Instant noon = day_start + day_length / 2;
  Example example;
  example.post.id = "example";
  example.appeared = {noon, noon};
  example.account.platform = "instagram";
  example.account.handle = "example.actor";
  example.account.id = "1";
  example.pledge.actor = "Example Actor";
  example.pledge.status = PledgeStatus::confirmed;
  example.pledge.surfaces = {Surface::post, Surface::reel, Surface::story};
  example.pledge.statements_allowed = 1;
  example.pledge.windows.push_back(
      {.span = day, .certain = day, .possible = day, .zone = "Etc/UTC"});
  example.campaign = "example";
  example.look.outcome = Outcome::fresh;
  example.look.effective = noon;
  example.now = noon;
  return example;
}

std::optional<Example> read_example(YamlReader& yaml, const YAML::Node& node) {
  Example example = default_example();
  example.spot = yaml.spot(node);
  if (!ExampleReader(yaml, example).read(node)) return std::nullopt;
  return example;
}

std::optional<Example> load_example(std::string_view file, std::string_view text, Issues& issues) {
  if (text.size() > example_bytes_max) {
    issues.push_back(
        {std::string(file), 0, 0,
         "the file is too long (at most " + std::to_string(example_bytes_max) + " bytes)"});
    return std::nullopt;
  }
  Issues found;
  YamlReader yaml(file, text, found);
  Example example = default_example();
  if (const auto node = yaml.load()) ExampleReader(yaml, example).read_alone(*node);
  const bool failed = has_errors(found);
  issues.insert(issues.end(), found.begin(), found.end());
  return failed ? std::nullopt : std::optional(std::move(example));
}

Facts facts_of(const Example& example) {
  return {.post = &example.post,
          .appeared = example.appeared,
          .account = &example.account,
          .pledge = &example.pledge,
          .window = &example.pledge.windows.front(),
          .campaign = example.campaign,
          .statement = example.statement ? &*example.statement : nullptr,
          .statements_used = example.statements_used,
          .look = &example.look,
          .now = example.now};
}

}  // namespace pw
