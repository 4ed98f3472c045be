// `pledgewatch erase`: by the running daemon, or here where none runs.
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/control.h"
#include "daemon/app/erase_desk.h"
#include "daemon/app/observations.h"
#include "daemon/app/setup.h"
#include "daemon/app/signer_wire.h"
#include "daemon/app/sinks.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/store_leaves.h"
#include "daemon/ledger/utf8.h"
#include "daemon/runtime/system_clock.h"

namespace pw {
namespace {

using nlohmann::json;

int tell(const json& done, bool as_json) {
  if (as_json) {
    std::printf("%s\n", done.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
    return exit_fine;
  }
  std::printf("erased: the content of %d posts of %s, and %d files; the log says so\n",
              done["posts"].get<int>(), shown_text(done["account"].get<std::string>(), 400).c_str(),
              done["files"].get<int>());
  for (const json& again : done["retold"])
    std::printf("told again, without it: %s\n", shown_text(again.get<std::string>(), 400).c_str());
  std::printf("not reached: what receivers were sent, the journal, and backups\n");
  return exit_fine;
}

int ask_to_erase(const Config& config, const EraseOptions& options, const std::string& account,
                 const std::string& who) {
  ControlAsk ask{"POST", "/api/v1/erase"};
  ask.body = json{{"account", account}, {"reason", options.reason}, {"by", who}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
  const Result<ControlAnswer> answer = ask_daemon(config.web.socket, ask);
  if (!answer) return fail(exit_world, answer.error().detail);
  const json body = json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  if (answer->status == 200 && body.is_object()) return tell(body, options.json);
  const bool says = body.is_object() && body.contains("detail") && body["detail"].is_string();
  return fail(answer->status == 404 ? exit_no : exit_world,
              says ? body["detail"].get<std::string>()
                   : "the daemon answered with " + std::to_string(answer->status));
}

// Without a daemon nobody would sign the log's new end: the key does it now.
Result<Done> sign_here(const Config& config, Store& store) {
  const auto state = open_folder(config.state_dir);
  if (!state) return state.error();
  const auto log = open_folder(config.log_dir);
  if (!log) return log.error();
  const auto lock = lock_folder(config.log_dir);
  if (!lock) return lock.error();
  SignerSocket link(config.log.signer);
  const auto key = config.log.signer.empty() ? read_key_file(config.log.key_file)
                                             : Result<SignerKey>(SignerKey{});
  if (!key) return key.error();
  auto signer = config.log.signer.empty() ? Signer::open(*key, **state) : Signer::open(link);
  if (!signer) return signer.error();
  StoreLeaves leaves(store);
  const auto published = LogWriter(**log, *signer).catch_up(leaves);
  return published ? Result<Done>(Done{}) : published.error();
}

int erase_here(Setup& setup, Store& store, const EraseOptions& options, const std::string& name,
               const std::string& who) {
  if (const auto enrolled = store.enrol(setup.roster.accounts, {}); !enrolled)
    return fail(exit_world, enrolled.error().detail);
  const AccountNumber number = account_named(setup.roster.accounts, name)->number;
  Grounds grounds;
  grounds.campaign = setup.config.campaign.name;
  grounds.roster = setup.roster;
  grounds.account_at = index_accounts(grounds.roster.accounts);
  grounds.sinks = sink_routes(setup.config, setup.sink_conditions);
  const auto state = open_folder(setup.config.state_dir);
  if (!state) return fail(exit_world, state.error().detail);
  const Result<Erased> erased =
      EraseDesk(store, **state, grounds).erase({number, who, options.reason}, SystemClock().now());
  if (!erased)
    return fail(erased.error().code == Errc::gone ? exit_no : exit_world, erased.error().detail);
  if (const Result<Done> is_signed = sign_here(setup.config, store); !is_signed)
    return fail(exit_world, "erased, but the log is not signed: " + is_signed.error().detail);
  return tell({{"account", name},
               {"posts", erased->posts},
               {"files", erased->files},
               {"retold", erased->retold}},
              options.json);
}

}  // namespace

int erase_account(const EraseOptions& options) {
  Issues issues;
  std::optional<Setup> setup = load_setup(options.config, issues, secret_beside_service);
  print_issues(issues);
  if (!setup) return exit_usage;
  const Account* account = account_named(setup->roster.accounts, options.account);
  if (account == nullptr) {
    std::vector<std::string> names;
    for (const Account& known : setup->roster.accounts) names.push_back(print_account(known));
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string nearest = nearest_of(options.account, views);
    return fail(exit_usage, "--account: the roster has no '" + options.account + "'" +
                                (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  const char* user = std::getenv("USER");
  const std::string who = !options.by.empty() ? options.by : user != nullptr ? user : "";
  if (who.empty()) return fail(exit_usage, "--by: who asks for it?");
  if (options.reason.empty()) return fail(exit_usage, "--reason: why?");
  const std::string name = print_account(*account);
  Result<std::unique_ptr<Store>> store =
      open_sqlite(setup->config.state_dir + "/pledgewatch.db", OpenMode::read_write);
  if (!store && store.error().code == Errc::refused)
    return ask_to_erase(setup->config, options, name, who);
  if (!store) return fail(exit_world, store.error().detail);
  return erase_here(*setup, **store, options, name, who);
}

}  // namespace pw
