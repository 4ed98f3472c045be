#include <algorithm>
#include <array>
#include <charconv>

#include "config/roster_report.h"
#include "config/roster_rows.h"
#include "config/text.h"
#include "config/yaml_tree.h"

namespace pw {
namespace {

constexpr YamlLimits limits{
    .bytes_max = roster_yaml_bytes_max, .nodes_max = 4'000'000, .depth_max = 8};

constexpr std::string_view accounts_key = "accounts";
// What an entry may have: the columns, and the list of accounts.
constexpr auto key_names = [] {
  std::array<std::string_view, roster_column_names.size() + 1> names{};
  std::copy(roster_column_names.begin(), roster_column_names.end(), names.begin());
  names.back() = accounts_key;
  return names;
}();

class RowBuilder {
 public:
  RowBuilder(RosterFile& file, RosterReport& report) : file_(file), report_(report) {}

  // One pledge: a row for each of its accounts.
  void add(const YamlEntry& item) {
    if (item.value->kind != YamlNode::Kind::map) {
      report_.error(item.line, item.column,
                    "expected a map with actor, platform and handle, got " +
                        std::string(print_kind(*item.value)));
      return;
    }
    RosterRow row{.line = item.line};
    const YamlNode* accounts = nullptr;
    for (const YamlEntry& entry : item.value->entries) {
      if (entry.key == accounts_key) {
        accounts = entry.value;
      } else {
        read(entry, row);
      }
    }
    if (accounts == nullptr) {
      push(row);
    } else {
      add_accounts(*accounts, row);
    }
  }

 private:
  void add_accounts(const YamlNode& accounts, const RosterRow& pledge) {
    if (accounts.kind != YamlNode::Kind::list || accounts.entries.empty()) {
      report_.error(accounts.line, accounts.column, "accounts: expected a list of maps");
      return;
    }
    for (const YamlEntry& account : accounts.entries) {
      if (account.value->kind != YamlNode::Kind::map) {
        report_.error(account.line, account.column,
                      "expected a map with platform and handle, got " +
                          std::string(print_kind(*account.value)));
        continue;
      }
      RosterRow row = pledge;
      row.line = account.line;
      for (const YamlEntry& entry : account.value->entries) read(entry, row);
      push(row);
    }
  }

  void push(const RosterRow& row) {
    if (file_.rows.size() < roster_rows_max) {
      file_.rows.push_back(row);
    } else if (!is_over_) {
      is_over_ = true;
      report_.error(row.line, 1, "more than " + std::to_string(roster_rows_max) + " accounts");
    }
  }

  void read(const YamlEntry& entry, RosterRow& row) {
    const auto it = std::find(roster_column_names.begin(), roster_column_names.end(), entry.key);
    if (it == roster_column_names.end()) {
      report_.misnamed({.line = entry.line, .column = entry.column}, "key", entry.key, key_names);
      return;
    }
    const auto column = static_cast<std::size_t>(it - roster_column_names.begin());
    const YamlNode& node = *entry.value;
    if (node.kind == YamlNode::Kind::nothing) return;
    if (const auto words = words_of(node, static_cast<RosterColumn>(column))) {
      row.cells[column] = add_cell(file_, *words, node.line, node.column);
    } else {
      report_.error(node.line, node.column,
                    entry.key + ": expected text, got " + std::string(print_kind(node)));
    }
  }

  static std::optional<std::string> words_of(const YamlNode& node, RosterColumn column) {
    if (node.kind == YamlNode::Kind::text) return node.text;
    if (node.kind != YamlNode::Kind::list) return std::nullopt;
    std::string words;
    for (const YamlEntry& entry : node.entries) {
      if (entry.value->kind != YamlNode::Kind::text) return std::nullopt;
      if (!words.empty()) words += column == RosterColumn::scope ? '+' : '|';
      words += entry.value->text;
    }
    return words;
  }

  RosterFile& file_;
  RosterReport& report_;
  bool is_over_ = false;
};

// The list of pledges: the document itself, or what stands under `roster`.
const YamlNode* pledges_in(const YamlNode& root, RosterReport& report) {
  const YamlNode* pledges = &root;
  if (root.kind == YamlNode::Kind::map) {
    for (const YamlEntry& entry : root.entries) {
      if (entry.key == "roster") {
        pledges = entry.value;
      } else {
        report.misnamed({.line = entry.line, .column = entry.column}, "key", entry.key,
                        std::array{std::string_view("roster")});
      }
    }
  }
  if (pledges->kind == YamlNode::Kind::list) return pledges;
  report.error(std::max(1, pledges->line), std::max(1, pledges->column),
               "expected a list of pledges, got " + std::string(print_kind(*pledges)));
  return nullptr;
}

// The code unit of "\uXXXX" at `at`.
std::optional<unsigned> escaped_unit(std::string_view json, std::size_t at) {
  unsigned unit = 0;
  if (at + 6 > json.size() || json.substr(at, 2) != "\\u") return std::nullopt;
  const char* end = json.data() + at + 6;
  const auto [stop, failure] = std::from_chars(json.data() + at + 2, end, unit, 16);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return unit;
}

}  // namespace

std::string with_joined_surrogates(std::string_view json) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string joined;
  joined.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const auto high = escaped_unit(json, at);
    const auto low = high ? escaped_unit(json, at + 6) : std::nullopt;
    if (low && (*high & 0xFC00U) == 0xD800U && (*low & 0xFC00U) == 0xDC00U) {
      const unsigned point = 0x10000U + ((*high & 0x3FFU) << 10U) + (*low & 0x3FFU);
      joined += "\\U000";
      for (int shift = 16; shift >= 0; shift -= 4)
        joined += digits[(point >> static_cast<unsigned>(shift)) & 0xFU];
      at += 12;
      continue;
    }
    // An escaped backslash must not start another escape.
    const std::size_t length = json[at] == '\\' ? 2 : 1;
    joined += json.substr(at, length);
    at += length;
  }
  return joined;
}

std::optional<RosterFile> read_roster_yaml(std::string_view file, std::string_view text,
                                           Issues& issues) {
  const auto tree = parse_yaml(file, text, limits, issues);
  if (!tree) return std::nullopt;
  RosterReport report(file, issues);
  RosterFile roster{.file = std::string(file), .words = {}, .rows = {}};
  if (const YamlNode* pledges = pledges_in(*tree->root(), report)) {
    RowBuilder builder(roster, report);
    for (const YamlEntry& item : pledges->entries) builder.add(item);
    if (pledges->entries.empty()) report.error(0, 0, "the roster names nobody");
  }
  report.finish();
  return roster;
}

}  // namespace pw
