// The ledger at the size of a real day: 10,000 accounts looked at every minute for
// 26 hours, with the outcomes and clocks of a usual day, written as the recorder
// writes them (once a second), exported as tiles with a checkpoint a minute, then
// verified and judged from the folder alone, and reported. Prints what it took.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>

#include <nlohmann/json.hpp>

#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/store_leaves.h"
#include "daemon/ledger/verify.h"

namespace {

using namespace pw;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

const Instant start = *parse_rfc3339("2020-09-15T23:00:00Z");
const Interval window{start + std::chrono::hours(1), start + std::chrono::hours(25)};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

double seconds_since(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

Terms terms_of(AccountNumber accounts) {
  Terms t;
  t.campaign = "bench";
  t.gap_ceiling = std::chrono::hours(3);
  t.sweep = std::chrono::minutes(15);
  t.sweep_again = std::chrono::minutes(30);
  t.closes = std::chrono::hours(1);
  for (AccountNumber number = 1; number <= accounts; ++number) {
    Pledge pledge;
    pledge.actor = "Actor " + std::to_string(number);
    pledge.status = PledgeStatus::confirmed;
    pledge.windows = {{window, window, window, "UTC", false, Millis{0}}};
    pledge.surfaces = {Surface::post, Surface::story};
    t.pledges.push_back(pledge);
    AccountTerms account;
    account.account = {number,
                       number - 1,
                       "mastodon",
                       "user" + std::to_string(number),
                       "host" + std::to_string(number % 500),
                       std::to_string(number)};
    account.interval = std::chrono::minutes(1);
    account.gap_max = std::chrono::minutes(10);
    account.sees = {Surface::post};
    t.accounts.push_back(account);
  }
  return t;
}

class Day {
 public:
  Day(Store& store, Folder& log, Signer& signer, AccountNumber accounts)
      : store_(store), leaves_(store), writer_(log, signer), accounts_(accounts) {
    const Digest terms = must(write_object(log, encode_terms(terms_of(accounts))));
    const Digest rules = must(write_object(log, "rules: []\n", ".yaml"));
    const Digest connectors = must(write_object(log, "{}"));
    const std::string leaf = encode(CampaignEntry{start - std::chrono::hours(1), false, "", "",
                                                  "bench", "bench", terms, rules, connectors});
    must(store.commit_leaves({&leaf, 1}));
  }

  // Every account once in each minute, at its own second.
  void run(int minutes) {
    for (int second = 0; second < minutes * 60; ++second) {
      std::vector<Look> looks;
      for (AccountNumber number = 1 + static_cast<AccountNumber>(second % 60); number <= accounts_;
           number += 60) {
        looks.push_back(look_at(number, start + std::chrono::seconds(second)));
      }
      written += looks.size();
      must(store_.commit_leaves(encode_looks(looks)));
      if (second % 60 == 59) must(writer_.catch_up(leaves_));
      if (second % 600 == 599) must(store_.checkpoint());
    }
    must(writer_.catch_up(leaves_));
    must(store_.checkpoint());
  }

  std::uint64_t written = 0;

 private:
  Look look_at(AccountNumber number, Instant t) {
    Look look;
    look.account = number;
    const auto dice = random_() % 1000;
    look.outcome = dice < 980   ? Outcome::unchanged
                   : dice < 990 ? Outcome::fresh
                   : dice < 997 ? Outcome::rate_limited
                                : Outcome::unreachable;
    look.http_status = dice < 990 ? 200 : dice < 997 ? 429 : 0;
    look.depth = dice < 990 ? 20 : 0;
    look.received = t + Millis{static_cast<std::int64_t>(random_() % 1000)};
    if (look.http_status != 0)
      look.clock_offset = Millis{static_cast<std::int64_t>(random_() % 1000)};
    look.effective = look.received - look.clock_offset.value_or(Millis{0});
    if (look.outcome == Outcome::fresh) look.digest = sha256(std::to_string(random_()));
    if (t >= window.end + std::chrono::minutes(15)) look.purpose = Purpose::sweep;
    if (t >= window.end + std::chrono::minutes(30)) look.purpose = Purpose::sweep_again;
    return look;
  }

  Store& store_;
  StoreLeaves leaves_;
  LogWriter writer_;
  AccountNumber accounts_;
  std::mt19937_64 random_{2020};
};

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

nlohmann::json measure(const fs::path& folder, AccountNumber accounts, int minutes) {
  fs::create_directories(folder);
  const SignerKey key{"bench.example/day", {7}};
  nlohmann::json figures = {{"accounts", accounts}, {"minutes", minutes}};
  {
    const auto store = must(open_sqlite((folder / "store.db").string(), OpenMode::read_write));
    const auto log = must(open_folder((folder / "log").string()));
    const auto state = must(open_folder((folder / "state").string()));
    Signer signer = must(Signer::open(key, *state));
    Day day(*store, *log, signer, accounts);
    const auto from = Clock::now();
    day.run(minutes);
    const double took = seconds_since(from);
    figures["looks"] = day.written;
    figures["write_s"] = took;
    figures["looks_per_s"] = static_cast<double>(day.written) / took;
  }
  figures["bytes"] = bytes_below(folder);
  figures["bytes_per_look"] =
      static_cast<double>(figures["bytes"]) / static_cast<double>(figures["looks"]);
  const auto log = must(open_folder((folder / "log").string()));
  auto from = Clock::now();
  VerifyReport report = verify(*log, verifier_of(key));
  figures["verify_and_judge_s"] = seconds_since(from);
  figures["verified"] = report.ok();
  figures["leaves"] = report.leaves;
  figures["kept"] = report.judgement.actors_by_verdict[static_cast<std::size_t>(Verdict::kept)];
  ReportInput input;
  input.judgement = std::move(report.judgement);
  from = Clock::now();
  std::size_t bytes = print_csv(input).size() + print_json(input).size();
  const auto pages = print_pages(input);
  for (const ReportPage& page : pages) bytes += page.html.size();
  figures["report_s"] = seconds_since(from);
  figures["report_bytes"] = bytes;
  figures["report_pages"] = pages.size();
  return figures;
}

}  // namespace

// bench_ledger [--json] [--quick]: quick is a hundredth of the accounts.
int main(int argc, char** argv) {
  bool json = false;
  AccountNumber accounts = 10'000;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) json = true;
    if (std::strcmp(argv[i], "--quick") == 0) accounts = 100;
  }
  const fs::path folder = fs::path("build") / "bench_ledger.d";
  fs::remove_all(folder);
  try {
    const nlohmann::json figures = measure(folder, accounts, 26 * 60);
    fs::remove_all(folder);
    if (json) {
      std::printf("%s\n", figures.dump().c_str());
    } else {
      for (const auto& [name, value] : figures.items())
        std::printf("%-20s %s\n", name.c_str(), value.dump().c_str());
    }
    const bool holds = figures["verified"] && figures["bytes"] < 1'000'000'000 &&
                       figures["verify_and_judge_s"] < 10.0 && figures["report_s"] < 10.0 &&
                       figures["report_bytes"] < 40'000'000;
    return holds ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_ledger: %s\n", error.what());
    return 3;
  }
}
