// /api/v1.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/web/assets.h"
#include "daemon/web/json_views.h"
#include "daemon/web/page_board.h"
#include "daemon/web/site.h"

namespace pw {
namespace {

constexpr std::size_t reason_bytes_max = 4000;

// Nothing, and why, where a parameter is none.
std::optional<PageOf> page_of(const WebTarget& target, std::string& why) {
  PageOf page;
  page.after = target.find("after").value_or("");
  const auto limit = target.find("limit");
  if (!limit) return page;
  const auto number = parse_count(*limit, page_limit_max);
  if (!number || *number == 0) {
    why = "limit is a number from 1 to " + std::to_string(page_limit_max);
    return std::nullopt;
  }
  page.limit = static_cast<std::size_t>(*number);
  return page;
}

bool is_json(const WebRequest& request) {
  return request.header("content-type").value_or("").starts_with("application/json");
}

// A cookie is sent by the browser whoever asks: the form's token must stand
// beside it.
bool is_forged(const WebRequest& request, const Caller& caller) {
  return caller.proof == ShownBy::cookie &&
         !is_form_token(caller.session, request.header("x-form-token").value_or(""));
}

const FindingModel* find(const std::vector<FindingModel>& findings, std::string_view id) {
  const auto it = std::find_if(findings.begin(), findings.end(),
                               [&](const FindingModel& f) { return f.finding.id == id; });
  return it == findings.end() ? nullptr : &*it;
}

int status_of(const Error& error) {
  switch (error.code) {
    case Errc::gone:
      return 404;
    case Errc::refused:
      return 409;
    case Errc::malformed:
      return 422;
    default:
      return 503;
  }
}

}  // namespace

WebAnswer Site::api_accounts(const Ask& ask) {
  std::string why;
  const auto page = page_of(ask.target, why);
  if (!page) return problem(400, why);
  CellFilter filter;
  if (const auto state = ask.target.find("state")) {
    filter.state = parse_cell_state(*state);
    if (!filter.state) return problem(400, "no state goes by that name");
  }
  filter.platform = ask.target.find("platform").value_or("");
  filter.search = ask.target.find("q").value_or("");
  const BoardModel& board = backend_.board();
  std::vector<std::size_t> places = select_cells(board, filter);
  // By number, so that a page's end is a place that stays while states change.
  std::sort(places.begin(), places.end());
  return json_answer(accounts_json(board, places, *page));
}

WebAnswer Site::api_account(const Ask& ask) {
  const auto number = parse_count(ask.route.rest, 0xffff'ffff);
  if (!number) return problem(404, "accounts go by their number");
  const auto account = backend_.account(static_cast<AccountNumber>(*number));
  if (!account) return problem(status_of(account.error()), account.error().detail);
  return json_answer(account_json(*account, backend_.board().judgement.as_of));
}

WebAnswer Site::api_findings(const Ask& ask) {
  std::string why;
  const auto page = page_of(ask.target, why);
  if (!page) return problem(400, why);
  auto findings = backend_.findings();
  if (!findings) return problem(503, findings.error().detail);
  if (const auto state = ask.target.find("state")) {
    const auto wanted = parse_finding_state(*state);
    if (!wanted) return problem(400, "no state goes by that name");
    std::erase_if(*findings, [&](const FindingModel& f) { return f.finding.state != *wanted; });
  }
  if (const auto account = ask.target.find("account")) {
    std::erase_if(*findings, [&](const FindingModel& f) {
      return std::to_string(f.finding.account) != *account;
    });
  }
  return json_answer(findings_json(*findings, *page));
}

WebAnswer Site::api_finding(const Ask& ask) {
  const auto findings = backend_.findings();
  if (!findings) return problem(503, findings.error().detail);
  const FindingModel* finding = find(*findings, ask.route.rest);
  if (finding == nullptr) return problem(404, "no finding has this id");
  return json_answer(ask.route.page == WebPage::api_reviews ? reviews_json(*finding)
                                                            : finding_json(*finding));
}

WebAnswer Site::api_review(const Ask& ask) {
  if (is_forged(ask.request, ask.caller)) return problem(403, "x-form-token is missing or wrong");
  if (!is_json(ask.request)) return problem(415, "application/json is expected");
  const auto body = nlohmann::json::parse(ask.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("decision") || !body["decision"].is_string())
    return problem(422, R"(expected {"decision": "confirmed", "reason": "…"})");
  const auto decision = parse_finding_state(body["decision"].get<std::string>());
  const auto reason = body.find("reason");
  if (!decision || (reason != body.end() && !reason->is_string()))
    return problem(422, "decision is confirmed, excused, dismissed or open; reason is a text");
  const std::string text = reason == body.end() ? std::string() : reason->get<std::string>();
  if (text.size() > reason_bytes_max) return problem(422, "the reason is too long");
  const auto done = backend_.review({ask.route.rest, *decision, text, ask.caller.name});
  if (!done) return problem(status_of(done.error()), done.error().detail);
  return json_answer(review_done_json(ask.route.rest, *done), 201);
}

WebAnswer Site::api_action(const Ask& ask) {
  if (ask.request.method == "POST" || ask.request.method == "DELETE") {
    if (is_forged(ask.request, ask.caller)) return problem(403, "x-form-token is missing or wrong");
    if (!ask.request.body.empty() && !is_json(ask.request))
      return problem(415, "application/json is expected");
  }
  ActionAsk action{
      ask.request.method == "HEAD" ? "GET" : ask.request.method, {}, ask.request.body, ask.caller};
  action.path.assign(ask.target.segments.begin() + 2, ask.target.segments.end());
  ActionDone done = backend_.act(action);
  if (done.json.empty()) return problem(done.status, reason_of(done.status));
  return json_answer(std::move(done.json), done.status);
}

WebAnswer Site::api_health(const Ask& ask) {
  const auto health = backend_.health();
  if (!health) return problem(503, health.error().detail);
  if (ask.route.page == WebPage::api_sinks) return json_answer(sinks_json(*health));
  if (ask.route.page == WebPage::api_connectors) return json_answer(connectors_json(*health));
  return json_answer(health_json(*health, backend_.board()));
}

WebAnswer Site::api(const Ask& ask) {
  WebAnswer answer;
  switch (ask.route.page) {
    case WebPage::api_openapi:
      answer = json_answer(std::string(find_asset("openapi.json")->bytes));
      break;
    case WebPage::api_me:
      answer = json_answer(me_json(ask.caller));
      break;
    case WebPage::api_board:
      answer = json_answer(
          board_json(backend_.board(), backend_.board().judgement.as_of, ask.caller.role));
      break;
    case WebPage::api_cells:
      answer = json_answer(cells_json(backend_.board()));
      break;
    case WebPage::api_accounts:
      answer = api_accounts(ask);
      break;
    case WebPage::api_account:
      answer = api_account(ask);
      break;
    case WebPage::api_verdicts: {
      std::string why;
      const auto page = page_of(ask.target, why);
      const bool fine = page && (page->after.empty() || parse_count(page->after, 1'000'000'000));
      answer = fine ? json_answer(verdicts_json(backend_.board(), *page))
                    : problem(400, why.empty() ? "after is what next was" : why);
      break;
    }
    case WebPage::api_findings:
      answer = api_findings(ask);
      break;
    case WebPage::api_finding:
    case WebPage::api_reviews:
      answer = api_finding(ask);
      break;
    case WebPage::api_review:
      return api_review(ask);
    case WebPage::api_action:
      return api_action(ask);
    default:
      answer = api_health(ask);
  }
  validate(answer, ask.request);
  return answer;
}

}  // namespace pw
