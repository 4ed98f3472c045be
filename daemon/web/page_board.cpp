#include "daemon/web/page_board.h"

#include <algorithm>
#include <set>

#include "daemon/core/ascii.h"
#include "daemon/web/board_model.h"
#include "daemon/web/target.h"

namespace pw {
namespace {

constexpr std::size_t windows_shown_max = 8;

std::string print_count(const BigCount& count) {
  return "<div class=\"count count-" + std::string(name_of(count.state)) +
         (count.count >= 1000 ? " is-long" : "") + "\"><dt>" + shape(count.state) + ' ' +
         html_text(count.label) + "</dt><dd><strong>" +
         number_text(static_cast<std::uint64_t>(count.count)) + "</strong> <span>of " +
         number_text(static_cast<std::uint64_t>(count.of)) + "</span></dd><dd class=\"note\">" +
         html_text(count.note) + "</dd></div>\n";
}

std::string print_counts(const BoardModel& board, bool everybody) {
  std::string html = "<dl class=\"counts\" id=\"counts\">\n";
  for (const BigCount& count : big_counts(board)) {
    if (everybody && count.state == CellState::review) continue;
    html += print_count(count);
  }
  return html + "</dl>\n";
}

std::string print_coverage(const BoardModel& board) {
  const std::optional<double> share = share_of(board.coverage);
  return "<section class=\"coverage\" aria-labelledby=\"h-coverage\"><h2 id=\"h-coverage\">"
         "Coverage</h2><div class=\"coverage-line\"><strong id=\"coverage\">" +
         (share ? percent(*share) : std::string("–")) + "</strong><div id=\"coverage-bar\">" +
         share_bar(share.value_or(0)) + "</div></div><p class=\"soft\" id=\"coverage-words\">" +
         html_text(coverage_words(board.coverage), 600) + "</p></section>\n";
}

std::string print_window(const WindowGroup& group, Instant now) {
  const bool opens = now < group.span.start;
  const bool over = group.span.end <= now;
  return "<li><span class=\"zone\">" + html_name(group.zone, 60) +
         (group.assumed ? " <em>assumed</em>" : "") + "</span><span class=\"left\">" +
         (over    ? std::string("over")
          : opens ? "opens " + countdown(group.span.start, now)
                  : "ends " + countdown(group.span.end, now)) +
         "</span><span class=\"soft\">" + std::to_string(group.accounts) +
         (group.accounts == 1 ? " account, " : " accounts, ") +
         moment(opens ? group.span.start : group.span.end) + "</span></li>\n";
}

std::string print_windows(const BoardModel& board, Instant now) {
  std::string html =
      "<section class=\"panel\" aria-labelledby=\"h-windows\"><h2 id=\"h-windows\">Windows</h2>"
      "<ul class=\"windows\" id=\"windows\">\n";
  std::size_t shown = 0;
  for (const WindowGroup& group : board.windows) {
    if (shown == windows_shown_max) break;
    html += print_window(group, now);
    ++shown;
  }
  html += "</ul>";
  if (board.windows.size() > shown) {
    html +=
        "<p class=\"soft\">and " + std::to_string(board.windows.size() - shown) + " more zones</p>";
  }
  return html + "</section>\n";
}

std::string print_latest(const BoardModel& board) {
  std::string html =
      "<section class=\"panel\" aria-labelledby=\"h-latest\"><h2 id=\"h-latest\">Latest "
      "findings</h2><ol class=\"latest\" id=\"latest\">\n";
  for (const FindingNote& note : board.latest) {
    html += "<li>" + moment(note.at) + " <a href=\"/accounts/" + std::to_string(note.account) +
            "#f-" + html_text(note.id) + "\">" + html_name(note.summary) +
            "</a> <span class=\"tag\">" + std::string(name_of(note.state)) + "</span></li>\n";
  }
  html += "</ol>";
  if (board.latest.empty()) html += "<p class=\"soft\" id=\"latest-none\">None so far.</p>";
  return html + "</section>\n";
}

std::string seen_words(const CoverageShare& coverage) {
  return number_text(static_cast<std::uint64_t>(coverage.seen_now)) + " of " +
         number_text(static_cast<std::uint64_t>(coverage.accounts)) +
         " accounts were seen at the last look.";
}

std::string print_troubles(const BoardModel& board) {
  std::string html =
      "<section class=\"panel\" aria-labelledby=\"h-blind\"><h2 id=\"h-blind\">What we do not "
      "see</h2><ul class=\"troubles\" id=\"troubles\">\n";
  for (const std::string& words : board.troubles)
    html += "<li>" + html_name(words, 300) + "</li>\n";
  if (board.troubles.empty()) {
    const bool all = board.coverage.seen_now == board.coverage.accounts;
    html += "<li class=\"soft\">" +
            (all ? "Every account was seen at its last look." : seen_words(board.coverage)) +
            "</li>\n";
  }
  return html + "</ul></section>\n";
}

std::string print_map(const BoardModel& board) {
  std::string html =
      "<section class=\"map\" aria-labelledby=\"h-map\"><h2 id=\"h-map\">All " +
      number_text(board.cells.size()) +
      " accounts</h2>\n<div id=\"map-frame\" hidden><canvas id=\"map\" tabindex=\"0\" role=\"img\" "
      "aria-label=\"Map of all accounts by state; the table below says the same\" "
      "aria-describedby=\"map-help\"></canvas><p id=\"map-tip\" role=\"status\" "
      "class=\"map-tip\"></p></div><p class=\"hidden\" id=\"map-help\">Arrow keys move from "
      "account to account, Enter opens one.</p>\n<ul class=\"legend\" id=\"legend\">\n";
  for (std::size_t i = 0; i < cell_state_names.size(); ++i) {
    const auto state = static_cast<CellState>(i);
    html += "<li data-state=\"" + std::string(name_of(state)) + "\"" +
            (board.by_state[i] == 0 ? " class=\"is-none\"" : "") +
            "><a href=\"/?state=" + std::string(name_of(state)) + "#accounts\">" +
            state_tag(state) + " <b>" + number_text(static_cast<std::uint64_t>(board.by_state[i])) +
            "</b></a></li>\n";
  }
  return html + "</ul></section>\n";
}

std::string print_option(std::string_view value, std::string_view label, bool chosen) {
  return "<option value=\"" + html_text(value) + '"' + (chosen ? " selected" : "") + '>' +
         html_text(label) + "</option>";
}

std::string print_filter(const BoardModel& board, const CellFilter& filter) {
  std::string states = print_option("", "every state", !filter.state);
  for (std::size_t i = 0; i < cell_state_names.size(); ++i) {
    const auto state = static_cast<CellState>(i);
    states += print_option(name_of(state), label_of(state), filter.state == state);
  }
  std::set<std::string> names;
  for (const Cell& cell : board.cells) names.insert(cell.platform);
  std::string platforms = print_option("", "every platform", filter.platform.empty());
  for (const std::string& name : names)
    platforms += print_option(name, name, filter.platform == name);
  return "<form id=\"filter\" class=\"filter\" method=\"get\" action=\"/#accounts\" "
         "role=\"search\"><label>Search <input name=\"q\" type=\"search\" maxlength=\"100\" "
         "value=\"" +
         html_text(filter.search) + "\"></label><label>State <select name=\"state\">" + states +
         "</select></label><label>Platform <select name=\"platform\">" + platforms +
         "</select></label><label class=\"mine\" hidden><input type=\"checkbox\" id=\"mine\"> only "
         "mine</label><button>Show</button></form>\n";
}

std::string print_row(const Cell& cell) {
  const std::string number = std::to_string(cell.number);
  return "<tr><td>" + state_tag(cell.state) + "</td><th scope=\"row\"><a href=\"/accounts/" +
         number + "\">" + html_name(cell.actor, 120) + "</a></th><td>" +
         html_name(cell.platform + ':' + cell.handle, 120) + "</td><td class=\"number\">" +
         html_text(print_span_up(cell.longest_gap)) + "</td><td class=\"number\">" +
         std::to_string(cell.findings) + "</td></tr>\n";
}

std::string page_link(const CellFilter& filter, std::size_t page, std::string_view label) {
  std::string href = "/?page=" + std::to_string(page);
  if (filter.state) href += "&state=" + std::string(name_of(*filter.state));
  if (!filter.platform.empty()) href += "&platform=" + encode_query(filter.platform);
  if (!filter.search.empty()) href += "&q=" + encode_query(filter.search);
  for (const AccountNumber number : filter.only)
    href += (number == filter.only.front() ? "&only=" : ",") + std::to_string(number);
  return "<a href=\"" + html_text(href, 2000) + "#accounts\">" + std::string(label) + "</a>";
}

std::string print_table(const BoardModel& board, const CellFilter& filter) {
  const std::vector<std::size_t> places = select_cells(board, filter);
  const std::size_t pages =
      std::max<std::size_t>(1, (places.size() + rows_per_page - 1) / rows_per_page);
  const std::size_t page = std::clamp<std::size_t>(filter.page, 1, pages);
  std::string html =
      "<section id=\"accounts\" aria-labelledby=\"h-accounts\"><h2 id=\"h-accounts\">Account by "
      "account</h2>\n" +
      print_filter(board, filter) + "<p class=\"soft\" id=\"matches\" role=\"status\">" +
      number_text(places.size()) + " of " + number_text(board.cells.size()) +
      " accounts, the gravest first</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Table of accounts\"><table class=\"accounts\"><thead><tr><th "
      "scope=\"col\">State</th><th scope=\"col\">Who</th><th scope=\"col\">Account</th><th "
      "scope=\"col\" class=\"number\">Longest gap</th><th scope=\"col\" "
      "class=\"number\">Findings</th></tr></thead>\n<tbody id=\"rows\">\n";
  const std::size_t end = std::min(places.size(), page * rows_per_page);
  for (std::size_t i = (page - 1) * rows_per_page; i < end; ++i)
    html += print_row(board.cells[places[i]]);
  html += "</tbody></table></div>\n<p class=\"pager\" id=\"pager\">";
  if (page > 1) html += page_link(filter, page - 1, "Earlier") + ' ';
  html += "page " + std::to_string(page) + " of " + std::to_string(pages);
  if (page < pages) html += ' ' + page_link(filter, page + 1, "Further");
  return html + "</p></section>\n";
}

}  // namespace

std::optional<double> share_of(const CoverageShare& coverage) {
  if (coverage.passed <= Millis{0}) return std::nullopt;
  return static_cast<double>(coverage.covered.count()) /
         static_cast<double>(coverage.passed.count());
}

std::string coverage_words(const CoverageShare& coverage) {
  const std::string seen = seen_words(coverage);
  const std::string looks = number_text(coverage.looks) + " of " + number_text(coverage.attempts) +
                            " looks saw their account";
  if (!share_of(coverage)) {
    if (coverage.not_due == 0) return "No window is open yet. " + seen;
    return "Nothing was due yet: no window has been open for longer than the promised gap of " +
           print_duration(coverage.gap_max) + ". " + looks + ". " + seen;
  }
  const std::string not_due =
      coverage.not_due == 0 ? ""
                            : " Windows not counted yet, since no look at them was due: " +
                                  number_text(static_cast<std::uint64_t>(coverage.not_due)) + ".";
  return "of the accounts' time in their windows so far lies within the promised gap of " +
         print_duration(coverage.gap_max) + ". " + looks + "; the longest gap is " +
         print_span_up(coverage.longest_gap) + ". " + seen + not_due;
}

std::string phase_words(const BoardModel& board, Instant now) {
  const auto in = [&](Instant t) { return countdown(t, now); };
  switch (board.phase) {
    case Phase::before:
      return "The first window opens " + in(board.window.start) + ".";
    case Phase::running:
      return "Running. The last window ends " + in(board.window.end) + ".";
    case Phase::sweeping:
      return "The windows are over; sweeps and reviews until the campaign closes " +
             in(board.closes) + ".";
    case Phase::closed:
      return "Closed. Verdicts no longer change.";
  }
  return {};
}

std::vector<std::size_t> select_cells(const BoardModel& board, const CellFilter& filter) {
  const std::string search = lower_ascii(filter.search);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < board.cells.size(); ++i) {
    const Cell& cell = board.cells[i];
    if (filter.state && cell.state != *filter.state) continue;
    if (!filter.platform.empty() && cell.platform != filter.platform) continue;
    if (!filter.only.empty() &&
        std::find(filter.only.begin(), filter.only.end(), cell.number) == filter.only.end())
      continue;
    if (!search.empty() && lower_ascii(cell.actor).find(search) == std::string::npos &&
        lower_ascii(cell.handle).find(search) == std::string::npos)
      continue;
    places.push_back(i);
  }
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return board.cells[a].state < board.cells[b].state;
  });
  return places;
}

std::string board_page(const PageContext& context, const BoardModel& board,
                       const CellFilter& filter, Instant now) {
  const bool everybody = context.caller.role == Role::everybody;
  std::string html = "<div class=\"title\"><h1>" + html_name(board.judgement.campaign, 120) +
                     "</h1><p class=\"phase\" id=\"phase\">" + phase_words(board, now) +
                     "</p><p class=\"live\" id=\"live\" role=\"status\">as of " +
                     moment(board.judgement.as_of) + "</p></div>\n" +
                     print_counts(board, everybody) + print_coverage(board);
  if (everybody) {
    html +=
        print_windows(board, now) +
        "<section class=\"panel\"><h2>Nobody is named here</h2><p>Findings are public only "
        "after people have reviewed them. The signed <a href=\"/log/checkpoint\">checkpoint</a> "
        "fixes what the log holds (" +
        number_text(board.signed_leaves) +
        " entries). Organisers <a "
        "href=\"/sign-in\">sign in</a>.</p></section>\n";
  } else {
    html += "<div class=\"columns\">" + print_map(board) + "<aside>" + print_windows(board, now) +
            print_latest(board) + print_troubles(board) + "</aside></div>\n" +
            print_table(board, filter);
  }
  return print_page(context, board.judgement.campaign + " – pledgewatch", html);
}

}  // namespace pw
