#include "tests/bench/ledger_day.h"

#include <chrono>
#include <ctime>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/terms.h"

namespace pw::bench {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant start = *parse_rfc3339("2020-09-15T23:00:00Z");
const Interval window{start + hours(1), start + hours(25)};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Step>
double ms_of_step(const Step& step) {
  const auto from = std::chrono::steady_clock::now();
  step();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
}

// One account in thirty is out of sight for a part of the day.
bool is_out(AccountNumber number, Instant t) {
  if (number % 30 != 0) return false;
  const Instant from = start + minutes(number % 1200);
  return t >= from && t < from + minutes(25);
}

}  // namespace

Instant day_start() { return start; }
Interval day_window() { return window; }

Terms day_terms(AccountNumber accounts) {
  Terms t;
  t.campaign = "bench";
  t.gap_ceiling = hours(3);
  t.sweep = minutes(15);
  t.sweep_again = minutes(30);
  t.closes = hours(1);
  for (AccountNumber number = 1; number <= accounts; ++number) {
    const std::string digits = std::to_string(number);
    Pledge pledge;
    pledge.actor = "Actor " + digits;
    pledge.status = PledgeStatus::confirmed;
    pledge.windows = {{window, window, window, "UTC", false, Millis{0}}};
    pledge.surfaces = {Surface::post, Surface::story};
    t.pledges.push_back(pledge);
    AccountTerms account;
    account.account = {
        number, number - 1, "mastodon", "user" + digits, "host" + std::to_string(number % 500),
        digits};
    account.interval = minutes(1);
    account.gap_max = minutes(10);
    account.sees = {Surface::post};
    account.blind_spots = "stories and posts to followers only";
    t.accounts.push_back(account);
  }
  return t;
}

Day::Day(Store& store, Folder& log, Signer& signer, AccountNumber accounts)
    : store_(store), leaves_(store), writer_(log, signer), accounts_(accounts) {
  const Digest terms = must(write_object(log, encode_terms(day_terms(accounts))));
  const Digest rules = must(write_object(log, "rules: []\n", ".yaml"));
  const Digest connectors = must(write_object(log, "{}"));
  const std::string leaf = encode(
      CampaignEntry{start - hours(1), false, "", "", "bench", "bench", terms, rules, connectors});
  must(store.commit_leaves({&leaf, 1}));
}

DaySteps Day::run(int minute_count) {
  DaySteps steps;
  const double cpu = cpu_seconds();
  for (int second = 0; second < minute_count * 60; ++second) {
    const Instant t = start + seconds(second);
    std::vector<Look> looks;
    std::vector<std::string> news;
    for (AccountNumber number = 1 + static_cast<AccountNumber>(second % 60); number <= accounts_;
         number += 60) {
      looks.push_back(look_at(number, t));
      if (number % 50 == 1 && second / 60 == 120 + static_cast<int>(number % 1200))
        post_of(number, t, news);
    }
    steps.looks += looks.size();
    steps.commit_ms.push_back(ms_of_step([&] {
      if (!news.empty()) must(store_.commit_leaves(news));
      must(store_.commit_leaves(encode_looks(looks)));
    }));
    if (second % 60 == 59)
      steps.export_ms.push_back(ms_of_step([&] { must(writer_.catch_up(leaves_)); }));
  }
  must(store_.checkpoint());
  steps.cpu_s = cpu_seconds() - cpu;
  return steps;
}

Look Day::look_at(AccountNumber number, Instant t) {
  Look look;
  look.account = number;
  const auto dice = is_out(number, t) ? 995 : random_() % 1000;
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
  if (t >= window.end + minutes(15)) look.purpose = Purpose::sweep;
  if (t >= window.end + minutes(30)) look.purpose = Purpose::sweep_again;
  return look;
}

// A post inside the window, found by a rule and confirmed by two people.
void Day::post_of(AccountNumber number, Instant t, std::vector<std::string>& leaves) {
  PostEntry post;
  post.account = number;
  post.post = print_hex(sha256("post " + std::to_string(number)));
  post.commitment = sha256(post.post);
  post.appeared = {t - minutes(1), t};
  leaves.push_back(encode(post));
  FindingRow row;
  row.finding.account = number;
  row.finding.post_id = post.post;
  row.finding.id = finding_id("bench", number, post.post, "posted");
  row.finding.rule = "posted";
  row.finding.summary = "Actor " + std::to_string(number) + " posted a post on mastodon";
  row.finding.appeared = post.appeared;
  row.finding.found_at = t;
  leaves.push_back(encode(FindingEntry{row.finding, t}));
  row.finding.state = FindingState::confirmed;
  row.url = "https://host.example/@user" + std::to_string(number) + "/1";
  row.text = std::string(400, 'x');
  for (const char* reviewer : {"ada", "bob"}) {
    row.reviews.push_back({reviewer, FindingState::confirmed, "seen by two of us", t});
    leaves.push_back(encode(ReviewEntry{row.finding.id, reviewer, FindingState::confirmed,
                                        FindingState::confirmed, sha256("seen by two of us"), t}));
  }
  findings_.push_back(std::move(row));
}

}  // namespace pw::bench
