// /api/v1.
#include <algorithm>

#include "daemon/ledger/warc.h"
#include "daemon/web/assets.h"
#include "daemon/web/json_views.h"
#include "daemon/web/page_board.h"
#include "daemon/web/site.h"

namespace pw {
namespace {

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

}  // namespace

// Packed where the browser takes it: names repeat themselves, and nothing in this
// answer is a secret beside a text that a stranger chose.
WebAnswer Site::api_cells(const Ask& ask) {
  const BoardModel& board = backend_.board();
  if (cells_.empty() || cells_revision_ != board.revision) {
    cells_ = cells_json(board);
    cells_packed_.clear();
    cells_revision_ = board.revision;
  }
  if (!takes_gzip(ask.request)) return json_answer(cells_);
  if (cells_packed_.empty()) cells_packed_ = pack_gzip(cells_);
  WebAnswer answer = json_answer(cells_packed_);
  answer.set("Content-Encoding", "gzip");
  return answer;
}

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
  FindingsAsk wanted;
  wanted.beyond = page->after;
  wanted.limit = static_cast<int>(page->limit) + 1;
  if (const auto state = ask.target.find("state")) {
    wanted.state = parse_finding_state(*state);
    if (!wanted.state) return problem(400, "no state goes by that name");
  }
  if (const auto account = ask.target.find("account")) {
    const auto number = parse_count(*account, 0xffff'ffff);
    if (!number) return problem(400, "accounts go by their number");
    wanted.account = static_cast<AccountNumber>(*number);
  }
  auto findings = backend_.findings(wanted);
  const auto total = backend_.finding_count(wanted);
  if (!findings) return problem(503, findings.error().detail);
  if (!total) return problem(503, total.error().detail);
  FindingsPage found{*std::move(findings), *total, false};
  found.more = found.items.size() > page->limit;
  if (found.more) found.items.pop_back();
  return json_answer(findings_json(found));
}

WebAnswer Site::api_finding(const Ask& ask) {
  const auto finding = backend_.finding(ask.route.rest);
  if (!finding) return problem(status_of(finding.error()), finding.error().detail);
  return json_answer(ask.route.page == WebPage::api_reviews ? reviews_json(*finding)
                                                            : finding_json(*finding));
}

WebAnswer Site::api_review(const Ask& ask) {
  if (is_forged(ask.request, ask.caller)) return problem(403, "x-form-token is missing or wrong");
  if (!is_json(ask.request)) return problem(415, "application/json is expected");
  ReviewAsk wanted;
  const std::string why = read_review_ask(ask.request.body, wanted);
  if (!why.empty()) return problem(422, why);
  wanted.finding = ask.route.rest;
  wanted.reviewer = ask.caller.name;
  const auto done = backend_.review(wanted);
  if (!done) return problem(status_of(done.error()), done.error().detail);
  return json_answer(review_done_json(ask.route.rest, *done), 201);
}

WebAnswer Site::api_action(const Ask& ask) {
  if (ask.request.method == "POST" || ask.request.method == "DELETE") {
    if (is_forged(ask.request, ask.caller)) return problem(403, "x-form-token is missing or wrong");
    if (!ask.request.body.empty() && !is_json(ask.request))
      return problem(415, "application/json is expected");
  }
  ActionAsk action{ask.request.method == "HEAD" ? "GET" : ask.request.method,
                   {},
                   ask.target.query,
                   ask.request.body,
                   ask.caller};
  action.path.assign(ask.target.segments.begin() + 2, ask.target.segments.end());
  ActionDone done = backend_.act(action);
  if (done.json.empty())
    return problem(done.status, done.why.empty() ? reason_of(done.status) : done.why);
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
      answer = api_cells(ask);
      answer.set("Vary", "Accept-Encoding");
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
