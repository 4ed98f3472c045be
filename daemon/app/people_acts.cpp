#include "daemon/app/people_acts.h"

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/web/json_views.h"
#include "daemon/web/target.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t page_limit = 100;

ActionDone fine(const Json& json, int status = 200) {
  return {status, json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

ActionDone refused(int status, std::string why) { return {status, {}, std::move(why)}; }

ActionDone refused(const Error& error) { return refused(status_of(error), error.detail); }

std::string query_of(const ActionAsk& ask, std::string_view name) {
  for (const auto& [key, value] : ask.query) {
    if (key == name) return value;
  }
  return {};
}

// A text of the body; empty where it has none of that name.
std::string text_of(const Json& body, const char* name) {
  const auto it = body.find(name);
  return it != body.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json maybe(const std::optional<Instant>& t) { return t ? Json(print_rfc3339(*t)) : Json(); }

Json delivery_json(const Delivery& delivery, const std::vector<AttemptRecord>& attempts) {
  Json tries = Json::array();
  for (const AttemptRecord& attempt : attempts) {
    tries.push_back({{"number", attempt.number},
                     {"started", print_rfc3339(attempt.started)},
                     {"ended", maybe(attempt.ended)},
                     {"status", attempt.http_status},
                     {"result", attempt.result},
                     {"detail", attempt.detail}});
  }
  return {{"place", delivery.place},
          {"sink", delivery.row.sink},
          {"id", delivery.row.id},
          {"finding", delivery.row.finding},
          {"also", delivery.row.also},
          {"state", name_of(delivery.state)},
          {"not_before", print_rfc3339(delivery.row.not_before)},
          {"maybe_duplicate", delivery.maybe_duplicate},
          {"withheld", delivery.row.withheld},
          {"attempts", std::move(tries)}};
}

Json silence_json(const Silence& silence, Instant now) {
  return {{"id", silence.id},
          {"author", silence.author},
          {"reason", silence.reason},
          {"when", silence.matches},
          {"start", print_rfc3339(silence.span.start)},
          {"end", print_rfc3339(silence.span.end)},
          {"holds", silence.span.contains(now)},
          {"ended_by", silence.ended_by}};
}

Json run_json(const CampaignRun& run) {
  return {{"alerts", name_of(run.state)},
          {"since", run.since == Instant{} ? Json() : Json(print_rfc3339(run.since))},
          {"detail", run.detail}};
}

ActionDone answer_outbox(People& people, const ActionAsk& ask) {
  DeliveriesAsk wanted;
  wanted.sink = query_of(ask, "sink");
  const std::string state = query_of(ask, "state");
  wanted.state = parse_delivery_state(state);
  if (!state.empty() && !wanted.state)
    return refused(400, "state is ready, leased, delivered, dead or withheld");
  const std::string limit = query_of(ask, "limit");
  const std::string after = query_of(ask, "after");
  const auto size = limit.empty() ? page_limit : parse_count(limit, page_limit_max);
  const auto beyond = after.empty() ? 0 : parse_count(after, 1'000'000'000'000);
  if (!size || *size == 0)
    return refused(400, "limit is a number from 1 to " + std::to_string(page_limit_max));
  if (!beyond) return refused(400, "after is what next was");
  wanted.beyond = static_cast<std::int64_t>(*beyond);
  wanted.limit = static_cast<int>(*size) + 1;
  Result<std::vector<Delivery>> found = people.deliveries(wanted);
  if (!found) return refused(found.error());
  const bool more = found->size() > *size;
  if (more) found->pop_back();
  Json items = Json::array();
  for (const Delivery& delivery : *found) {
    const auto attempts = people.attempts_of(delivery);
    if (!attempts) return refused(attempts.error());
    items.push_back(delivery_json(delivery, *attempts));
  }
  const Json next = more ? Json(std::to_string(found->back().place)) : Json();
  return fine({{"items", std::move(items)}, {"next", next}});
}

ActionDone resend(People& people, const ActionAsk& ask, const Json& body) {
  const std::string sink = text_of(body, "sink");
  const std::string id = text_of(body, "id");
  if (sink.empty() || id.empty()) return refused(422, R"(expected {"sink": "…", "id": "…"})");
  const Result<Done> done = people.resend(sink, id, ask.caller.name);
  if (!done) return refused(done.error());
  return fine({{"sink", sink}, {"id", id}, {"state", "ready"}}, 202);
}

ActionDone answer_silences(People& people) {
  const Result<std::vector<Silence>> silences = people.silences();
  if (!silences) return refused(silences.error());
  Json items = Json::array();
  for (const Silence& silence : *silences) items.push_back(silence_json(silence, people.now()));
  return fine({{"items", std::move(items)}});
}

ActionDone add_silence(People& people, const ActionAsk& ask, const Json& body) {
  const auto span = parse_duration(text_of(body, "for"));
  if (!span) return refused(422, "for is a span such as 2h");
  const Result<Silence> added = people.add_silence(
      {ask.caller.name, text_of(body, "reason"), text_of(body, "when"), people.now() + *span});
  if (!added) return refused(added.error());
  return fine(silence_json(*added, people.now()), 201);
}

ActionDone end_silence(People& people, const ActionAsk& ask) {
  const Result<Silence> ended = people.end_silence(ask.path[1], ask.caller.name);
  if (!ended) return refused(ended.error());
  return fine(silence_json(*ended, people.now()));
}

ActionDone answer_run(People& people) {
  const Result<CampaignRun> run = people.campaign_run();
  if (!run) return refused(run.error());
  return fine(run_json(*run));
}

ActionDone act_on_campaign(People& people, const ActionAsk& ask, const Json& body) {
  const std::string& event = ask.path[1];
  if (event != "pause" && event != "resume" && event != "end")
    return refused(404, "a campaign can be paused, resumed and ended");
  const Result<Done> done =
      people.command_campaign(event, ask.caller.name, text_of(body, "reason"));
  if (!done) return refused(done.error());
  return answer_run(people);
}

ActionDone show_finding(People& people, const std::string& id, int needs) {
  const Result<FindingView> view = people.finding(id);
  if (!view) return refused(view.error());
  return {200, finding_json(model_of(*view, needs))};
}

ActionDone list_findings(People& people, const ActionAsk& ask, int needs) {
  FindingsAsk wanted;
  wanted.state = parse_finding_state(query_of(ask, "state"));
  wanted.beyond = query_of(ask, "after");
  wanted.limit =
      static_cast<int>(parse_count(query_of(ask, "limit"), page_limit_max).value_or(100));
  const Result<std::vector<FindingView>> views = people.findings(wanted);
  if (!views) return refused(views.error());
  FindingsPage page;
  for (const FindingView& view : *views) page.items.push_back(model_of(view, needs));
  page.total = page.items.size();
  page.more = views->size() == static_cast<std::size_t>(wanted.limit);
  return {200, findings_json(page)};
}

ActionDone review(People& people, const ActionAsk& ask) {
  ReviewAsk wanted;
  if (const std::string why = read_review_ask(ask.body, wanted); !why.empty())
    return refused(422, why);
  const Result<ReviewOutcome> outcome = people.review(
      {ask.path[1], ask.caller.name, wanted.act, wanted.decision, wanted.reason, wanted.assignee});
  if (!outcome) return refused(outcome.error());
  return {201, review_done_json(ask.path[1], {outcome->finding.state})};
}

}  // namespace

ActionDone act(People& people, const ActionAsk& ask) {
  const std::string& name = ask.path[0];
  const bool reads = ask.method == "GET" && ask.path.size() == 1;
  if (reads && name == "outbox") return answer_outbox(people, ask);
  if (reads && name == "silences") return answer_silences(people);
  if (reads && name == "campaign") return answer_run(people);
  if (ask.method != "POST") return {};
  const Json body = ask.body.empty() ? Json::object()
                                     : Json::parse(ask.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return refused(422, "a JSON object is expected");
  if (name == "silences" && ask.path.size() == 1) return add_silence(people, ask, body);
  if (name == "silences" && ask.path.size() == 3 && ask.path[2] == "end")
    return end_silence(people, ask);
  if (name == "outbox" && ask.path.size() == 2 && ask.path[1] == "resend")
    return resend(people, ask, body);
  if (name == "campaign" && ask.path.size() == 2) return act_on_campaign(people, ask, body);
  return {};
}

ActionDone act_at_rest(People& people, const ActionAsk& ask, int needs) {
  if (ask.path[0] != "findings") return act(people, ask);
  if (ask.path.size() == 1) return list_findings(people, ask, needs);
  if (ask.method == "POST") return review(people, ask);
  return show_finding(people, ask.path[1], needs);
}

FindingModel model_of(const FindingView& view, int needs) {
  FindingModel model;
  model.finding = view.finding;
  model.needs = needs;
  model.platform = view.account.platform;
  model.handle = view.account.handle;
  model.actor = view.actor;
  model.erased = view.erased;
  model.assignee = view.standing.assignee;
  if (!view.erased) {
    const StoredPost& stored = view.post;
    model.text = stored.post.text;
    model.url = stored.post.url;
    model.surface = stored.post.surface;
    model.claimed_at = stored.post.claimed_at;
    model.removed = stored.removed;
    model.commitment = print_hex(sha256(stored.salt + std::string(bytes_of(stored.digest))));
  }
  for (const Review& review : view.history) {
    if (review.act == ReviewAct::decide)
      model.reviews.push_back({review.reviewer, review.decision, review.reason, review.at});
  }
  for (const ReviewRemark& note : view.standing.notes)
    model.notes.push_back({note.by, FindingState::open, note.text, note.at});
  if (!view.standing.answers.empty()) model.answer = view.standing.answers.back().text;
  return model;
}

}  // namespace pw
