// Makes a small campaign's folder for the outside checks: the whole daemon
// through a simulated hour, with a breach that two people confirm, one that is
// excused, hostile texts, a blind spell and an account that is taken down. Then
// the report, and texts in our canonical form to compare with another's.
#include <bit>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include <nlohmann/json.hpp>

#include "daemon/app/ledger_reading.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/report_schema.h"
#include "daemon/ledger/store_leaves.h"
#include "tests/app/support/day.h"

namespace {

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval hour{noon, noon + 1h};
constexpr int accounts = 9;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

void set_scene(FeedWorld& world, Clock& clock) {
  for (int i = 0; i < accounts; ++i) world.feeds[feed_url(i)] = {{"old", Instant{}}};
  world.feeds[feed_url(1)].push_back({"breach", noon + 20min});
  world.feeds[feed_url(2)].push_back({"advert", noon + 31min});
  world.feeds[feed_url(3)].push_back(
      {"&lt;script&gt;alert(1)&lt;/script&gt; \xe2\x80\xae evil", noon + 12min, noon + 22min});
  world.feeds[feed_url(4)].push_back({"unreviewed", noon + 50min});
  world.on_fetch = [&clock](const HttpRequest& request) -> std::optional<Error> {
    const Instant now = clock.now();
    const bool blind = request.url == feed_url(5) && now > noon + 10min && now < noon + 45min;
    if (blind) return Error{Errc::transient, "no route"};
    return std::nullopt;
  };
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// What two people say of the findings, with the leaves that say so.
void review_all(Store& store) {
  for (const Finding& finding : must(store.findings())) {
    if (finding.post_id == "unreviewed") continue;
    const bool is_advert = finding.post_id == "advert";
    const FindingState decision = is_advert ? FindingState::excused : FindingState::confirmed;
    for (const std::string reviewer : {"ann", "bob"}) {
      const Review review{finding.id, reviewer, decision,
                          is_advert ? "booked before the pledge" : "seen by both of us",
                          hour.end + 1min};
      const bool last = reviewer == "bob";
      const FindingState state = last ? decision : FindingState::open;
      const std::string leaf = encode(
          ReviewEntry{finding.id, reviewer, decision, state, sha256(review.reason), review.at});
      ReviewCommit commit{review};
      commit.state = state;
      commit.leaves = {leaf};
      must(store.commit_review(commit));
    }
  }
}

void review_and_sign(const Config& config) {
  const auto store = must(open_sqlite(config.state_dir + "/pledgewatch.db", OpenMode::read_write));
  review_all(*store);
  const auto state = must(open_folder(config.state_dir));
  const auto log = must(open_folder(config.log_dir));
  Signer signer = must(Signer::open(must(read_key_file(config.log.key_file)), *state));
  StoreLeaves leaves(*store);
  must(LogWriter(*log, signer).catch_up(leaves));
}

nlohmann::json random_json(std::mt19937_64& random, int depth) {
  const auto kind = random() % (depth > 3 ? 4 : 6);
  if (kind == 0) return random() % 2 == 0;
  if (kind == 1) {
    const double number = std::bit_cast<double>(random());
    return std::isfinite(number) ? nlohmann::json(number) : nlohmann::json();
  }
  if (kind == 2) return static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
  std::string text;
  for (auto i = random() % 12; i > 0; --i) {
    static const std::vector<std::string> letters = {"a",
                                                     "Z",
                                                     "\"",
                                                     "\\",
                                                     "/",
                                                     "\n",
                                                     "\x01",
                                                     "\x7f",
                                                     "\xc3\xb6",
                                                     "\xe2\x82\xac",
                                                     "\xf0\x9f\x98\x82",
                                                     "\xef\xac\xb3",
                                                     "\xef\xbf\xbf",
                                                     "1",
                                                     "<",
                                                     "\xe2\x80\xa8"};
    text += letters[random() % letters.size()];
  }
  if (kind == 3) return text;
  nlohmann::json value = kind == 4 ? nlohmann::json::array() : nlohmann::json::object();
  for (auto i = random() % 5; i > 0; --i) {
    if (kind == 4)
      value.push_back(random_json(random, depth + 1));
    else
      value[text + std::to_string(random() % 20)] = random_json(random, depth + 1);
  }
  return value;
}

std::string canonical_texts() {
  std::mt19937_64 random(8785);
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    const nlohmann::json value = random_json(random, 0);
    lines += must(print_jcs(value)) + '\n';
  }
  return lines;
}

void make(const fs::path& folder) {
  fs::create_directories(folder / "report");
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  set_scene(world, clock);
  const Setup setup = small_campaign(folder.string(), accounts, hour);
  const Config config = setup.config;
  const DayResult day = run_day(small_campaign(folder.string(), accounts, hour), clock, world);
  if (!day.failure.empty()) throw std::runtime_error(day.failure);
  review_and_sign(config);
  LedgerReading reading = must(read_ledger(config));
  const auto log = must(open_folder(config.log_dir));
  fs::create_directories(folder / "receipt");
  for (const ReceiptFile& file :
       must(make_receipt(*log, reading.checkpoint, reading.note, reading.judgement, 2))) {
    write_file(folder / "receipt" / file.name, file.bytes);
  }
  const ReportInput input = must(report_input(std::move(reading)));
  write_file(folder / "report/report.html", print_html(input));
  write_file(folder / "report/report.csv", print_csv(input));
  write_file(folder / "report/report.json", print_json(input));
  write_file(folder / "report" / json_schema_file, report_json_schema());
  write_file(folder / "report" / csv_schema_file, report_csv_schema());
  write_file(folder / "canonical.txt", canonical_texts());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "sample_log FOLDER\n");
    return 2;
  }
  try {
    make(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sample_log: %s\n", error.what());
    return 3;
  }
}
