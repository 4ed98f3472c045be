// `pledgewatch receipt`: what was seen of one account, each entry of the log with
// the proof that it is there.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "config/load.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/receipt.h"

namespace pw {
namespace {

bool write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.close();
  return static_cast<bool>(out);
}

// The account named "platform:handle", or by its number.
const AccountVerdict* find_account(const Judgement& judgement, const std::string& name) {
  for (const AccountVerdict& v : judgement.accounts) {
    if (print_account(v.account) == name || std::to_string(v.account.number) == name) return &v;
  }
  return nullptr;
}

}  // namespace

int write_receipt(const ReceiptOptions& options) {
  Issues issues;
  const std::optional<Config> config =
      load_config_file(options.config, connector_names(), issues, secret_beside_service);
  print_issues(issues);
  if (!config) return exit_usage;
  const Result<LedgerReading> reading = read_ledger(*config);
  if (!reading) return fail(exit_world, reading.error().detail);
  const AccountVerdict* account = find_account(reading->judgement, options.account);
  if (!account)
    return fail(exit_usage, "--account: no account " + options.account +
                                " in the log; write platform:handle, as `roster list` does");
  const Result<std::unique_ptr<Folder>> log = open_folder(config->log_dir);
  if (!log) return fail(exit_world, log.error().detail);
  const Result<std::vector<ReceiptFile>> files = make_receipt(
      **log, reading->checkpoint, reading->note, reading->judgement, account->account.number);
  if (!files) return fail(exit_world, files.error().detail);
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  for (const ReceiptFile& file : *files) {
    if (error || !write_file(std::filesystem::path(options.folder) / file.name, file.bytes))
      return fail(exit_world, options.folder + " cannot be written");
  }
  std::printf("%s/receipt.json, with %zu entries and a proof for each\n", options.folder.c_str(),
              (files->size() - 1) / 2);
  return exit_fine;
}

}  // namespace pw
