#include "daemon/app/people_cli.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"

namespace pw {
namespace {

using Command = std::function<int()>;

// A command with a campaign file, whose options are `Options`.
template <class Options>
CLI::App* add(CLI::App& group, const char* name, const char* about, Command& chosen,
              const std::shared_ptr<Options>& options, int (*run)(const Options&)) {
  CLI::App* command = group.add_subcommand(name, about);
  command->add_option("-c,--config", options->config, "The campaign file")->required();
  command->add_flag("--json", options->json, "JSON on standard output");
  command->callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
  return command;
}

template <class Options>
void add_token(CLI::App* command, Options& options) {
  command->add_option("--token-file", options.token_file,
                      "A file with your reviewer's token; without it you are known by your uid");
}

CLI::App* group_of(CLI::App& app, const char* name, const char* about) {
  CLI::App* group = app.add_subcommand(name, about);
  group->require_subcommand(1);
  return group;
}

void add_review(CLI::App& app, Command& chosen) {
  CLI::App* review = group_of(app, "review", "What people decide on findings");
  auto listed = std::make_shared<ReviewCommand>();
  CLI::App* list =
      add(*review, "list", "Findings and every reviewer's word", chosen, listed, list_reviews);
  list->add_option("--state", listed->state, "Only open, confirmed, excused or dismissed ones");
  add_token(list, *listed);
  const auto decide = [&](const char* name, const char* about, const char* decision, bool owes) {
    auto options = std::make_shared<ReviewCommand>();
    options->decision = decision;
    CLI::App* command = add(*review, name, about, chosen, options, decide_review);
    command->add_option("finding", options->finding, "The finding's id")->required();
    CLI::Option* reason = command->add_option("--reason", options->reason, "Why");
    if (owes) reason->required();
    add_token(command, *options);
  };
  decide("confirm", "It is as the rule says", "confirmed", /*owes=*/false);
  decide("excuse", "It is so, and forgiven", "excused", /*owes=*/true);
  decide("dismiss", "It does not count", "dismissed", /*owes=*/true);
  decide("withdraw", "Take your word back", "open", /*owes=*/true);
  decide("note", "A remark that decides nothing", "note", /*owes=*/true);
}

void add_outbox(CLI::App& app, Command& chosen) {
  CLI::App* outbox = group_of(app, "outbox", "What was told to whom");
  auto list = std::make_shared<OutboxCommand>();
  CLI::App* all =
      add(*outbox, "list", "Every delivery with its attempts", chosen, list, list_outbox);
  all->add_flag("--dead", list->dead, "Only what was given up");
  add_token(all, *list);
  auto again = std::make_shared<OutboxCommand>();
  CLI::App* resend =
      add(*outbox, "resend", "Send what was given up again", chosen, again, resend_delivery);
  resend->add_option("sink", again->sink, "The sink's name")->required();
  resend->add_option("id", again->id, "The delivery's id")->required();
  add_token(resend, *again);
}

void add_silence(CLI::App& app, Command& chosen) {
  CLI::App* silence = group_of(app, "silence", "Findings that are known of and not sent");
  auto all = std::make_shared<SilenceCommand>();
  add_token(add(*silence, "list", "All silences, also past ones", chosen, all, list_silences),
            *all);
  auto made = std::make_shared<SilenceCommand>();
  CLI::App* command =
      add(*silence, "add", "Keep alerts back for a while", chosen, made, change_silence);
  command->add_option("--when", made->matches, "CEL over finding, as in a sink's when")->required();
  command->add_option("--reason", made->reason, "Why")->required();
  command->add_option("--for", made->lasts, "For how long, such as 2h")->required();
  add_token(command, *made);
  auto over = std::make_shared<SilenceCommand>();
  CLI::App* end = add(*silence, "end", "End a silence early", chosen, over, change_silence);
  end->add_option("id", over->id, "The silence's id, such as s1")->required();
  add_token(end, *over);
}

void add_campaign(CLI::App& app, Command& chosen) {
  CLI::App* campaign = group_of(app, "campaign", "Whether alerts are sent; looking goes on");
  auto shown = std::make_shared<CampaignCommand>();
  add_token(add(*campaign, "show", "Whether alerts are sent, since when and why", chosen, shown,
                command_campaign),
            *shown);
  const auto change = [&](const char* event, const char* about) {
    auto options = std::make_shared<CampaignCommand>();
    options->event = event;
    CLI::App* command = add(*campaign, event, about, chosen, options, command_campaign);
    command->add_option("--reason", options->reason, "Why; stands in the log and the report")
        ->required();
    add_token(command, *options);
  };
  change("pause", "Send no alerts until it is resumed");
  change("resume", "Send alerts of what is found from now on");
  change("end", "Send no alerts any more, for good");
}

void add_erase(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<EraseOptions>();
  CLI::App* erase =
      add(app, "erase", "Erase what is personal of one account; the log still verifies and says so",
          chosen, options, erase_account);
  erase->add_option("--account", options->account, "platform:handle, as `roster list` has it")
      ->required();
  erase->add_option("--reason", options->reason, "Why; the log has its digest")->required();
  erase->add_option("--by", options->by, "Who asks for it; your user name by default");
}

}  // namespace

void add_people_commands(CLI::App& app, std::function<int()>& chosen) {
  add_review(app, chosen);
  add_outbox(app, chosen);
  add_silence(app, chosen);
  add_campaign(app, chosen);
  add_erase(app, chosen);
}

}  // namespace pw
