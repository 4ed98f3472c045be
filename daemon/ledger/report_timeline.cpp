#include "daemon/ledger/report_timeline.h"

#include <algorithm>
#include <cstdio>

#include "daemon/ledger/report_text.h"
#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

constexpr double width = 1000;
constexpr double bar_top = 14;
constexpr double bar_height = 16;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// The share of the window that had passed at `t`, as a place from left to right.
double place_of(Instant t, Interval window) {
  if (window.empty()) return 0;
  const double share = static_cast<double>((t - window.start).count()) /
                       static_cast<double>(window.length().count());
  return std::clamp(share, 0.0, 1.0) * width;
}

std::string rectangle(const char* what, double from, double to, double top, double height) {
  return std::string("<rect class=\"") + what + "\" x=\"" + number(from) + "\" y=\"" + number(top) +
         "\" width=\"" + number(std::max(1.0, to - from)) + "\" height=\"" + number(height) +
         "\"/>";
}

std::string tile(const CoverageTile& t, const AccountVerdict& v) {
  const double from = place_of(t.span.start, v.judged);
  const double to = place_of(t.span.end, v.judged);
  if (!t.is_gap) return rectangle("seen", from, to, bar_top, bar_height);
  // Hatched, and taller than what was seen: a gap is seen in print as well.
  return rectangle("gap", from, to, bar_top - 3, bar_height + 6);
}

// A diamond where a post appeared: filled while it counts or may come to count,
// hollow where people decided that it does not.
std::string mark(const FindingRow& row, const AccountVerdict& v) {
  const double x = std::clamp(place_of(row.finding.appeared.end, v.judged), 7.0, width - 7);
  const bool stands =
      row.finding.state == FindingState::confirmed || row.finding.state == FindingState::open;
  std::string points;
  for (const auto& [dx, dy] : {std::pair{0, -1}, {1, 0}, {0, 1}, {-1, 0}}) {
    points += number(x + 7 * dx) + ',' + number(bar_top + bar_height / 2 + 11 * dy) + ' ';
  }
  points.pop_back();
  return std::string("<polygon class=\"") + (stands ? "mark" : "mark hollow") + "\" points=\"" +
         points + "\"/>";
}

bool belongs(const FindingRow& row, const AccountVerdict& v) {
  const Finding& f = row.finding;
  return f.account == v.account.number && f.mode == Mode::alert &&
         f.appeared.end >= v.judged.start && f.appeared.start < v.judged.end;
}

}  // namespace

std::string print_timeline_patterns() {
  return "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
         "<pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><rect class=\"hatch-back\" width=\"7\" height=\"7\"/>"
         "<rect class=\"hatch-line\" width=\"3\" height=\"7\"/></pattern></defs></svg>\n";
}

std::string print_timeline(const AccountVerdict& v, std::span<const FindingRow> findings) {
  std::string marks;
  int count = 0;
  for (const FindingRow& row : findings) {
    if (!belongs(row, v)) continue;
    ++count;
    marks += mark(row, v);
  }
  const auto tiles = tiles_of(v.judged, v.gaps);
  const auto gaps =
      std::count_if(tiles.begin(), tiles.end(), [](const auto& t) { return t.is_gap; });
  std::string svg = "<svg class=\"timeline\" viewBox=\"0 0 1000 44\" role=\"img\" aria-label=\"" +
                    std::to_string(gaps) + " gaps beyond the promise, " + std::to_string(count) +
                    " findings, from " + print_utc(v.judged.start) + " to " +
                    print_utc(v.judged.end) + "\">";
  for (const CoverageTile& t : tiles) svg += tile(t, v);
  return svg + marks + "</svg>\n";
}

}  // namespace pw
