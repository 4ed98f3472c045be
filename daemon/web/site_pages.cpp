// The pages: what is read from the backend for each, and what their forms do.
#include "daemon/core/hash.h"
#include "daemon/web/page_account.h"
#include "daemon/web/page_board.h"
#include "daemon/web/page_health.h"
#include "daemon/web/page_review.h"
#include "daemon/web/site.h"

namespace pw {
namespace {

constexpr int sign_in_failures_max = 20;  // a minute, of everybody together
constexpr std::size_t shown_reason_bytes_max = 4000;
constexpr std::size_t session_bytes = 32;

WebAnswer see_other(std::string_view where) {
  WebAnswer answer;
  answer.status = 303;
  answer.set("Location", where);
  return answer;
}

WebAnswer html_answer(std::string body, int status = 200) {
  WebAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

std::string field_of(const std::vector<std::pair<std::string, std::string>>& form,
                     std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

bool is_form(const WebRequest& request) {
  return request.header("content-type")
      .value_or("")
      .starts_with("application/x-www-form-urlencoded");
}

CellFilter filter_of(const WebTarget& target) {
  CellFilter filter;
  if (const auto state = target.find("state")) filter.state = parse_cell_state(*state);
  filter.platform = target.find("platform").value_or("");
  filter.search = std::string(target.find("q").value_or("")).substr(0, 400);
  std::string_view only = target.find("only").value_or("");
  while (!only.empty()) {
    const std::string_view number = only.substr(0, only.find(','));
    only.remove_prefix(std::min(only.size(), number.size() + 1));
    filter.only.push_back(static_cast<AccountNumber>(parse_count(number, 0xffff'ffff).value_or(0)));
  }
  filter.page = static_cast<std::size_t>(
      parse_count(target.find("page").value_or("1"), 1'000'000).value_or(1));
  return filter;
}

}  // namespace

PageContext Site::context_of(const Caller& caller, std::string_view here) {
  const BoardModel& board = backend_.board();
  return {caller, board.judgement.campaign, std::string(here), board.findings_open};
}

WebAnswer Site::board_answer(const Ask& ask) {
  return html_answer(board_page(context_of(ask.caller, "board"), backend_.board(),
                                filter_of(ask.target), backend_.now()));
}

WebAnswer Site::account_answer(const Ask& ask) {
  const auto number = parse_count(ask.route.rest, 0xffff'ffff);
  if (!number) return refuse(ask.target, ask.caller, 404, "accounts go by their number");
  const auto account = backend_.account(static_cast<AccountNumber>(*number));
  if (!account) {
    const bool gone = account.error().code == Errc::gone;
    return refuse(ask.target, ask.caller, gone ? 404 : 503,
                  gone ? "no account has this number" : account.error().detail);
  }
  return html_answer(account_page(context_of(ask.caller, "account"), *account, backend_.now()));
}

WebAnswer Site::queue_answer(const Ask& ask, std::string trouble, std::string done) {
  QueueView queue;
  queue.only_mine = ask.target.find("mine").has_value();
  queue.trouble = std::move(trouble);
  queue.done = std::move(done);
  queue.beyond = std::string(ask.target.find("after").value_or(""));
  auto findings = backend_.waiting(queue.only_mine ? ask.caller.name : std::string(), queue.beyond,
                                   queue_page_max + 1);
  if (!findings) return refuse(ask.target, ask.caller, 503, findings.error().detail);
  queue.more = findings->size() > queue_page_max;
  if (queue.more) findings->pop_back();
  queue.findings = *std::move(findings);
  queue.waiting = backend_.board().findings_open;
  return html_answer(review_page(context_of(ask.caller, "review"), queue));
}

WebAnswer Site::decide(const Ask& ask) {
  const auto form = parse_form(ask.request.body);
  if (!is_form(ask.request) || !form)
    return refuse(ask.target, ask.caller, 415, "a form is expected");
  if (ask.caller.proof == ShownBy::cookie &&
      !is_form_token(ask.caller.session, field_of(*form, "form")))
    return refuse(ask.target, ask.caller, 403, "this form is not of your session; load it again");
  const auto decision = parse_finding_state(field_of(*form, "decision"));
  const std::string reason = field_of(*form, "reason");
  if (!decision || reason.size() > shown_reason_bytes_max)
    return refuse(ask.target, ask.caller, 422, "confirmed, excused or dismissed, and a short note");
  const auto done = backend_.review({.finding = ask.route.rest,
                                     .decision = *decision,
                                     .reason = reason,
                                     .reviewer = ask.caller.name});
  if (!done) {
    WebAnswer answer = queue_answer(ask, done.error().detail, {});
    answer.status = done.error().code == Errc::gone ? 404 : 409;
    return answer;
  }
  return see_other("/review");
}

WebAnswer Site::sign_in(const Ask& ask) {
  const auto form = parse_form(ask.request.body);
  if (!is_form(ask.request) || !form)
    return refuse(ask.target, ask.caller, 415, "a form is expected");
  const Instant now = backend_.now();
  if (now - sign_in_minute_ >= std::chrono::minutes(1)) {
    sign_in_minute_ = now;
    sign_in_failures_ = 0;
  }
  const PageContext context = context_of(ask.caller, "sign-in");
  if (sign_in_failures_ >= sign_in_failures_max)
    return html_answer(sign_in_page(context, "Too many tries; wait a minute."), 429);
  const Reviewer* person = find_by_token(backend_.reviewers(), field_of(*form, "token"));
  if (person == nullptr) {
    ++sign_in_failures_;
    return html_answer(sign_in_page(context, "This token is nobody's."), 403);
  }
  const std::string bytes = options_.random(session_bytes);
  const std::string secret =
      print_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  sessions_.add(secret, *person->token, now);
  WebAnswer answer = see_other(person->role >= Role::reviewer ? "/review" : "/");
  answer.set("Set-Cookie", print_cookie(secret, ask.request.peer.tls));
  return answer;
}

WebAnswer Site::sign_out(const Ask& ask) {
  const auto form = parse_form(ask.request.body);
  if (ask.caller.proof == ShownBy::cookie) {
    if (!form || !is_form_token(ask.caller.session, field_of(*form, "form")))
      return refuse(ask.target, ask.caller, 403, "this form is not of your session");
    sessions_.remove(ask.caller.session);
  }
  WebAnswer answer = see_other("/");
  answer.set("Set-Cookie", print_cookie_end(ask.request.peer.tls));
  return answer;
}

WebAnswer Site::page(const Ask& ask) {
  switch (ask.route.page) {
    case WebPage::account:
      return account_answer(ask);
    case WebPage::queue:
      return queue_answer(ask, {}, {});
    case WebPage::queue_decide:
      return decide(ask);
    case WebPage::health: {
      const auto health = backend_.health();
      if (!health) return refuse(ask.target, ask.caller, 503, health.error().detail);
      return html_answer(health_page(context_of(ask.caller, "health"), *health));
    }
    case WebPage::sign_in:
      return html_answer(sign_in_page(context_of(ask.caller, "sign-in"), {}));
    case WebPage::sign_in_try:
      return sign_in(ask);
    case WebPage::sign_out:
      return sign_out(ask);
    default:
      return board_answer(ask);
  }
}

}  // namespace pw
