#include "daemon/outbox/summary.h"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis hour = std::chrono::hours(1);

int total(const std::array<int, finding_state_names.size()>& findings) {
  return std::accumulate(findings.begin(), findings.end(), 0);
}

int blind_of(const SummaryFacts& facts) {
  int blind = 0;
  for (const SummaryPlatform& platform : facts.platforms) blind += platform.blind;
  return blind;
}

std::string number(int count) { return std::to_string(count); }
std::string of(int count, int all) { return number(count) + " of " + number(all); }

// "3 findings (2 open, 1 confirmed)"
std::string findings_text(const SummaryFacts& facts) {
  const int count = total(facts.findings);
  if (count == 0) return "none";
  std::string states;
  for (std::size_t i = 0; i < facts.findings.size(); ++i) {
    if (facts.findings[i] == 0) continue;
    states += (states.empty() ? "" : ", ") + number(facts.findings[i]) + ' ' +
              std::string(finding_state_names[i]);
  }
  return number(count) + " (" + states + ")";
}

// "kept 20, broken 3, ... of 38 actors"
std::string verdicts_text(const SummaryVerdicts& verdicts) {
  constexpr std::array<Verdict, 6> order = {Verdict::kept,     Verdict::broken,
                                            Verdict::unproven, Verdict::pending,
                                            Verdict::exempt,   Verdict::unavailable};
  std::string text;
  for (const Verdict verdict : order) {
    text += (text.empty() ? "" : ", ") + std::string(name_of(verdict)) + ' ' +
            number(verdicts.actors[static_cast<std::size_t>(verdict)]);
  }
  return text + " of " + number(verdicts.judged) + (verdicts.judged == 1 ? " actor" : " actors");
}

std::string title_of(const SummaryFacts& facts) {
  const std::string seen = of(facts.accounts - blind_of(facts), facts.accounts) + " accounts seen";
  switch (facts.moment.kind) {
    case SummaryKind::opening:
      return facts.campaign + " has opened: " + seen + " at the last look";
    case SummaryKind::hourly:
      return facts.campaign + ", hour " + number(facts.moment.hour) + ": " +
             (total(facts.findings) == 0 ? "nothing seen so far"
                                         : number(total(facts.findings)) + " findings so far") +
             ", " + seen + " at the last look";
    case SummaryKind::closing:
    case SummaryKind::final:
      break;
  }
  const bool last = facts.moment.kind == SummaryKind::final;
  return facts.campaign + (last ? " is closed: " : " is over, so far: ") +
         verdicts_text(facts.verdicts.value_or(SummaryVerdicts{}));
}

std::string surfaces_text(SurfaceSet surfaces) {
  std::string text;
  for (std::size_t i = 0; i < surface_names.size(); ++i) {
    if (surfaces.has(static_cast<Surface>(i)))
      text += (text.empty() ? "" : ", ") + std::string(surface_names[i]);
  }
  return text;
}

void add_verdicts(const SummaryVerdicts& verdicts, Notice& notice) {
  notice.facts.push_back({"Verdicts", verdicts_text(verdicts)});
  notice.facts.push_back({"Coverage", of(verdicts.within_promise, verdicts.accounts) +
                                          " accounts without a gap beyond the promise"});
  if (verdicts.actors[static_cast<std::size_t>(Verdict::kept)] > 0)
    notice.facts.push_back({"Kept claims", "no public post on " + surfaces_text(verdicts.surfaces) +
                                               " that stood at least " +
                                               print_duration(verdicts.kept_duration)});
  if (verdicts.rumoured + verdicts.withdrawn > 0)
    notice.facts.push_back({"Not judged", number(verdicts.rumoured) + " rumoured, " +
                                              number(verdicts.withdrawn) + " withdrawn"});
}

std::string text_of(const SummaryFacts& facts) {
  switch (facts.moment.kind) {
    case SummaryKind::opening:
    case SummaryKind::hourly:
      return "Not seen is not kept: what can be said of a pledge is said after the window.";
    case SummaryKind::closing:
      return "Not final: a second sweep and reviews may still change a verdict; pending is what "
             "waits for them. The report says what each verdict rests on.";
    case SummaryKind::final:
      break;
  }
  return "Nothing that was planned can change these verdicts. The report says what each rests on.";
}

Json platforms_json(const SummaryFacts& facts) {
  Json platforms = Json::array();
  for (const SummaryPlatform& p : facts.platforms) {
    platforms.push_back({{"platform", p.platform},
                         {"accounts", p.accounts},
                         {"blind", p.blind},
                         {"longest_gap_ms", p.gap_max.count()},
                         {"promised_gap_ms", p.gap_promised.count()}});
  }
  return platforms;
}

Json verdicts_json(const SummaryVerdicts& verdicts) {
  Json actors = Json::object();
  for (std::size_t i = 0; i < verdict_names.size(); ++i)
    actors[std::string(verdict_names[i])] = verdicts.actors[i];
  return {{"actors", std::move(actors)},
          {"judged", verdicts.judged},
          {"rumoured", verdicts.rumoured},
          {"withdrawn", verdicts.withdrawn},
          {"accounts", verdicts.accounts},
          {"within_promise", verdicts.within_promise},
          {"kept_surfaces", surfaces_text(verdicts.surfaces)},
          {"kept_duration_ms", verdicts.kept_duration.count()}};
}

}  // namespace

std::optional<SummaryMoment> moment_before(const SummaryTimes& times, Instant now) {
  const Interval& window = times.window;
  if (window.empty() || now < window.start) return std::nullopt;
  const std::string prefix = "sum_" + std::to_string(ms_of(window.start)) + '_';
  if (now >= times.closes)
    return SummaryMoment{SummaryKind::final, 0, times.closes, prefix + "final"};
  if (now >= times.closing_at)
    return SummaryMoment{SummaryKind::closing, 0, times.closing_at, prefix + "closing"};
  // The last hour that began inside the window.
  const Instant latest = std::min(now, window.end - Millis{1});
  const int hours = static_cast<int>((latest - window.start) / hour);
  if (hours == 0) return SummaryMoment{SummaryKind::opening, 0, window.start, prefix + "opening"};
  return SummaryMoment{SummaryKind::hourly, hours, window.start + hours * hour,
                       prefix + "hour_" + std::to_string(hours)};
}

std::optional<Instant> moment_after(const SummaryTimes& times, Instant now) {
  const Interval& window = times.window;
  if (window.empty()) return std::nullopt;
  if (now < window.start) return window.start;
  const Instant next_hour = window.start + ((now - window.start) / hour + 1) * hour;
  if (next_hour < window.end) return next_hour;
  if (now < times.closing_at) return times.closing_at;
  if (now < times.closes) return times.closes;
  return std::nullopt;
}

Notice summary_notice(const SummaryFacts& facts) {
  Notice notice;
  notice.kind = Notice::Kind::summary;
  notice.title = title_of(facts);
  notice.campaign = facts.campaign;
  notice.key = "summary " + facts.moment.id;
  notice.at = facts.now;
  notice.facts.push_back(
      {"Window", print_rfc3339(facts.window.start) + " to " + print_rfc3339(facts.window.end)});
  if (!facts.run.empty()) notice.facts.push_back({"Alerts", "none: the campaign is " + facts.run});
  if (facts.verdicts) add_verdicts(*facts.verdicts, notice);
  notice.facts.push_back({"Findings", findings_text(facts)});
  notice.facts.push_back({"Watched", number(facts.accounts) + " accounts of " +
                                         number(facts.actors) + " actors, " +
                                         std::to_string(facts.looks) + " looks"});
  for (const SummaryPlatform& p : facts.platforms) {
    std::string line = of(p.accounts - p.blind, p.accounts) +
                       " seen at the last look, longest gap " + print_duration(p.gap_max);
    if (p.gap_promised > Millis{0}) line += " (promised " + print_duration(p.gap_promised) + ")";
    notice.facts.push_back({p.platform, std::move(line)});
  }
  notice.text = text_of(facts);
  return notice;
}

std::string summary_body(const SummaryFacts& facts) {
  Json findings = Json::object();
  for (std::size_t i = 0; i < finding_state_names.size(); ++i)
    findings[std::string(finding_state_names[i])] = facts.findings[i];
  Json data = {
      {"kind", summary_kind_names[static_cast<std::size_t>(facts.moment.kind)]},
      {"headline", title_of(facts)},
      {"campaign", facts.campaign},
      {"window",
       {{"from", print_rfc3339(facts.window.start)}, {"to", print_rfc3339(facts.window.end)}}},
      {"alerts", facts.run.empty() ? "running" : facts.run},
      {"actors", facts.actors},
      {"accounts", facts.accounts},
      {"looks", facts.looks},
      {"platforms", platforms_json(facts)},
      {"findings", std::move(findings)},
      {"verdicts", facts.verdicts ? verdicts_json(*facts.verdicts) : Json(nullptr)},
      {"notice", text_of(facts)}};
  const Json payload = {{"type", "pledgewatch.summary"},
                        {"timestamp", print_rfc3339(facts.now)},
                        {"data", std::move(data)}};
  return payload.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace pw
