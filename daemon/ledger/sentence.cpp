#include "daemon/ledger/sentence.h"

#include <algorithm>

namespace pw {
namespace {

std::string print_utc_span(Interval span) {
  return print_utc(span.start) + " to " + print_utc(span.end);
}

std::string plural(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + ' ' + one + (count == 1 ? "" : "s");
}

std::string surfaces_or(SurfaceSet surfaces, std::string_view none) {
  return surfaces.empty() ? std::string(none) : print_surfaces(surfaces);
}

// "rate_limited 12 times, unreachable 3 times": what was not seen, and why.
std::string troubles_of(const Coverage& coverage) {
  std::string text;
  for (std::size_t i = 0; i < coverage.outcomes.size(); ++i) {
    if (observes(static_cast<Outcome>(i)) || coverage.outcomes[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::string(outcome_names[i]) + ' ' + plural(coverage.outcomes[i], "time");
  }
  return text;
}

std::string gap_reason(const AccountVerdict& v) {
  std::string text = "the longest gap is " + print_span_up(v.coverage.longest_gap) +
                     ", more than the " + print_duration(v.gap_max) + " promised (" +
                     print_utc_span(v.coverage.longest) + ")";
  const std::string troubles = troubles_of(v.coverage);
  return troubles.empty() ? text : text + "; looks that saw nothing: " + troubles;
}

std::string canary_reason(const AccountVerdict& v) {
  std::string text = "posts that the organisers' own accounts owed did not show on this connector";
  for (const Interval& span : v.unseen) {
    text += (&span == v.unseen.data() ? " (" : ", ") + print_utc_span(span);
  }
  return text + ')';
}

std::string reason(const AccountVerdict& v, Missing missing) {
  switch (missing) {
    case Missing::log_not_understood:
      return "the log holds an entry that is not understood";
    case Missing::promise_late:
      return "the terms were logged only after the window had opened";
    case Missing::promise_infeasible:
      return "the plan could not promise a gap short enough (" + print_duration(v.gap_max) + ")";
    case Missing::identity:
      return "no stable id of the account was pinned before the window opened";
    case Missing::surfaces:
      return "this connector sees none of the pledged surfaces (" +
             print_surfaces(v.never_visible) + ")";
    case Missing::list:
      return "the platform's list cannot be shown to reach back to the window's start";
    case Missing::baseline:
      return "no logged look saw the account before the window opened";
    case Missing::clock:
      return "our clock and the platforms' disagree";
    case Missing::gap:
      return gap_reason(v);
    case Missing::end:
      return "no logged look saw the account after the window's end";
    case Missing::unreadable:
      return plural(v.coverage.unreadable, "look") + " found items that could not be read";
    case Missing::went_away:
      return "the account could not be seen by anybody for a part of the window";
    case Missing::sweep:
      return "no logged sweep after the window's end read the list back";
    case Missing::exemption:
      return "whether an exemption covers a confirmed finding cannot be told";
    case Missing::canary:
      return canary_reason(v);
  }
  return "unknown";
}

std::string join(const std::vector<std::string>& parts, std::string_view with) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += with;
    text += part;
  }
  return text;
}

std::string looks_and_gap(const AccountVerdict& v) {
  return plural(v.coverage.looks, "look") + ", longest gap " +
         print_span_up(v.coverage.longest_gap) +
         "; never visible to this connector: " + print_never_visible(v);
}

std::string about(const AccountVerdict& v) {
  return "account " + print_account(v.account) + " in window " + print_utc_span(v.judged);
}

// "no post" must not be said where posts were seen that do not count.
std::string beside_seen(const AccountVerdict& v) {
  if (v.posts_seen == 0) return "";
  return ", other than " + std::to_string(v.posts_seen) +
         (v.posts_seen == 1 ? " that was seen and does not count against the pledge"
                            : " that were seen and do not count against the pledge");
}

// By the platform's own word, and how often it was heard.
std::string unavailable_sentence(const AccountVerdict& v) {
  return "the platform itself said of " + about(v) +
         ", from before it to after it, that nobody is shown its posts (" +
         troubles_of(v.coverage) + ", at most " + print_span_up(v.coverage.unavailable_gap) +
         " apart); no logged look saw any";
}

// Silence that is usual says less. No more is claimed than the list showed.
std::string habit_of_it(const AccountVerdict& v) {
  if (!v.habit || v.habit->spans == 0) return "";
  return "; before the first look it had been silent for " + print_duration(v.habit->span) +
         " in " + std::to_string(v.habit->silent) + " of " +
         plural(static_cast<std::uint64_t>(v.habit->spans), "span") +
         ", by the times that its posts name, of those that still stood";
}

std::string kept_sentence(const AccountVerdict& v) {
  return "no public post on surfaces " + print_surfaces(v.surfaces) + " by account " +
         print_account(v.account) + " that stood at least " +
         print_span_up(v.coverage.longest_gap) + " appeared in window " + print_utc_span(v.judged) +
         beside_seen(v) + "; " + looks_and_gap(v) + habit_of_it(v) +
         (v.final ? "" : " (provisional until the second sweep)");
}

std::string broken_sentence(const AccountVerdict& v) {
  const int count = v.findings.standing;
  return std::to_string(count) + (count == 1 ? " confirmed breach" : " confirmed breaches") +
         " of the pledge by " + about(v);
}

std::string pending_sentence(const AccountVerdict& v) {
  if (v.findings.awaiting > 0) {
    return plural(static_cast<std::uint64_t>(v.findings.awaiting), "finding") + " of " + about(v) +
           " awaiting review; " + looks_and_gap(v);
  }
  if (v.running && v.posts_seen > 0) {
    return plural(v.posts_seen, "post") + " of " + about(v) +
           " seen so far, no confirmed breach among them; " + looks_and_gap(v);
  }
  if (v.running) {
    return "nothing seen so far of " + about(v) + " on surfaces " +
           surfaces_or(v.surfaces, "none") + "; " + looks_and_gap(v);
  }
  return "the sweep after the window is still due for " + about(v) + "; " + looks_and_gap(v);
}

}  // namespace

std::string print_utc(Instant t) {
  std::string text = print_rfc3339(t);  // 2020-09-16T04:00:00.000Z
  const std::size_t at = text.find('T');
  if (at == text.npos || text.size() < at + 13) return text;
  const bool whole_minute = text.compare(at + 6, 7, ":00.000") == 0;
  const bool whole_second = text.compare(at + 9, 4, ".000") == 0;
  text[at] = ' ';
  return text.substr(0, at + (whole_minute ? 6 : whole_second ? 9 : 13)) + " UTC";
}

std::string print_span_up(Millis span) {
  Millis step{1};
  if (span >= Millis{86'400'000})
    step = Millis{3'600'000};
  else if (span >= Millis{3'600'000})
    step = Millis{60'000};
  else if (span >= Millis{1000})
    step = Millis{1000};
  return print_duration((span + step - Millis{1}) / step * step);
}

std::vector<std::string> reasons_of(const AccountVerdict& v) {
  std::vector<std::string> reasons;
  for (const Missing missing : v.missing) reasons.push_back(reason(v, missing));
  return reasons;
}

std::string sentence_of(const AccountVerdict& v) {
  if (v.standing == Standing::rumoured)
    return "not judged: the pledge is a rumour and was not watched";
  if (v.standing == Standing::withdrawn) {
    return "not judged: withdrawn" + (v.withdrawn_at ? " at " + print_utc(*v.withdrawn_at) : "");
  }
  switch (v.verdict) {
    case Verdict::kept:
      return kept_sentence(v);
    case Verdict::broken:
      return broken_sentence(v);
    case Verdict::pending:
      return pending_sentence(v);
    case Verdict::unavailable:
      return unavailable_sentence(v);
    case Verdict::exempt:
      return "an exemption covers " + about(v) + ": " + v.exemption;
    case Verdict::unproven:
      break;
  }
  return "nothing can be said of " + about(v) + ": " + join(reasons_of(v), "; ") + "; " +
         looks_and_gap(v);
}

std::string print_never_visible(const AccountVerdict& v) {
  const std::string_view backdated = "a post dated back beyond the list's end";
  if (!v.hides_backdated) return surfaces_or(v.never_visible, "nothing that was pledged");
  if (v.never_visible.empty()) return std::string(backdated);
  return print_surfaces(v.never_visible) + ", nor " + std::string(backdated);
}

std::string sentence_of(const Outage& outage) {
  const std::string seen = outage.connector + " saw nothing from " + print_utc_span(outage.span) +
                           " (" + std::to_string(outage.blind) + " of " +
                           plural(outage.looks, "look") + ')';
  switch (outage.kind) {
    case OutageKind::connector:
      return seen + " while other connectors saw: the platform's fault, or of our access to it";
    case OutageKind::everything:
      return seen + ", nor did any other connector: ours, not theirs";
    case OutageKind::alone:
      break;
  }
  return seen + "; no other connector looked often enough to say whose fault it was";
}

std::string headline_of(const AccountVerdict& v) {
  if (v.standing != Standing::judged) return std::string(name_of(v.standing));
  if (v.verdict == Verdict::kept) {
    return "kept on " + print_surfaces(v.surfaces) + ", gaps up to " +
           print_span_up(v.coverage.longest_gap) + (v.final ? "" : " (provisional)");
  }
  if (v.verdict == Verdict::pending && v.running && v.findings.awaiting == 0) {
    return v.posts_seen > 0 ? "no breach seen so far" : "nothing seen so far";
  }
  return std::string(name_of(v.verdict));
}

std::string headline_of(const ActorVerdict& actor, const Judgement& judgement) {
  if (actor.standing != Standing::judged) return std::string(name_of(actor.standing));
  SurfaceSet surfaces;
  Millis longest{0};
  bool running = false;
  bool awaiting = false;
  bool has_posts = false;
  for (const std::uint32_t i : actor.accounts) {
    const AccountVerdict& v = judgement.accounts[i];
    running = running || v.running;
    awaiting = awaiting || v.findings.awaiting > 0;
    has_posts = has_posts || v.posts_seen > 0;
    if (v.verdict != Verdict::kept) continue;
    surfaces = surfaces | v.surfaces;
    longest = std::max(longest, v.coverage.longest_gap);
  }
  if (actor.verdict == Verdict::kept) {
    return "kept on " + print_surfaces(surfaces) + ", gaps up to " + print_span_up(longest) +
           (actor.final ? "" : " (provisional)");
  }
  if (actor.verdict == Verdict::pending && running && !awaiting) {
    return has_posts ? "no breach seen so far" : "nothing seen so far";
  }
  return std::string(name_of(actor.verdict));
}

std::vector<std::string> counts_of(const Judgement& judgement) {
  std::vector<std::string> lines;
  Millis longest{0};
  SurfaceSet surfaces;
  for (const AccountVerdict& v : judgement.accounts) {
    if (v.standing != Standing::judged || v.verdict != Verdict::kept) continue;
    longest = std::max(longest, v.coverage.longest_gap);
    surfaces = surfaces | v.surfaces;
  }
  const auto provisional =
      std::count_if(judgement.actors.begin(), judgement.actors.end(), [](const ActorVerdict& a) {
        return a.standing == Standing::judged && a.verdict == Verdict::kept && !a.final;
      });
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    const int count = judgement.actors_by_verdict[i];
    if (count == 0) continue;
    std::string line = std::to_string(count) + " of " + std::to_string(judgement.actors_judged) +
                       " judged: " + std::string(verdict_names[i]);
    if (static_cast<Verdict>(i) == Verdict::kept) {
      line += " (on surfaces " + print_surfaces(surfaces) + ", no gap longer than " +
              print_span_up(longest);
      if (provisional > 0) line += "; " + std::to_string(provisional) + " of them provisional";
      line += ')';
    }
    lines.push_back(std::move(line));
  }
  const std::size_t all = judgement.actors.size();
  const auto beside = [&](int count, const std::string& what) {
    if (count > 0) {
      lines.push_back(std::to_string(count) + " of " + std::to_string(all) +
                      " on the roster: " + what);
    }
  };
  beside(judgement.actors_rumoured, "rumoured, not watched and not judged");
  beside(judgement.actors_withdrawn, "withdrawn, not judged");
  return lines;
}

}  // namespace pw
