#include "daemon/web/page_review.h"

#include <algorithm>

#include "daemon/web/page_account.h"
#include "daemon/web/target.h"

namespace pw {
namespace {

std::string decision_button(std::string_view value, std::string_view label, char key) {
  return "<button name=\"decision\" value=\"" + std::string(value) + "\" class=\"decide-" +
         std::string(value) + "\" data-key=\"" + key + "\">" + std::string(label) +
         " <kbd aria-hidden=\"true\">" + key + "</kbd></button>";
}

std::string print_form(const PageContext& context, const FindingModel& f) {
  if (context.caller.role < Role::reviewer) return {};
  const std::string id = html_text(f.finding.id);
  return "<form method=\"post\" action=\"/review/" + id + "\" class=\"decide\">" +
         form_guard(context.caller) + "<label for=\"note-" + id +
         "\">Note</label><textarea id=\"note-" + id +
         "\" name=\"reason\" rows=\"2\" maxlength=\"2000\"></textarea><div class=\"buttons\">" +
         decision_button("confirmed", "Confirm", 'c') + decision_button("excused", "Excuse", 'e') +
         decision_button("dismissed", "Dismiss", 'd') + "</div></form>\n";
}

std::string print_case(const PageContext& context, const FindingModel& f) {
  std::string html =
      "<li><article class=\"case\" tabindex=\"-1\" id=\"f-" + html_text(f.finding.id) +
      "\" aria-labelledby=\"h-" + html_text(f.finding.id) + "\"><h2 id=\"h-" +
      html_text(f.finding.id) + "\">" + html_name(f.finding.summary, 400) +
      "</h2><p class=\"soft\">" + "<a href=\"/accounts/" + std::to_string(f.finding.account) +
      "\">" + html_name(f.actor, 120) + "</a> · " + std::string(name_of(f.finding.severity)) +
      " · found " + moment(f.finding.found_at) + "</p>\n" + print_post(f) + "<p><b>Why:</b> rule " +
      html_name(f.finding.rule, 120) + " matched";
  if (f.finding.needs_review) html += "; for people to decide: " + html_name(f.finding.why, 400);
  html += ".</p>";
  if (!f.commitment.empty()) {
    html += "<p class=\"soft\">Evidence: the log holds this post as <code>" +
            html_text(f.commitment, 80) + "</code></p>";
  }
  return html + print_words(f) + print_form(context, f) + "</article></li>\n";
}

}  // namespace

std::string review_page(const PageContext& context, const QueueView& queue) {
  std::string html =
      "<div class=\"title\"><h1>Review</h1><p class=\"phase\" id=\"queue-size\">" +
      number_text(static_cast<std::uint64_t>(std::max(queue.waiting, 0))) +
      (queue.waiting == 1 ? " finding waits" : " findings wait") +
      "</p><p class=\"soft keys\" id=\"keys\" hidden><kbd>j</kbd> next <kbd>k</kbd> previous "
      "<kbd>c</kbd> confirm <kbd>e</kbd> excuse <kbd>d</kbd> dismiss</p><p><a href=\"" +
      std::string(queue.only_mine ? "/review\">Show all that wait"
                                  : "/review?mine=yes\">Only those that wait for my word") +
      "</a></p></div>\n";
  if (!queue.trouble.empty())
    html += "<p class=\"warn\" role=\"alert\">" + html_text(queue.trouble, 600) + "</p>\n";
  if (!queue.done.empty())
    html += "<p class=\"done\" role=\"status\">" + html_text(queue.done, 600) + "</p>\n";
  if (context.caller.role < Role::reviewer)
    html += "<p class=\"soft\">You may read; reviewers decide.</p>\n";
  html += "<ol class=\"queue\" id=\"queue\">\n";
  for (const FindingModel& finding : queue.findings) html += print_case(context, finding);
  html += "</ol>\n";
  if (queue.more) {
    html += "<p><a href=\"/review?" + std::string(queue.only_mine ? "mine=yes&amp;" : "") +
            "after=" + encode_query(queue.findings.back().finding.id) +
            "\">The next that wait</a></p>\n";
  }
  if (queue.findings.empty())
    html +=
        "<p class=\"panel\">Nothing awaits review. New findings appear here by themselves.</p>\n";
  return print_page(context, "Review – pledgewatch", html);
}

}  // namespace pw
