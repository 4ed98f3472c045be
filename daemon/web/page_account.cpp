#include "daemon/web/page_account.h"

#include "daemon/ledger/report_timeline.h"
#include "daemon/web/timeline.h"

namespace pw {
namespace {

// Sentences are ours and begin with an ASCII letter or a number.
std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string print_window(const AccountVerdict& v, std::span<const FindingModel> findings,
                         Instant now) {
  const std::string& zone = v.window.zone;
  std::string html = "<article class=\"verdict-of\"><h2>" + html_text(headline_of(v), 300) +
                     "</h2>\n<p class=\"sentence\">" +
                     html_text(capitalised(sentence_of(v)), 4000) +
                     ".</p>\n<p class=\"soft\">As "
                     "of " +
                     moment(now) + ". Window " + html_text(print_in_zone(v.judged.start, zone)) +
                     " to " + html_text(print_in_zone(v.judged.end, zone)) + " (" +
                     html_text(zone) + (v.window.zone_assumed ? ", assumed" : "") + "), " +
                     (v.judged.end <= now    ? "over"
                      : now < v.judged.start ? "opens " + countdown(v.judged.start, now)
                                             : "ends " + countdown(v.judged.end, now)) +
                     ".</p>\n";
  if (v.standing != Standing::judged) return html + "</article>\n";
  html +=
      "<figure>" + print_window_timeline(v, findings, now) +
      "<figcaption><span class=\"ends\"><span>" + print_utc(v.judged.start) + "</span><span>" +
      print_utc(v.judged.end) + "</span></span>" + number_text(v.coverage.looks) + " of " +
      number_text(v.coverage.attempts) + " looks saw the account; " +
      (v.gaps.empty() ? "no closed gap was longer than the " +
                            html_text(print_duration(v.gap_max)) + " promised."
                      : number_text(v.gaps.size() + v.gaps_more) + " hatched: longer than the " +
                            html_text(print_duration(v.gap_max)) + " promised.") +
      "</figcaption></figure>\n";
  return html + "</article>\n";
}

std::string print_blind_spots(const AccountModel& account) {
  if (account.verdicts.empty()) return {};
  const AccountVerdict& v = account.verdicts.front();
  std::string html =
      "<section class=\"panel\"><h2>What the connector cannot see</h2><p>Never visible: " +
      html_text(print_never_visible(v)) +
      ". Judged: " + html_text(v.surfaces.empty() ? "nothing" : print_surfaces(v.surfaces)) +
      ".</p>";
  if (!v.blind_spots.empty()) html += "<p>" + html_name(v.blind_spots, 1000) + "</p>";
  return html + "</section>\n";
}

std::string print_runs(const AccountModel& account) {
  std::string html =
      "<section aria-labelledby=\"h-looks\"><h2 id=\"h-looks\">Looks</h2><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Table of looks\"><table><thead><tr><th "
      "scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\" "
      "class=\"number\">Looks</th><th scope=\"col\">Outcome</th></tr></thead><tbody>\n";
  for (auto run = account.runs.rbegin(); run != account.runs.rend(); ++run) {
    const bool saw = observes(run->outcome);
    html += "<tr><td>" + moment(run->first) + "</td><td>" + moment(run->last) +
            "</td><td class=\"number\">" + number_text(run->count) + "</td><td>" +
            (saw ? "seen" : "not seen: " + std::string(name_of(run->outcome))) + "</td></tr>\n";
  }
  html += "</tbody></table></div>";
  if (account.runs_cut) html += "<p class=\"soft\">Earlier looks are in the log.</p>";
  return html + "</section>\n";
}

std::string print_findings(const AccountModel& account) {
  if (account.findings.empty()) return {};
  std::string html =
      "<section aria-labelledby=\"h-findings\"><h2 id=\"h-findings\">Findings</h2>\n";
  for (const FindingModel& f : account.findings) {
    html += "<article class=\"finding\" id=\"f-" + html_text(f.finding.id) + "\"><h3>" +
            html_name(f.finding.summary, 400) + "</h3><p class=\"soft\">" +
            std::string(name_of(f.finding.severity)) + ", " +
            std::string(name_of(f.finding.state)) + "; rule " + html_name(f.finding.rule) +
            "; found " + moment(f.finding.found_at) + "</p>" + print_post(f) + print_words(f) +
            "</article>\n";
  }
  return html + "</section>\n";
}

std::string print_posts(const AccountModel& account) {
  std::string html =
      "<section aria-labelledby=\"h-posts\"><h2 id=\"h-posts\">Posts</h2><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Table of posts\"><table><thead><tr><th "
      "scope=\"col\">Appeared between</th><th scope=\"col\">Kind</th><th scope=\"col\">Text</th>"
      "</tr></thead><tbody>\n";
  for (const PostNote& post : account.posts) {
    html += "<tr><td>" +
            (post.baseline ? "before " + moment(post.appeared.end)
                           : moment(post.appeared.start) + " and " + moment(post.appeared.end)) +
            (post.removed ? "<br>gone before " + moment(post.removed->end) : "") + "</td><td>" +
            std::string(name_of(post.surface)) + "</td><td>" + html_name(post.text, 300) +
            (post.url.empty() ? "" : "<br>" + html_link(post.url)) + "</td></tr>\n";
  }
  html += "</tbody></table></div>";
  if (account.posts.empty()) html += "<p class=\"soft\">None known.</p>";
  if (account.posts_more > 0)
    html += "<p class=\"soft\">and " + std::to_string(account.posts_more) + " earlier ones</p>";
  return html + "</section>\n";
}

}  // namespace

std::string print_post(const FindingModel& f) {
  std::string html;
  if (f.erased) {
    html += "<p class=\"soft\">The content is not kept.</p>";
  } else {
    html += "<blockquote><pre dir=\"auto\">" + html_lines(f.text) + "</pre></blockquote>";
  }
  html += "<p class=\"soft\">" + std::string(name_of(f.surface)) + " by " +
          html_name(f.platform + ':' + f.handle, 120) + ", appeared between " +
          moment(f.finding.appeared.start) + " and " + moment(f.finding.appeared.end);
  if (f.claimed_at) html += "; claims to be of " + moment(*f.claimed_at);
  if (f.removed) html += "; gone before " + moment(f.removed->end);
  html += ".";
  if (!f.url.empty()) html += " " + html_link(f.url);
  return html + "</p>\n";
}

std::string standing_words(const FindingModel& finding) {
  const ReviewStanding standing = standing_of(finding);
  if (standing.words.empty()) return "Nobody has decided yet.";
  std::string words = std::to_string(standing.confirming) + " of " + std::to_string(finding.needs) +
                      " people confirm.";
  if (standing.disagree) words += " People disagree.";
  return words;
}

std::string print_words(const FindingModel& finding) {
  const ReviewStanding standing = standing_of(finding);
  std::string html = "<p class=\"standing" + std::string(standing.disagree ? " warn" : "") + "\">" +
                     standing_words(finding) + "</p>";
  if (!finding.reviews.empty()) {
    html += "<ul class=\"words\">";
    for (const ReviewNote& note : finding.reviews) {
      html +=
          "<li><b>" + html_name(note.reviewer, 80) + "</b>: " +
          std::string(note.decision == FindingState::open ? "withdrew" : name_of(note.decision)) +
          ", " + moment(note.at) +
          (note.reason.empty() ? "" : ": " + html_name(note.reason, 1000)) + "</li>";
    }
    html += "</ul>";
  }
  if (!finding.notes.empty()) {
    html += "<ul class=\"words\">";
    for (const ReviewNote& note : finding.notes) {
      html += "<li><b>" + html_name(note.reviewer, 80) + "</b> noted, " + moment(note.at) + ": " +
              html_name(note.reason, 1000) + "</li>";
    }
    html += "</ul>";
  }
  if (!finding.assignee.empty())
    html += "<p class=\"soft\">Looked into by " + html_name(finding.assignee, 80) + ".</p>";
  if (!finding.answer.empty())
    html += "<p class=\"answer\">The actor's answer: " + html_name(finding.answer, 2000) + "</p>";
  return html + "\n";
}

std::string account_page(const PageContext& context, const AccountModel& account, Instant now) {
  const std::string name = account.cell.platform + ':' + account.cell.handle;
  std::string html = "<div class=\"title\"><h1>" + html_name(account.cell.actor, 200) +
                     "</h1><p class=\"phase\">" + html_name(name, 200) + " · " +
                     state_tag(account.cell.state) +
                     " <button class=\"quiet-button\" id=\"star\" hidden data-account=\"" +
                     std::to_string(account.cell.number) + "\">Add to mine</button></p></div>\n" +
                     print_timeline_patterns();
  for (const AccountVerdict& v : account.verdicts) html += print_window(v, account.findings, now);
  html += print_findings(account) + print_blind_spots(account) + print_runs(account) +
          print_posts(account);
  return print_page(context, account.cell.actor + " – pledgewatch", html);
}

}  // namespace pw
