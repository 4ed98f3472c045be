#include <algorithm>
#include <array>

#include "config/roster.h"
#include "config/roster_claims.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::size_t columns = 7;
constexpr std::size_t cell_width_max = 40;  // the last column is never cut
using Line = std::array<std::string, columns>;

// Characters, not bytes; wide ones count as one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string zone_of(const Pledge& pledge) {
  if (pledge.windows.empty()) return {};
  const Window& window = pledge.windows.front();
  return window.zone + (window.zone_assumed ? " (assumed)" : "");
}

Line line_of(const Pledge& pledge, const Account& account) {
  return {
      pledge.actor,     std::string(pledge_status_names[static_cast<std::size_t>(pledge.status)]),
      account.platform, account.handle,
      zone_of(pledge),  print_surfaces(pledge.surfaces),
      pledge.source};
}

void append(std::string& table, const Line& line, const std::array<std::size_t, columns>& widths) {
  for (std::size_t i = 0; i < columns; ++i) {
    table += line[i];
    if (i + 1 == columns) break;
    const std::size_t width = width_of(line[i]);
    table.append(widths[i] > width ? widths[i] - width : 0, ' ');
    table += "  ";
  }
  while (table.ends_with(' ')) table.pop_back();
  table += '\n';
}

}  // namespace

std::string print_roster_table(const Roster& roster) {
  std::vector<Line> lines = {
      {"ACTOR", "STATUS", "PLATFORM", "HANDLE", "ZONE", "SURFACES", "SOURCE"}};
  for (const Account& account : roster.accounts)
    lines.push_back(line_of(roster.pledges[account.pledge], account));
  std::array<std::size_t, columns> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < columns; ++i)
      widths[i] = std::clamp(width_of(line[i]), widths[i], std::max(widths[i], cell_width_max));
  }
  std::string table;
  for (const Line& line : lines) append(table, line, widths);
  return table;
}

}  // namespace pw
