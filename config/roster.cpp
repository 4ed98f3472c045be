#include "config/roster.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "config/files.h"
#include "config/handle.h"
#include "config/roster_claims.h"
#include "config/roster_report.h"
#include "config/roster_rows.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::size_t actor_bytes_max = 500;
constexpr std::size_t id_bytes_max = 2'048;

bool has_ending(std::string_view file, std::string_view ending) {
  return lower_text(file).ends_with(ending);
}

// From rows to pledges and accounts, one line after another.
class RosterBuilder {
 public:
  RosterBuilder(const RosterFile& file, const CampaignConfig& campaign,
                std::span<const std::string_view> platforms, const NormaliseAccount& normalise,
                RosterReport& report)
      : file_(file),
        campaign_(campaign),
        platforms_(platforms),
        normalise_(normalise),
        report_(report),
        claims_reader_(file, report) {}

  void add(const RosterRow& row) {
    const std::string actor = actor_of(row);
    std::optional<Account> account = account_of(row);
    if (actor.empty()) return;
    const auto [it, is_new] =
        pledge_of_.try_emplace(actor, static_cast<std::uint32_t>(claims_.size()));
    if (is_new) claims_.push_back({.actor = actor, .line = row.line});
    claims_reader_.read(row, claims_[it->second]);
    if (!account || stands_already(row, *account)) return;
    account->pledge = it->second;
    roster_.accounts.push_back(*std::move(account));
  }

  Roster finish() && {
    for (const PledgeClaims& claims : claims_) roster_.pledges.push_back(pledge_of(claims));
    if (assumed_ > 0 && !campaign_.default_zone_given) {
      report_.warning(0, 0,
                      std::to_string(assumed_) +
                          " actors have no zone and the campaign no default_zone; " +
                          campaign_.default_zone + " is assumed");
    }
    return std::move(roster_);
  }

 private:
  void missing(const RosterRow& row, RosterColumn column) {
    const RosterCell& cell = file_.cell(row, column);
    report_.error(cell.line > 0 ? cell.line : row.line, std::max(1, cell.column),
                  std::string(name_of(column)) + " is missing");
  }

  std::string actor_of(const RosterRow& row) {
    std::string actor = one_line(file_.text(row, RosterColumn::actor));
    if (actor.empty()) missing(row, RosterColumn::actor);
    if (actor.size() <= actor_bytes_max && !has_controls(actor)) return actor;
    report_.error(file_.cell(row, RosterColumn::actor),
                  "a name is one line of at most " + std::to_string(actor_bytes_max) + " bytes");
    return {};
  }

  std::optional<std::string> platform_of(const RosterRow& row) {
    const std::string_view text = file_.text(row, RosterColumn::platform);
    if (text.empty()) {
      missing(row, RosterColumn::platform);
      return std::nullopt;
    }
    std::string platform = lower_text(text);
    if (std::find(platforms_.begin(), platforms_.end(), platform) != platforms_.end())
      return platform;
    report_.misnamed(file_.cell(row, RosterColumn::platform), "platform", platform, platforms_);
    return std::nullopt;
  }

  std::optional<Account> account_of(const RosterRow& row) {
    const std::optional<std::string> platform = platform_of(row);
    const std::string_view text = file_.text(row, RosterColumn::handle);
    if (text.empty()) missing(row, RosterColumn::handle);
    if (!platform || text.empty()) return std::nullopt;
    const RosterCell& cell = file_.cell(row, RosterColumn::handle);
    std::string why;
    std::optional<std::string> handle = handle_from(*platform, text, why);
    if (!handle) {
      report_.error(cell, "handle " + in_quotes(text) + ' ' + why);
      return std::nullopt;
    }
    Account account{.platform = *platform, .handle = *std::move(handle), .host = {}, .id = {}};
    account.id = id_of(row);
    if (!normalise_) return account;
    std::optional<Account> normal = normalise_(account, why);
    if (!normal) report_.error(cell, "handle " + in_quotes(text) + ": " + why);
    return normal;
  }

  std::string id_of(const RosterRow& row) {
    const std::string_view id = file_.text(row, RosterColumn::id);
    if (id.size() <= id_bytes_max && id.find_first_of(" \t\r\n") == std::string_view::npos &&
        !has_controls(id)) {
      return std::string(id);
    }
    report_.error(file_.cell(row, RosterColumn::id), "id has white space or is too long");
    return {};
  }

  // Handles of one platform that differ only in case are one account there; a
  // feed's address is told apart by case.
  bool stands_already(const RosterRow& row, const Account& account) {
    const std::string handle =
        account.platform == "feed" ? account.handle : lower_text(account.handle);
    const auto [it, is_new] = lines_.try_emplace(account.platform + '\n' + handle, row.line);
    if (is_new) return false;
    report_.error(
        file_.cell(row, RosterColumn::handle),
        print_account(account) + " stands twice; first in line " + std::to_string(it->second));
    return true;
  }

  Pledge pledge_of(const PledgeClaims& claims) {
    Pledge pledge{
        .actor = claims.actor,
        .status = claims.status.value.value_or(PledgeStatus::declared),
        .source = claims.source,
        .text_version = claims.text_version.value.value_or(""),
        .windows = {},
        .surfaces = claims.scope.value.value_or(campaign_.surfaces),
        .statements_allowed = claims.statements.value.value_or(campaign_.statement.allowed),
        .exemptions = {}};
    for (const WindowConfig& config : campaign_.windows) {
      const bool is_assumed = config.zone == "actor" && !claims.zone.value;
      if (is_assumed && &config == &campaign_.windows.front()) ++assumed_;
      if (const auto& window = window_of(config, zone_of(config, claims), is_assumed))
        pledge.windows.push_back(*window);
    }
    if (claims.exemptions.value) {
      const std::string zone = claims.zone.value.value_or(campaign_.default_zone);
      pledge.exemptions =
          read_exemptions(*claims.exemptions.value, claims.exemptions_cell, zone, report_);
    }
    return pledge;
  }

  std::string zone_of(const WindowConfig& config, const PledgeClaims& claims) const {
    if (config.zone != "actor") return config.zone;
    return claims.zone.value.value_or(campaign_.default_zone);
  }

  // Computed, and complained about, once for each zone.
  const std::optional<Window>& window_of(const WindowConfig& config, const std::string& zone,
                                         bool is_assumed) {
    const auto index = static_cast<std::size_t>(&config - campaign_.windows.data());
    const auto [it, is_new] = windows_.try_emplace({index, zone, is_assumed});
    if (is_new) {
      it->second = window_in(config, campaign_.grace, zone, is_assumed);
      if (!it->second)
        report_.error(0, 0, "window " + std::to_string(index + 1) + " is empty in zone " + zone);
    }
    return it->second;
  }

  const RosterFile& file_;
  const CampaignConfig& campaign_;
  std::span<const std::string_view> platforms_;
  const NormaliseAccount& normalise_;
  RosterReport& report_;
  ClaimReader claims_reader_;
  Roster roster_;
  std::vector<PledgeClaims> claims_;
  std::unordered_map<std::string, std::uint32_t> pledge_of_;
  std::unordered_map<std::string, int> lines_;  // of accounts
  std::map<std::tuple<std::size_t, std::string, bool>, std::optional<Window>> windows_;
  std::size_t assumed_ = 0;
};

void warn_of_unwatched(const Config& config, const Roster& roster, Issues& issues) {
  std::map<std::string, std::size_t> unwatched;
  for (const Account& account : roster.accounts) {
    if (!config.connectors.contains(account.platform)) ++unwatched[account.platform];
  }
  for (const auto& [platform, count] : unwatched) {
    issues.push_back({config.roster_file,
                      0,
                      0,
                      std::to_string(count) + " accounts are on " + platform +
                          ", but the campaign has no connectors." + platform +
                          "; nobody looks at them",
                      {},
                      Issue::Level::warning});
  }
}

}  // namespace

std::string_view RosterFile::text(const RosterRow& row, RosterColumn column) const {
  const RosterCell& at = cell(row, column);
  return trim_text(std::string_view(words).substr(at.offset, at.size));
}

RosterCell add_cell(RosterFile& file, std::string_view words, int line, int column) {
  const RosterCell cell{static_cast<std::uint32_t>(file.words.size()),
                        static_cast<std::uint32_t>(words.size()), line, column};
  file.words += words;
  return cell;
}

std::optional<RosterFile> read_roster(std::string_view file, std::string_view text,
                                      Issues& issues) {
  if (has_ending(file, ".json"))
    return read_roster_yaml(file, with_joined_surrogates(text), issues);
  if (has_ending(file, ".yaml") || has_ending(file, ".yml"))
    return read_roster_yaml(file, text, issues);
  return read_roster_csv(file, text, issues);
}

Roster make_roster(const RosterFile& file, const CampaignConfig& campaign,
                   std::span<const std::string_view> platforms, Issues& issues,
                   const NormaliseAccount& normalise) {
  RosterReport report(file.file, issues);
  RosterBuilder builder(file, campaign, platforms, normalise, report);
  for (const RosterRow& row : file.rows) builder.add(row);
  Roster roster = std::move(builder).finish();
  report.finish();
  return roster;
}

std::optional<Roster> load_roster_file(const Config& config,
                                       std::span<const std::string_view> platforms, Issues& issues,
                                       const NormaliseAccount& normalise) {
  const Result<std::string> text = read_file(config.roster_file, roster_csv_bytes_max);
  if (!text) {
    issues.push_back({config.roster_file, 0, 0, "cannot be read: " + text.error().detail});
    return std::nullopt;
  }
  Issues found;
  std::optional<Roster> roster;
  if (const auto file = read_roster(config.roster_file, *text, found)) {
    roster = make_roster(*file, config.campaign, platforms, found, normalise);
    warn_of_unwatched(config, *roster, found);
  }
  if (has_errors(found)) roster.reset();
  std::stable_sort(found.begin(), found.end(), [](const Issue& a, const Issue& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  issues.insert(issues.end(), found.begin(), found.end());
  return roster;
}

}  // namespace pw
