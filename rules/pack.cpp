#include "rules/pack.h"

#include <algorithm>
#include <array>

#include "rules/example_reader.h"
#include "rules/yaml_reader.h"

namespace pw {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t examples_max = 1'000;
constexpr std::size_t labels_max = 50;

bool is_rule_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

struct QuotaUnit {
  std::string_view name;
  Millis span;
};
constexpr std::array<QuotaUnit, 3> quota_units = {
    {{"minute", Millis{60'000}}, {"hour", Millis{3'600'000}}, {"day", Millis{86'400'000}}}};

std::optional<Quota> parse_quota(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string digits(text.substr(0, slash));
  if (slash == std::string_view::npos || digits.empty() || digits.size() > 6 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  for (const QuotaUnit& unit : quota_units) {
    if (unit.name == text.substr(slash + 1)) return Quota{std::stoi(digits), unit.span};
  }
  return std::nullopt;
}

class PackReader {
 public:
  PackReader(YamlReader& yaml, RulePack& pack) : yaml_(yaml), pack_(pack) {}

  void read(const YAML::Node& root) {
    const std::array keys = {YamlReader::Key{"rules", [&](const YAML::Node& n) { rules(n); }}};
    if (yaml_.fields(root, "a rule pack", keys) && !has_rules_) {
      yaml_.complain(root, "a rule pack needs 'rules:'");
    }
  }

 private:
  void rules(const YAML::Node& node) {
    has_rules_ = true;
    if (!node.IsSequence() || node.size() == 0 || node.size() > pack_rules_max) {
      yaml_.complain(node, "rules are a list of 1 to 1000 rules");
      return;
    }
    for (const auto& item : node) rule(item);
  }

  void rule(const YAML::Node& node) {
    Rule rule;
    rule.file = pack_.file;
    rule.line = yaml_.spot(node).line;
    bool has_when = false;
    const std::array keys = {
        YamlReader::Key{"name", [&](const YAML::Node& n) { name(rule, n); }},
        YamlReader::Key{"when",
                        [&](const YAML::Node& n) {
                          has_when = true;
                          if (auto program = condition(n)) rule.when = *program;
                        }},
        YamlReader::Key{"unless", [&](const YAML::Node& n) { rule.unless = condition(n); }},
        YamlReader::Key{"severity",
                        [&](const YAML::Node& n) {
                          if (const auto at = yaml_.one_of(n, "a severity", severity_names)) {
                            rule.severity = static_cast<Severity>(*at);
                          }
                        }},
        YamlReader::Key{"mode",
                        [&](const YAML::Node& n) {
                          if (const auto at = yaml_.one_of(n, "a mode", mode_names)) {
                            rule.mode = static_cast<Mode>(*at);
                          }
                        }},
        YamlReader::Key{"quota", [&](const YAML::Node& n) { quota(rule, n); }},
        YamlReader::Key{"summary", [&](const YAML::Node& n) { summary(rule, n); }},
        YamlReader::Key{"labels", [&](const YAML::Node& n) { labels(rule, n); }},
        YamlReader::Key{"exempt", [&](const YAML::Node& n) { exemptions(rule, n); }},
        YamlReader::Key{"examples", [&](const YAML::Node& n) { examples(n); }},
    };
    if (!yaml_.fields(node, "a rule", keys)) return;
    if (rule.name.empty() && !had_name_) yaml_.complain(node, "a rule needs a name");
    if (!has_when) yaml_.complain(node, "a rule needs 'when:'");
    had_name_ = false;
    pack_.rules.push_back(std::move(rule));
  }

  void name(Rule& rule, const YAML::Node& node) {
    had_name_ = true;
    const std::string name = node.IsScalar() ? node.Scalar() : std::string();
    if (!is_rule_name(name)) {
      yaml_.complain(node, "a rule's name is 1 to 64 of a-z, 0-9 and '-'");
      return;
    }
    const auto other = std::find_if(pack_.rules.begin(), pack_.rules.end(),
                                    [&](const Rule& known) { return known.name == name; });
    if (other != pack_.rules.end()) {
      yaml_.complain(
          node, "the rule '" + name + "' stands already in line " + std::to_string(other->line));
      return;
    }
    rule.name = name;
  }

  std::optional<cel::Program> condition(const YAML::Node& node) {
    const auto source = yaml_.text(node, "a condition");
    if (!source) return std::nullopt;
    cel::Compiled compiled =
        cel::compile(*source, condition_environment(), yaml_.place(node), cel::Wanted::condition);
    yaml_.issues().insert(yaml_.issues().end(), compiled.issues.begin(), compiled.issues.end());
    return std::move(compiled.program);
  }

  void quota(Rule& rule, const YAML::Node& node) {
    rule.quota = node.IsScalar() ? parse_quota(node.Scalar()) : std::nullopt;
    if (!rule.quota) {
      yaml_.complain(node, "a quota is a number a minute, hour or day: 200/day");
    }
  }

  void summary(Rule& rule, const YAML::Node& node) {
    const auto source = yaml_.text(node, "a summary");
    if (!source) return;
    rule.summary = compile_template(*source, rule_environment(), yaml_.place(node), yaml_.issues());
  }

  void labels(Rule& rule, const YAML::Node& node) {
    if (!node.IsMap() || node.size() > labels_max) {
      yaml_.complain(node, "labels are a map of at most 50 texts");
      return;
    }
    for (const auto& entry : node) {
      const auto key = yaml_.text(entry.first, "a label's name");
      const auto value = yaml_.text(entry.second, "a label");
      if (!key || !value) continue;
      const bool twice = std::any_of(rule.labels.begin(), rule.labels.end(),
                                     [&](const auto& label) { return label.first == *key; });
      if (twice) {
        yaml_.complain(entry.first, "'" + *key + "' is given twice");
      } else {
        rule.labels.emplace_back(*key, *value);
      }
    }
  }

  void exemptions(Rule& rule, const YAML::Node& node) {
    if (!node.IsSequence()) return yaml_.complain(node, "exemptions are a list");
    for (const auto& item : node) exemption(rule, item);
  }

  void exemption(Rule& rule, const YAML::Node& node) {
    RuleExemption made;
    const auto set = [&](std::string& to, const YAML::Node& n, std::string_view what) {
      if (auto value = yaml_.text(n, what)) to = *std::move(value);
    };
    const std::array keys = {
        YamlReader::Key{"actor", [&](const YAML::Node& n) { set(made.actor, n, "an actor"); }},
        YamlReader::Key{"account",
                        [&](const YAML::Node& n) { set(made.account, n, "an account"); }},
        YamlReader::Key{"reason", [&](const YAML::Node& n) { set(made.reason, n, "a reason"); }},
        YamlReader::Key{"until",
                        [&](const YAML::Node& n) { made.until = yaml_.instant(n, "until"); }},
    };
    if (!yaml_.fields(node, "an exemption", keys)) return;
    if (made.actor.empty() == made.account.empty()) {
      yaml_.complain(node, "an exemption names either an actor or an account (platform:handle)");
    } else if (made.reason.empty()) {
      yaml_.complain(node, "an exemption needs a reason");
    } else {
      rule.exempt.push_back(std::move(made));
    }
  }

  void examples(const YAML::Node& node) {
    if (!node.IsSequence() || node.size() > examples_max) {
      yaml_.complain(node, "examples are a list of at most 1000");
      return;
    }
    for (const auto& item : node) {
      auto example = read_example(yaml_, item);
      if (!example) continue;
      example->rule = pack_.rules.size();  // the rule is added after its keys are read
      pack_.examples.push_back(*std::move(example));
    }
  }

  YamlReader& yaml_;
  RulePack& pack_;
  bool has_rules_ = false;
  bool had_name_ = false;
};

bool by_place(const Issue& a, const Issue& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

}  // namespace

std::optional<RulePack> load_pack(std::string_view file, std::string_view text, Issues& issues) {
  Issues found;
  RulePack pack{.file = std::string(file)};
  if (text.size() > pack_bytes_max) {
    found.push_back({std::string(file), 0, 0, "the file is too long (at most 1048576 bytes)"});
  } else {
    YamlReader yaml(file, text, found);
    if (const auto root = yaml.load()) PackReader(yaml, pack).read(*root);
  }
  std::stable_sort(found.begin(), found.end(), by_place);
  const bool failed = has_errors(found);
  issues.insert(issues.end(), std::make_move_iterator(found.begin()),
                std::make_move_iterator(found.end()));
  if (failed) return std::nullopt;
  return pack;
}

Issues run_examples(const RulePack& pack) {
  Issues failures;
  for (const Example& example : pack.examples) {
    const Rule& rule = pack.rules[example.rule];
    const RuleOutcome outcome = judge(rule, facts_of(example));
    if (outcome.kind == example.expected) continue;
    const std::string wanted = example.expected == RuleOutcome::Kind::unknown ? "be unknown"
                               : example.expected == RuleOutcome::Kind::match ? "match"
                                                                              : "not match";
    failures.push_back({pack.file, example.spot.line, example.spot.column,
                        "this example of '" + rule.name + "' should " + wanted + "; it gives " +
                            print_outcome(outcome)});
  }
  return failures;
}

}  // namespace pw
