// The command line. Everything it can do is a function in daemon/app/commands.h.
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/app/cli_pages.h"
#include "daemon/app/commands.h"
#include "daemon/app/people_cli.h"

namespace {

using Command = std::function<int()>;

// Of commands that look at every account.
void add_within(CLI::App& command, std::optional<pw::Millis>& within) {
  command.add_option_function<std::string>(
      "--within",
      [&within](const std::string& text) {
        within = pw::parse_duration(text);
        if (!within)
          throw CLI::ValidationError("--within", "'" + text + "' is no time such as 90s or 5m");
      },
      "How long the looks may take, as budgets pace them (default 5m)");
}

void add_run(CLI::App& app, Command& chosen) {
  CLI::App* run = app.add_subcommand("run", "Watch the campaign's accounts: the daemon");
  auto options = std::make_shared<pw::RunOptions>();
  run->add_option("-c,--config", options->config, "The campaign file")->required();
  run->add_flag("--live", options->live, "Show a live table on the terminal instead of log lines");
  run->add_flag("--until-closed", options->until_closed,
                "End when the last verdict can no longer change");
  run->callback([&chosen, options] { chosen = [options] { return pw::run_daemon(*options); }; });
}

void add_status(CLI::App& app, Command& chosen) {
  CLI::App* status = app.add_subcommand("status", "The running daemon on one screen");
  auto options = std::make_shared<pw::StatusOptions>();
  status->add_option("-c,--config", options->config, "The campaign file it runs with")->required();
  status->add_flag("--brief", options->brief, "One line: the worst first, and what to do next");
  status->add_flag("--json", options->json, "One JSON object on standard output");
  status->callback(
      [&chosen, options] { chosen = [options] { return pw::show_status(*options); }; });
}

void add_check(CLI::App& app, Command& chosen) {
  CLI::App* check = app.add_subcommand(
      "check", "Check configuration, roster, rules and their examples; say what can be promised");
  auto options = std::make_shared<pw::CheckOptions>();
  check->add_option("-c,--config", options->config, "The campaign file")->required();
  check->add_flag("--json", options->json, "One JSON object on standard output");
  check->add_flag(
      "--online", options->online,
      "Also look at every account, ask about credentials, and send a test message to every sink");
  add_within(*check, options->within);
  check->callback(
      [&chosen, options] { chosen = [options] { return pw::check_campaign(*options); }; });
}

void add_roster(CLI::App& app, Command& chosen) {
  CLI::App* roster = app.add_subcommand("roster", "Who pledged");
  roster->require_subcommand(1);
  CLI::App* list = roster->add_subcommand("list", "The roster as it is understood");
  auto options = std::make_shared<pw::RosterOptions>();
  list->add_option("-c,--config", options->config, "The campaign file")->required();
  list->callback([&chosen, options] { chosen = [options] { return pw::list_roster(*options); }; });
}

void add_report(CLI::App& app, Command& chosen) {
  CLI::App* report = app.add_subcommand(
      "report",
      "Write the compliance report: HTML, CSV, JSON; a verdict per pledge with its sentence");
  auto options = std::make_shared<pw::ReportOptions>();
  report->add_option("-c,--config", options->config, "The campaign file")->required();
  report->add_option("-o,--output", options->folder, "The folder to write to")->required();
  report->add_flag("--sentences", options->sentences, "Print each verdict's sentence as well");
  report->add_flag("--json", options->json, "The whole record on standard output");
  report->callback(
      [&chosen, options] { chosen = [options] { return pw::write_report(*options); }; });
  CLI::App* receipt = app.add_subcommand(
      "receipt", "What was seen of one account, with proofs, for whoever owns it");
  auto one = std::make_shared<pw::ReceiptOptions>();
  receipt->add_option("-c,--config", one->config, "The campaign file")->required();
  receipt->add_option("--account", one->account, "platform:handle, or the account's number")
      ->required();
  receipt->add_option("-o,--output", one->folder, "The folder to write to")->required();
  receipt->callback([&chosen, one] { chosen = [one] { return pw::write_receipt(*one); }; });
}

void add_verify(CLI::App& app, Command& chosen) {
  CLI::App* verify =
      app.add_subcommand("verify", "Check a compliance log offline, without trusting who wrote it");
  auto options = std::make_shared<pw::VerifyOptions>();
  verify->add_option("folder", options->folder, "The log's folder")->required();
  verify->add_option("--key", options->key, "The log's public key: a vkey, or a file with one")
      ->required();
  verify->add_option("--anchor", options->anchor, "A checkpoint that somebody else kept");
  verify->add_option("--witness", options->witnesses,
                     "A witness's public key, or a file with one; may be given more than once");
  verify->add_option("--quorum", options->quorum, "How many witnesses must agree; all by default")
      ->check(CLI::PositiveNumber);
  verify->add_option("--evidence", options->evidence,
                     "The folder with the WARC files that the log names; checks their digests");
  verify->add_option("--tsa", options->tsa,
                     "A file with the certificate of the time stamp authority (PEM); checks the "
                     "signatures of stamps");
  verify->add_flag("--json", options->json, "One JSON object on standard output");
  verify->callback([&chosen, options] { chosen = [options] { return pw::verify_log(*options); }; });
}

void add_explain(CLI::App& rules, Command& chosen) {
  CLI::App* explain = rules.add_subcommand(
      "explain", "Why a rule matches a post: every part of it with its value, in order");
  auto options = std::make_shared<pw::ExplainOptions>();
  explain->add_option("rule", options->rule, "The rule's name, or a pack's file");
  explain->add_option("post", options->post,
                      "The post, as a pack's examples have it: JSON or YAML");
  explain->add_option("--rules", options->packs, "Packs with the rule, instead of the campaign's");
  explain->add_option("-c,--config", options->config, "The campaign file");
  explain->add_option("--finding", options->finding, "Explain this finding over its stored post");
  explain->add_flag("--json", options->json, "One JSON object on standard output");
  explain->callback(
      [&chosen, options] { chosen = [options] { return pw::explain_rule_over_post(*options); }; });
}

void add_backtest(CLI::App& app, Command& chosen) {
  CLI::App* backtest = app.add_subcommand(
      "backtest", "What rules would have found in the stored posts, against what was found");
  auto options = std::make_shared<pw::BacktestOptions>();
  backtest->add_option("-c,--config", options->config, "The campaign file")->required();
  backtest->add_option("--from", options->from, "RFC 3339; posts that may have appeared since")
      ->required();
  backtest->add_option("--to", options->to, "RFC 3339; and before this")->required();
  backtest->add_option("--rules", options->packs, "Packs to try, instead of the campaign's");
  backtest->add_flag("--fetch", options->fetch,
                     "Look at every account first, and judge what its list shows too");
  add_within(*backtest, options->within);
  backtest->add_flag("--json", options->json, "One JSON object on standard output");
  backtest->callback(
      [&chosen, options] { chosen = [options] { return pw::backtest_rules(*options); }; });
}

void add_rules(CLI::App& app, Command& chosen) {
  CLI::App* rules = app.add_subcommand("rules", "Rule packs");
  rules->require_subcommand(1);
  CLI::App* test = rules->add_subcommand("test", "Run the examples of rule packs");
  auto tested = std::make_shared<pw::RuleTestOptions>();
  test->add_option("files", tested->files, "Rule packs")->required();
  test->add_flag("--json", tested->json, "One JSON object on standard output");
  test->callback([&chosen, tested] { chosen = [tested] { return pw::test_rules(*tested); }; });
  add_explain(*rules, chosen);
  CLI::App* conformance =
      rules->add_subcommand("conformance", "Run a file of CEL conformance cases");
  auto cases = std::make_shared<pw::RuleConformanceOptions>();
  conformance->add_option("file", cases->file, "Cases, one JSON object a line")->required();
  conformance->add_flag("--json", cases->json, "One JSON object on standard output");
  conformance->callback(
      [&chosen, cases] { chosen = [cases] { return pw::run_rule_conformance(*cases); }; });
}

void add_decode(CLI::App& app, Command& chosen) {
  CLI::App* decode = app.add_subcommand("decode", "What a connector reads in saved answers");
  auto options = std::make_shared<pw::DecodeOptions>();
  decode
      ->add_option("connector", options->connector, "A platform, or the definition of one (.yaml)")
      ->required();
  decode->add_option("files", options->files, "Saved answers")->required();
  decode->callback(
      [&chosen, options] { chosen = [options] { return pw::decode_files(*options); }; });
}

void add_observe(CLI::App& app, Command& chosen) {
  CLI::App* observe =
      app.add_subcommand("observe", "Record what a person saw that no interface shows: a story");
  auto options = std::make_shared<pw::ObserveOptions>();
  observe->add_option("-c,--config", options->config, "The campaign file")->required();
  observe->add_option("--account", options->account, "Whose, as in instagram:name")->required();
  observe->add_option("--url", options->url, "Its address")->required();
  observe->add_option("--seen", options->seen, "When it was seen, as in 2020-09-16T12:00:00Z")
      ->required();
  observe->add_option("--file", options->file, "A picture of it")->required();
  observe->add_option("--surface", options->surface, "story, live, post, reel; story by default");
  observe->add_option("--without", options->without, "When it was last seen not to be there");
  observe->add_option("--by", options->by, "Who saw it; the user by default");
  observe->add_option("--note", options->note, "What it showed, in their words");
  observe->callback(
      [&chosen, options] { chosen = [options] { return pw::observe_account(*options); }; });
}

void add_simulate(CLI::App& app, Command& chosen) {
  CLI::App* simulate = app.add_subcommand(
      "simulate", "The simulated platforms on loopback, with a campaign to watch them");
  auto options = std::make_shared<pw::SimulateCommand>();
  simulate
      ->add_option("-o,--output", options->folder,
                   "Where the campaign, the roster and the plan are written")
      ->required();
  simulate->add_option("--seed", options->seed, "The same seed plays the same day");
  simulate->add_option("--accounts", options->accounts, "How many accounts pledged");
  simulate->add_option("--day", options->day_seconds, "Length of the boycott day in seconds");
  simulate->add_option("--port", options->port, "Loopback port; any free one by default");
  simulate->callback(
      [&chosen, options] { chosen = [options] { return pw::simulate_platforms(*options); }; });
  auto against = std::make_shared<pw::CompareOptions>();
  CLI::App* compare =
      app.add_subcommand("compare", "What was found against what the simulator planned");
  compare->add_option("plan", against->plan, "plan.json of the simulator")->required();
  compare->add_option("-c,--config", against->config, "The campaign file")->required();
  compare->callback(
      [&chosen, against] { chosen = [against] { return pw::compare_with_plan(*against); }; });
}

void add_rehearse(CLI::App& app, Command& chosen) {
  CLI::App* rehearse = app.add_subcommand(
      "rehearse", "Live through the campaign in simulated time; say whether it is ready");
  auto options = std::make_shared<pw::RehearseCommand>();
  rehearse->add_option("-c,--config", options->config, "The campaign file")->required();
  rehearse->add_option("--seed", options->seed, "The same seed plays the same day");
  rehearse->add_option("-o,--output", options->folder,
                       "Keep the rehearsed store and log in this empty folder");
  rehearse->add_flag("--journal", options->journal, "Show the daemon's journal as it goes");
  rehearse->add_flag("--json", options->json, "One JSON object on standard output");
  rehearse->callback(
      [&chosen, options] { chosen = [options] { return pw::rehearse_campaign(*options); }; });
}

void add_signer(CLI::App& app, Command& chosen) {
  CLI::App* signer = app.add_subcommand(
      "signer", "Hold the log's key for a daemon that does not: a process without network");
  auto options = std::make_shared<pw::SignerCommand>();
  signer->add_option("--key", options->key, "The key file that `key new` made")->required();
  signer->add_option("--state", options->state, "Where it remembers what it signed last")
      ->required();
  signer->add_option("--socket", options->socket,
                     "Where to listen, unless systemd hands a socket over");
  signer->callback([&chosen, options] { chosen = [options] { return pw::run_signer(*options); }; });
}

void add_key(CLI::App& app, Command& chosen) {
  CLI::App* key = app.add_subcommand("key", "The log's signing key");
  key->require_subcommand(1);
  CLI::App* made = key->add_subcommand("new", "Make a key; print its public half");
  auto options = std::make_shared<pw::KeyOptions>();
  made->add_option("name", options->name,
                   "Names the log, like a URL without its scheme: example.org/freeze-2026")
      ->required();
  made->add_option("-o,--output", options->file, "The key file; refuses to replace one")
      ->required();
  made->callback(
      [&chosen, options] { chosen = [options] { return pw::make_signing_key(*options); }; });
}

// For packagers: writes pledgewatch.1, pledgewatch.bash and _pledgewatch.
void add_pages(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("pages", "");
  command->group("");
  auto folder = std::make_shared<std::string>();
  command->add_option("folder", *folder)->required();
  command->callback([&app, &chosen, folder] {
    chosen = [&app, folder] {
      const bool written = pw::write_cli_pages(app, *folder);
      return written ? pw::exit_fine : pw::exit_world;
    };
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("pledgewatch: who kept the pledge, and what nobody can say", "pledgewatch");
  app.set_version_flag("--version", "pledgewatch " PLEDGEWATCH_VERSION);
  app.require_subcommand(1);
  Command chosen;
  add_run(app, chosen);
  add_status(app, chosen);
  add_check(app, chosen);
  add_roster(app, chosen);
  add_report(app, chosen);
  add_verify(app, chosen);
  add_rules(app, chosen);
  add_backtest(app, chosen);
  add_decode(app, chosen);
  add_observe(app, chosen);
  add_simulate(app, chosen);
  add_rehearse(app, chosen);
  add_key(app, chosen);
  add_signer(app, chosen);
  pw::add_people_commands(app, chosen);
  add_pages(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? pw::exit_fine : pw::exit_usage;
  }
  try {
    return chosen();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pledgewatch: %s\n", error.what());
    return pw::exit_world;
  }
}
