#include "daemon/ledger/judgement_json.h"

#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"

namespace pw {
namespace {

using nlohmann::json;

std::string name_text(std::string_view text) { return std::string(text); }

json coverage_json(const Coverage& c) {
  json outcomes = json::object();
  for (std::size_t i = 0; i < c.outcomes.size(); ++i) {
    if (c.outcomes[i] > 0) outcomes[name_text(outcome_names[i])] = c.outcomes[i];
  }
  return {{"looks", c.looks},
          {"attempts", c.attempts},
          {"outcomes", std::move(outcomes)},
          {"baseline", c.baseline},
          {"closed", c.closed},
          {"swept", c.swept},
          {"swept_again", c.swept_again},
          {"unreadable", c.unreadable},
          {"longest_gap_ms", printable_ms(c.longest_gap)}};
}

json findings_json(const FindingTally& tally) {
  json breaches = json::object();
  for (std::size_t i = 0; i < tally.breaches.size(); ++i) {
    breaches[name_text(finding_state_names[i])] = tally.breaches[i];
  }
  return {
      {"breaches", std::move(breaches)}, {"exempted", tally.exempted}, {"quieter", tally.quieter}};
}

json actor_json(const ActorVerdict& actor) {
  return {{"actor", printable_text(actor.actor)},
          {"standing", name_text(name_of(actor.standing))},
          {"verdict",
           actor.standing == Standing::judged ? json(name_text(name_of(actor.verdict))) : json()},
          {"final", actor.final}};
}

json amendment_json(const Amendment& a) {
  return {{"at", print_rfc3339(printable(a.at))},
          {"leaf", a.leaf},
          {"who", printable_text(a.who)},
          {"why", printable_text(a.why)},
          {"terms", a.terms},
          {"rules", a.rules},
          {"connectors", a.connectors}};
}

json remarks_json(const std::vector<Remark>& remarks) {
  json list = json::array();
  for (const Remark& remark : remarks) {
    list.push_back({{"leaf", remark.leaf}, {"text", printable_text(remark.text)}});
  }
  return list;
}

json outage_json(const Outage& o) {
  return {{"connector", printable_text(o.connector)},
          {"kind", name_text(name_of(o.kind))},
          {"span", print_interval(o.span)},
          {"blind", o.blind},
          {"looks", o.looks}};
}

}  // namespace

json account_json(const AccountVerdict& v) {
  json missing = json::array();
  for (const Missing reason : v.missing) missing.push_back(name_text(name_of(reason)));
  json gaps = json::array();
  for (const Interval& gap : v.gaps) gaps.push_back(print_interval(gap));
  const bool judged = v.standing == Standing::judged;
  json object = {{"account", v.account.number},
                 {"platform", printable_text(v.account.platform)},
                 {"handle", printable_text(v.account.handle)},
                 {"actor", printable_text(v.actor)},
                 {"window", print_interval(v.window.span)},
                 {"judged", print_interval(v.judged)},
                 {"zone_assumed", v.window.zone_assumed},
                 {"standing", name_text(name_of(v.standing))},
                 {"verdict", judged ? json(name_text(name_of(v.verdict))) : json()},
                 {"final", v.final},
                 {"missing", std::move(missing)},
                 {"surfaces", print_surface_list(v.surfaces)},
                 {"never_visible", print_surface_list(v.never_visible)},
                 {"coverage", coverage_json(v.coverage)},
                 {"gap_max_ms", printable_ms(v.gap_max)},
                 {"gaps", std::move(gaps)},
                 {"gaps_more", v.gaps_more},
                 {"posts_seen", v.posts_seen},
                 {"findings", findings_json(v.findings)}};
  if (v.habit) {
    object["habit"] = {{"span_ms", printable_ms(v.habit->span)},
                       {"spans", v.habit->spans},
                       {"silent", v.habit->silent}};
  }
  if (v.hides_backdated) object["hides_backdated"] = true;
  for (const Interval& span : v.unseen) object["unseen"].push_back(print_interval(span));
  if (v.joined_at) object["joined_at"] = print_rfc3339(printable(*v.joined_at));
  if (v.withdrawn_at) object["withdrawn_at"] = print_rfc3339(printable(*v.withdrawn_at));
  return object;
}

json judgement_json(const Judgement& judgement) {
  json accounts = json::array();
  for (const AccountVerdict& v : judgement.accounts) accounts.push_back(account_json(v));
  json actors = json::array();
  for (const ActorVerdict& actor : judgement.actors) actors.push_back(actor_json(actor));
  json amendments = json::array();
  for (const Amendment& a : judgement.amendments) amendments.push_back(amendment_json(a));
  json counts = json::object();
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    counts[name_text(verdict_names[i])] = judgement.actors_by_verdict[i];
  }
  json object = {{"campaign", printable_text(judgement.campaign)},
                 {"as_of", print_rfc3339(printable(judgement.as_of))},
                 {"accounts", std::move(accounts)},
                 {"actors", std::move(actors)},
                 {"actors_on_roster", judgement.actors.size()},
                 {"actors_judged", judgement.actors_judged},
                 {"actors_rumoured", judgement.actors_rumoured},
                 {"actors_withdrawn", judgement.actors_withdrawn},
                 {"actors_by_verdict", std::move(counts)},
                 {"amendments", std::move(amendments)},
                 {"not_understood", remarks_json(judgement.not_understood)},
                 {"remarks", remarks_json(judgement.remarks)}};
  for (const Outage& outage : judgement.outages) object["outages"].push_back(outage_json(outage));
  return object;
}

std::string print_verdicts(const Judgement& judgement) {
  return *print_jcs(judgement_json(judgement));
}

}  // namespace pw
