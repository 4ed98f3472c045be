// The ledger at the size of a real day: 10,000 accounts looked at every minute for
// 26 hours, written as the recorder writes it, judged from the store and from the
// folder alone, and reported. Prints what it took beside what it may take; limits
// are of processor time, which a busy machine does not change.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "daemon/ledger/judge.h"
#include "daemon/ledger/verify.h"
#include "tests/bench/ledger_day.h"

namespace {

using namespace pw;
using bench::must;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  AccountNumber accounts = 10'000;
  int minutes = 26 * 60;
  fs::path folder = "/dev/shm";
  fs::path report{};  // where the report's files are kept; empty: nowhere
  bool json = false;
};

struct Time {
  double wall = 0;
  double cpu = 0;
};

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

template <class Work>
Time time_of(const Work& work) {
  const auto from = Clock::now();
  const double cpu = cpu_now();
  work();
  return {std::chrono::duration<double>(Clock::now() - from).count(), cpu_now() - cpu};
}

double at_share(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

// One line of the table; a limit of 0 is none.
class Table {
 public:
  void row(const char* what, const char* name, double value, const char* unit, double limit = 0) {
    figures[name] = value;
    const bool holds = limit <= 0 || value < limit;
    all_hold = all_hold && holds;
    std::printf("  %-58s %12.2f %-3s", what, value, unit);
    if (limit > 0) std::printf("  %s %.0f", holds ? "under" : "NOT UNDER", limit);
    std::printf("\n");
  }

  nlohmann::ordered_json figures;
  bool all_hold = true;
};

// What a second's commit costs where a sync is a sync: median of so many.
double commit_ms_on_disk() {
  constexpr int commits = 100;
  const fs::path folder = fs::path("build") / "bench_ledger.d";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto store = must(open_sqlite((folder / "store.db").string(), OpenMode::read_write));
  const std::vector<std::string> leaves(1, std::string(3000, 'x'));
  std::vector<double> ms;
  for (int i = 0; i < commits; ++i) {
    ms.push_back(1000 * time_of([&] { must(store->commit_leaves(leaves)); }).wall);
  }
  fs::remove_all(folder);
  return at_share(ms, 0.5);
}

std::vector<FindingRow> write_day(const Options& options, const SignerKey& key, Table& table) {
  const auto store =
      must(open_sqlite((options.folder / "store.db").string(), OpenMode::read_write));
  const auto log = must(open_folder((options.folder / "log").string()));
  const auto state = must(open_folder((options.folder / "state").string()));
  Signer signer = must(Signer::open(key, *state));
  bench::Day day(*store, *log, signer, options.accounts);
  const bench::DaySteps steps = day.run(options.minutes);
  const double seconds = options.minutes * 60.0;
  table.row("looks", "looks", static_cast<double>(steps.looks), "");
  table.row("one core's share taken by writing them", "write_share_percent",
            100 * steps.cpu_s / seconds, "%", 10);
  table.row("a second's looks into the store, the longest but 1 in 1000", "commit_ms_p999",
            at_share(steps.commit_ms, 0.999), "ms");
  table.row("a minute's tiles and checkpoint, median", "export_ms_p50",
            at_share(steps.export_ms, 0.5), "ms");
  table.row("a minute's tiles and checkpoint, the longest but 1 in 100", "export_ms_p99",
            at_share(steps.export_ms, 0.99), "ms");
  return day.findings();
}

Judgement judge_store(const Options& options, Table& table) {
  Judgement judgement;
  const Time took = time_of([&] {
    const auto log = must(open_folder((options.folder / "log").string()));
    const auto store =
        must(open_sqlite((options.folder / "store.db").string(), OpenMode::read_only));
    Judge judge([&](const Digest& digest) -> Result<Terms> {
      return decode_terms(must(log->read(object_path(digest), object_bytes_max)).value());
    });
    must(store->each_leaf(0, must(store->leaf_count()), [&](std::uint64_t i, std::string_view l) {
      judge.add(i, must(decode(l)));
      return true;
    }));
    judgement = judge.judge();
  });
  table.row("a verdict for all of them, from the store", "judge_s", took.wall, "s");
  table.row("... of processor time", "judge_cpu_s", took.cpu, "s", 10);
  return judgement;
}

void verify_folder(const Options& options, const SignerKey& key, Table& table) {
  VerifyReport report;
  const Time took = time_of([&] {
    const auto log = must(open_folder((options.folder / "log").string()));
    report = verify(*log, verifier_of(key));
  });
  if (!report.ok()) throw std::runtime_error("verify: " + print_damage(report.damages.front()));
  table.row("verify of the folder alone, the verdicts too", "verify_s", took.wall, "s");
  table.row("... of processor time", "verify_cpu_s", took.cpu, "s", 10);
  table.row("leaves", "leaves", static_cast<double>(report.leaves), "");
  table.row("checkpoints", "checkpoints", static_cast<double>(report.checkpoints), "");
}

void keep(const fs::path& folder, const std::string& name, const std::string& bytes) {
  if (folder.empty()) return;
  fs::create_directories(folder);
  std::FILE* file = std::fopen((folder / name).c_str(), "wb");
  if (file == nullptr) throw std::runtime_error((folder / name).string() + " cannot be written");
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

void report_day(const Options& options, const ReportInput& input, Table& table) {
  std::vector<ReportPage> pages;
  std::string csv;
  std::string record;
  const Time html = time_of([&] { pages = print_pages(input); });
  const Time rest = time_of([&] {
    csv = print_csv(input);
    record = print_json(input);
  });
  std::size_t bytes = 0;
  for (const ReportPage& page : pages) bytes += page.html.size();
  for (const ReportPage& page : pages) keep(options.report, page.name, page.html);
  keep(options.report, "report.csv", csv);
  keep(options.report, "report.json", record);
  table.row("the report's pages", "report_pages", static_cast<double>(pages.size()), "");
  table.row("... made in, of processor time", "report_cpu_s", html.cpu, "s", 10);
  table.row("... with CSV, JSON and all verdicts before", "report_all_cpu_s",
            html.cpu + rest.cpu + double(table.figures["judge_cpu_s"]), "s", 10);
  table.row("... bytes", "report_mb", static_cast<double>(bytes) / 1e6, "MB", 40);
  table.row("... with CSV and JSON", "report_all_mb",
            static_cast<double>(bytes + csv.size() + record.size()) / 1e6, "MB", 40);
}

int measure(Options options) {
  options.folder /= "pledgewatch-bench-" + std::to_string(getpid());
  fs::create_directories(options.folder);
  const SignerKey key{"bench.example/day", {7}};
  Table table;
  std::printf("\n%u accounts looked at every minute for %d minutes; one process, one core\n",
              options.accounts, options.minutes);
  table.row("a commit on this machine's disk, median", "disk_commit_ms", commit_ms_on_disk(), "ms");
  ReportInput input;
  input.findings = write_day(options, key, table);
  const double bytes = static_cast<double>(bytes_below(options.folder));
  table.row("store, leaves and tiles on disk", "disk_mb", bytes / 1e6, "MB", 1000);
  table.row("... a look", "bytes_per_look", bytes / double(table.figures["looks"]), "B");
  input.judgement = judge_store(options, table);
  verify_folder(options, key, table);
  report_day(options, input, table);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  table.row("resident at most", "resident_mb", static_cast<double>(usage.ru_maxrss) / 1e3, "MB");
  fs::remove_all(options.folder);
  if (options.json) std::printf("%s\n", table.figures.dump().c_str());
  return table.all_hold ? 0 : 1;
}

Options parse(int argc, char** argv) {
  Options options;
  if (!fs::is_directory(options.folder)) options.folder = "build";
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool has_next = i + 1 < argc;
    if (argument == "--json") {
      options.json = true;
    } else if (argument == "--accounts" && has_next) {
      options.accounts = static_cast<AccountNumber>(std::atoi(argv[++i]));
    } else if (argument == "--minutes" && has_next) {
      options.minutes = std::atoi(argv[++i]);
    } else if (argument == "--folder" && has_next) {
      options.folder = argv[++i];
    } else if (argument == "--report" && has_next) {
      options.report = argv[++i];
    } else {
      throw std::runtime_error(
          "usage: bench_ledger [--json] [--accounts N] [--minutes N] [--folder DIR] "
          "[--report DIR]\n--folder: where the day's log is made; /dev/shm, so that 26 hours of "
          "syncs take no hour");
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return measure(parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_ledger: %s\n", error.what());
    return 3;
  }
}
