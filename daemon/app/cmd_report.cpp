// `pledgewatch report` and `pledgewatch compare`.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "config/load.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/report_schema.h"
#include "daemon/ledger/sentence.h"
#include "daemon/ledger/utf8.h"
#include "daemon/rehearsal/plan.h"

namespace pw {
namespace {

constexpr std::size_t sentence_bytes_max = 4000;

bool write_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path next = path.string() + ".new";
  std::ofstream out(next, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(next, path, error);
  return out && !error;
}

std::optional<Config> configuration(const std::string& file) {
  Issues issues;
  std::optional<Config> config =
      load_config_file(file, connector_names(), issues, secret_beside_service);
  print_issues(issues);
  return config;
}

void print_counts(const Judgement& judgement) {
  std::printf("%d pledges judged as of %s:", judgement.actors_judged,
              print_rfc3339(judgement.as_of).c_str());
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    if (judgement.actors_by_verdict[i] == 0) continue;
    std::printf(" %s %d", std::string(verdict_names[i]).c_str(), judgement.actors_by_verdict[i]);
  }
  std::printf("\n");
}

// What may be said of each account, as the report says it.
void print_sentences(const Judgement& judgement) {
  for (const AccountVerdict& v : judgement.accounts) {
    std::printf("%s: %s.\n", std::string(name_of(v.verdict)).c_str(),
                shown_text(sentence_of(v), sentence_bytes_max).c_str());
  }
}

}  // namespace

int write_report(const ReportOptions& options) {
  const std::optional<Config> config = configuration(options.config);
  if (!config) return exit_usage;
  Result<LedgerReading> reading = read_ledger(*config);
  if (!reading) return fail(exit_world, reading.error().detail);
  const Result<ReportInput> input = report_input(*std::move(reading));
  if (!input) return fail(exit_world, input.error().detail);
  const std::filesystem::path folder(options.folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string record = print_json(*input);
  bool written = !error && write_file(folder / "report.csv", print_csv(*input)) &&
                 write_file(folder / "report.json", record) &&
                 write_file(folder / json_schema_file, report_json_schema()) &&
                 write_file(folder / csv_schema_file, report_csv_schema());
  for (const ReportPage& page : print_pages(*input)) {
    written = written && write_file(folder / page.name, page.html);
  }
  if (!written) return fail(exit_world, options.folder + " cannot be written");
  if (options.json) {
    std::fwrite(record.data(), 1, record.size(), stdout);
    return exit_fine;
  }
  if (options.sentences) print_sentences(input->judgement);
  print_counts(input->judgement);
  std::printf("%s; report.csv and report.json beside it, with their schemas\n",
              (folder / "report.html").c_str());
  return exit_fine;
}

int compare_with_plan(const CompareOptions& options) {
  std::string text;
  if (!read_file(options.plan, text)) return fail(exit_usage, options.plan + " cannot be read");
  const Result<DayPlan> plan = parse_plan(text);
  if (!plan) return fail(exit_usage, options.plan + ": " + plan.error().detail);
  const std::optional<Config> config = configuration(options.config);
  if (!config) return exit_usage;
  const Result<LedgerReading> reading = read_ledger(*config);
  if (!reading) return fail(exit_world, reading.error().detail);
  const Result<std::vector<Finding>> findings = reading->store->findings();
  if (!findings) return fail(exit_world, findings.error().detail);
  std::map<AccountNumber, const Account*> accounts;
  for (const AccountVerdict& verdict : reading->judgement.accounts)
    accounts.emplace(verdict.account.number, &verdict.account);
  std::vector<ClaimedFinding> claimed;
  for (const Finding& finding : *findings) {
    const auto it = accounts.find(finding.account);
    if (it == accounts.end())
      return fail(exit_world, "a finding of an account that the log does not name");
    claimed.push_back({it->second->platform, it->second->handle, finding.post_id, finding.rule});
  }
  const Difference difference = compare(*plan, claimed);
  for (const ClaimedFinding& missed : difference.missed) {
    std::printf("missed: %s:%s %s\n", missed.platform.c_str(), missed.handle.c_str(),
                missed.post_id.c_str());
  }
  for (const ClaimedFinding& wrong : difference.wrong) {
    std::printf("false: %s:%s %s\n", wrong.platform.c_str(), wrong.handle.c_str(),
                wrong.post_id.c_str());
  }
  std::printf("planned breaches found %d, missed %zu, false findings %zu\n", difference.matched,
              difference.missed.size(), difference.wrong.size());
  return difference.exact() ? exit_fine : exit_no;
}

}  // namespace pw
