#include "daemon/web/timeline.h"

#include <algorithm>
#include <cstdio>

#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

constexpr double width = 1000;
constexpr double middle = 24;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// The share of the window that had passed at `t`, from left to right.
double place_of(Instant t, Interval window) {
  if (window.empty()) return 0;
  const double share = static_cast<double>((t - window.start).count()) /
                       static_cast<double>(window.length().count());
  return std::clamp(share, 0.0, 1.0) * width;
}

std::string band(const char* what, Interval span, Interval window, double height) {
  const double from = place_of(span.start, window);
  const double to = place_of(span.end, window);
  return std::string("<rect class=\"") + what + "\" x=\"" + number(from) + "\" y=\"" +
         number(middle - height / 2) + "\" width=\"" + number(std::max(1.0, to - from)) +
         "\" height=\"" + number(height) + "\"/>";
}

std::string diamond(const Finding& finding, Interval window) {
  const double x = std::clamp(place_of(finding.appeared.end, window), 8.0, width - 8);
  const bool stands =
      finding.state == FindingState::open || finding.state == FindingState::confirmed;
  std::string points;
  for (const auto& [dx, dy] : {std::pair{0, -1}, {1, 0}, {0, 1}, {-1, 0}})
    points += number(x + 8 * dx) + ',' + number(middle + 14 * dy) + ' ';
  points.pop_back();
  return std::string("<polygon class=\"") + (stands ? "mark" : "mark hollow") + "\" points=\"" +
         points + "\"/>";
}

}  // namespace

std::string print_window_timeline(const AccountVerdict& v, std::span<const FindingModel> findings,
                                  Instant now) {
  const Interval window = v.judged;
  const Interval passed = intersect(window, {window.start, std::min(now, window.end)});
  std::vector<Interval> gaps = v.gaps;
  if (v.coverage.open && v.coverage.open->length() > v.gap_max)
    gaps.push_back(intersect(*v.coverage.open, passed));
  std::string drawing = band("to-come", window, window, 18);
  int gap_count = 0;
  if (!passed.empty()) {
    for (const CoverageTile& tile : tiles_of(passed, gaps)) {
      gap_count += tile.is_gap ? 1 : 0;
      drawing += band(tile.is_gap ? "gap" : "seen", tile.span, window, tile.is_gap ? 26 : 18);
    }
  }
  int marks = 0;
  for (const FindingModel& f : findings) {
    const Interval appeared = f.finding.appeared;
    if (f.finding.mode != Mode::alert || appeared.end < window.start ||
        appeared.start >= window.end)
      continue;
    ++marks;
    drawing += diamond(f.finding, window);
  }
  return "<svg class=\"timeline\" viewBox=\"0 0 1000 48\" role=\"img\" aria-label=\"" +
         std::to_string(gap_count) + " gaps beyond the promise, " + std::to_string(marks) +
         " findings, from " + print_utc(window.start) + " to " + print_utc(window.end) +
         (now < window.end ? "; a part is still to come" : "") + "\">" + drawing + "</svg>\n";
}

}  // namespace pw
