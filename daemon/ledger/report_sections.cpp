#include "daemon/ledger/report_sections.h"

#include "daemon/ledger/report_text.h"
#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

std::string print_review(const ReviewRow& review) {
  std::string html = "<li>" + print_utc(review.at) + ", " + html_name(review.reviewer) + ": " +
                     std::string(name_of(review.decision));
  if (!review.reason.empty())
    html += ", \u201c" + html_name(review.reason, shown_post_bytes_max) + "\u201d";
  return html + "</li>\n";
}

std::string print_post(const FindingRow& row) {
  if (row.erased)
    return "<p class=\"soft\">The post\u2019s content was erased; the log still names it.</p>\n";
  std::string html;
  if (!row.text.empty()) {
    html += "<blockquote>" + html_name(row.text, shown_post_bytes_max) + "</blockquote>\n";
  }
  html += "<p class=\"soft\">";
  if (!row.url.empty()) html += html_link(row.url) + "; ";
  html += row.removed ? "no longer there when last looked" : "there when last looked";
  if (row.claimed_at)
    html += "; the platform\u2019s own time field says " + print_utc(*row.claimed_at);
  return html + "</p>\n";
}

std::string print_finding(const FindingRow& row) {
  const Finding& f = row.finding;
  std::string html = "<div class=\"panel finding\">\n<p><strong>" +
                     std::string(name_of(f.severity)) + ", " + std::string(name_of(f.state)) +
                     "</strong> by rule " + html_name(f.rule) + ": a " +
                     std::string(name_of(row.surface)) + " that appeared between " +
                     print_utc(f.appeared.start) + " and " + print_utc(f.appeared.end) + "</p>\n";
  if (!f.summary.empty()) html += "<p>" + html_name(f.summary, shown_post_bytes_max) + "</p>\n";
  html += print_post(row);
  if (f.needs_review) {
    html += "<p class=\"soft\">People had to decide: " +
            html_name(f.why.empty() ? "unknown" : f.why, 500) + "</p>\n";
  }
  if (row.reviews.empty())
    return html + "<p class=\"soft\">Nobody has reviewed it yet.</p>\n</div>\n";
  html += "<ul>\n";
  for (const ReviewRow& review : row.reviews) html += print_review(review);
  return html + "</ul>\n</div>\n";
}

}  // namespace

std::string print_findings(const AccountVerdict& v, std::span<const FindingRow> findings) {
  std::string html;
  for (const FindingRow& row : findings) {
    const Interval appeared = row.finding.appeared;
    const bool here = row.finding.account == v.account.number && row.finding.mode == Mode::alert &&
                      appeared.end >= v.judged.start && appeared.start < v.judged.end;
    if (here) html += print_finding(row);
  }
  return html;
}

std::string print_outages(const Judgement& judgement) {
  if (judgement.outages.empty()) return "";
  std::string html =
      "<h2>When a connector saw nothing</h2>\n<p>Most accounts of a connector out of sight at once "
      "is no silence of theirs: these spells are gaps, whoever is at fault.</p>\n<ul>\n";
  for (const Outage& outage : judgement.outages) {
    html += "<li>" + html_text(sentence_of(outage), 1000) + ".</li>\n";
  }
  return html + "</ul>\n";
}

std::string print_deliveries(const ReportInput& input) {
  if (input.sinks.empty()) return "";
  std::string html =
      "<h2>Who was told</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Sink</th>"
      "<th scope=\"col\">Delivered</th><th scope=\"col\">Waiting</th>"
      "<th scope=\"col\">Given up</th><th scope=\"col\">Of</th></tr></thead>\n<tbody>\n";
  for (const SinkRow& sink : input.sinks) {
    html += "<tr><th scope=\"row\">" + html_name(sink.sink) + "</th>";
    for (const int count :
         {sink.delivered, sink.waiting, sink.dead, sink.delivered + sink.waiting + sink.dead}) {
      html += "<td>" + std::to_string(count) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string print_connectors(const ReportInput& input) {
  if (input.connectors.empty()) return "";
  std::string html = "<h2>What each connector can and cannot see</h2>\n";
  for (const ConnectorRow& row : input.connectors) {
    html += "<h3>" + html_name(row.connector) + "</h3>\n<div class=\"scroll\"><table>\n<tbody>\n";
    for (const auto& [what, value] : row.capabilities) {
      html += "<tr><th scope=\"row\">" + html_name(what) + "</th><td>" + html_name(value, 1000) +
              "</td></tr>\n";
    }
    html += "</tbody>\n</table></div>\n";
  }
  return html;
}

std::string print_runs(const ReportInput& input) {
  if (input.runs.empty()) return "";
  std::string html = "<h2>When the daemon ran</h2>\n<ul>\n";
  for (const RunRow& run : input.runs) {
    html += "<li>" + print_utc(run.at) + ": " + html_name(run.event);
    if (!run.detail.empty()) html += ", " + html_name(run.detail, 500);
    html += "</li>\n";
  }
  return html + "</ul>\n";
}

std::string print_how_to_verify(const ReportInput& input) {
  return "<h2>How to check it</h2>\n<p>This report was made from a log that anybody can check who "
         "has its folder. With our tool:</p>\n<pre>pledgewatch verify DIR --key &quot;" +
         html_text(input.vkey) +
         "&quot;</pre>\n<p>Add <code>--anchor FILE</code> with a checkpoint that you kept "
         "yourself: without one, the log\u2019s owner could have rewritten all of it. Without our "
         "tool: the checkpoint is a C2SP signed note. Save its text up to the empty line, the "
         "empty line not included, as <code>body.txt</code>; decode the last word from base64 and "
         "drop its first four bytes for <code>sig.bin</code>; the key is what follows the second + "
         "of "
         "the key line, decoded, without its first byte; behind the twelve bytes "
         "302a300506032b6570032100 (hexadecimal) it is <code>pub.der</code>. Then</p>\n"
         "<pre>openssl pkey -pubin -inform DER -in pub.der -out pub.pem\nopenssl pkeyutl -verify "
         "-pubin -inkey pub.pem -rawin -in body.txt -sigfile sig.bin"
         "</pre>\n<p class=\"label\">The checkpoint over " +
         std::to_string(input.checkpoint.size) + " entries</p>\n<pre>" + html_lines(input.note) +
         "</pre>\n<p class=\"label\">Its root hash</p>\n<pre>" + print_hex(input.checkpoint.root) +
         "</pre>\n";
}

}  // namespace pw
