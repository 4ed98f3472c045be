#include "daemon/app/live_table.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace pw {
namespace {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

// "▓▓▓▓░░░░ 47 %" of the way from `start` to `end`.
std::string progress(Instant start, Instant end, Instant now) {
  constexpr int cells = 30;
  const double span = static_cast<double>(std::max<std::int64_t>(1, (end - start).count()));
  const double part = std::clamp(static_cast<double>((now - start).count()) / span, 0.0, 1.0);
  const int filled = static_cast<int>(part * cells);
  std::string bar;
  for (int i = 0; i < cells; ++i) bar += i < filled ? "█" : "░";
  return bar + ' ' + std::to_string(static_cast<int>(part * 100)) + " %";
}

std::string phase(const LiveView& view) {
  const auto in = [&](Instant t) { return print_duration(std::max(Millis{0}, t - view.now)); };
  if (view.now < view.window.start) return "opens in " + in(view.window.start);
  if (view.now < view.window.end) return "open, ends in " + in(view.window.end);
  if (view.now < view.closes) return "over, sweeping; verdicts can change for " + in(view.closes);
  return "closed";
}

std::string row(const PlatformCount& count) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "  %-12.12s %8d %8d %9d  %12s %9d",
                count.platform.c_str(), count.accounts, count.seen, count.blind,
                print_duration(count.gap_max).c_str(), count.findings);
  return text.data();
}

std::string outcomes(const Board& board) {
  std::string text;
  for (std::size_t i = 0; i < outcome_names.size(); ++i) {
    const std::uint64_t count = board.looks_with(static_cast<Outcome>(i));
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::string(outcome_names[i]) + ' ' + grouped(count);
  }
  return text.empty() ? "none yet" : text;
}

// Bytes that could move a terminal's cursor are left out, and the line is cut on
// a character's boundary.
std::string fitted(const std::string& line, int width) {
  std::string out;
  int columns = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) continue;
    const bool starts = (byte & 0xc0) != 0x80;
    if (starts && columns == width) break;
    columns += starts ? 1 : 0;
    out += c;
  }
  return out;
}

std::string clock_of(Instant t) { return print_rfc3339(t).substr(11, 8); }

}  // namespace

std::vector<std::string> live_table(const LiveView& view, int width) {
  const Board& board = *view.board;
  std::vector<std::string> lines;
  lines.push_back("pledgewatch  " + view.campaign);
  lines.push_back("window " + clock_of(view.window.start) + " to " + clock_of(view.window.end) +
                  " UTC, now " + clock_of(view.now) + ": " + phase(view));
  lines.push_back(progress(view.window.start, view.window.end, view.now));
  lines.push_back("");
  lines.push_back("looks " + grouped(board.looks()) + ": " + outcomes(board));
  lines.push_back("");
  lines.push_back("  platform     accounts     seen blind now   longest gap  findings");
  for (const PlatformCount& count : board.platforms(view.now)) lines.push_back(row(count));
  lines.push_back("");
  if (board.findings() == 0) lines.push_back("nothing seen so far that a rule matches");
  for (const LatestFinding& finding : board.latest()) {
    lines.push_back("  " + clock_of(finding.at) + "  " + finding.summary);
  }
  lines.push_back("");
  lines.push_back("alerts delivered " + std::to_string(view.deliveries_done) + ", waiting " +
                  std::to_string(view.deliveries_waiting) + ", given up " +
                  std::to_string(view.deliveries_dead) + "; log " + grouped(view.log_leaves) +
                  " entries");
  for (const std::string& address : view.addresses) {
    if (address.starts_with("http")) lines.push_back("board at " + address);
  }
  if (view.lateness > std::chrono::seconds(5)) {
    lines.push_back("LATE: an account has waited " + print_duration(view.lateness) +
                    " beyond its turn");
  }
  for (std::string& line : lines) line = fitted(line, width);
  return lines;
}

}  // namespace pw
