// Erasing, asked of the running daemon.
#include <nlohmann/json.hpp>

#include "daemon/app/daemon_web.h"
#include "daemon/app/observations.h"
#include "daemon/web/json_views.h"

namespace pw {
namespace {

using nlohmann::json;

ActionDone answer(int status, const json& value) {
  return {status, value.dump(-1, ' ', false, json::error_handler_t::replace)};
}

ActionDone refuse(int status, const std::string& why) { return {status, {}, why}; }

std::string text_of(const json& body, const char* name) {
  const auto it = body.find(name);
  return it != body.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

// {"account": "mastodon:a@b.example", "reason": "…", "by": "…"}; `by` is heard only
// of the socket's peer.
ActionDone Daemon::Web::erase(const ActionAsk& ask) {
  if (ask.caller.role < Role::operator_) return refuse(403, "only an operator may erase");
  const json body = json::parse(ask.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return refuse(422, R"(expected {"account": "…", "reason": "…"})");
  const Account* account = account_named(parts.grounds.roster.accounts, text_of(body, "account"));
  if (account == nullptr) return refuse(404, "the roster has no such account");
  EraseRequest request{account->number, ask.caller.name, text_of(body, "reason")};
  // The socket knows a user id; who asked for it, it is told.
  const std::string by = text_of(body, "by");
  if (ask.caller.proof == ShownBy::local_socket && !by.empty())
    request.who = request.who.empty() ? by : by + " (" + request.who + ')';
  const Result<Erased> erased = daemon.erase(request);
  if (!erased) return refuse(status_of(erased.error()), erased.error().detail);
  return answer(200, {{"account", print_account(*account)},
                      {"posts", erased->posts},
                      {"files", erased->files},
                      {"retold", erased->retold}});
}

}  // namespace pw
