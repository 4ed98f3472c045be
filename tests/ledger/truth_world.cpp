#include "tests/ledger/truth_world.h"

#include <algorithm>
#include <map>
#include <random>

#include "daemon/poll/recorder.h"

namespace pw::test {
namespace {

using namespace std::chrono_literals;

const Instant midnight = *parse_rfc3339("2020-09-16T00:00:00Z");
const Interval window{midnight + 10h, midnight + 20h};
constexpr AccountNumber watched = 1;
constexpr AccountNumber accounts = 5;  // the others tell the time only

class World {
 public:
  World(std::uint64_t seed, const Trouble& trouble, Millis spacing)
      : random_(seed), trouble_(trouble), spacing_(spacing) {
    declaration_.name = "test";
    declaration_.lag = trouble.lag;
    account_.number = watched;
  }

  // Posts of one life alone, each long gone before the next comes.
  Caught run_short(Millis life) {
    add_post(midnight - 24h, Millis::max());
    Caught caught;
    for (Instant from = window.start; from + 30min < window.end - life; from += 30min + life) {
      const Instant at = from + Millis{below(30 * 60'000)};
      posts_.push_back({"short" + std::to_string(++caught.planned), {at, at + life}});
      hidden_for_.push_back(Millis{0});
    }
    look_through_the_day();
    caught.found = static_cast<int>(found_.size());
    return caught;
  }

  Truth run() {
    plan_posts();
    look_through_the_day();
    review();
    return {posts_, window, judge(), found_, confirmed_};
  }

 private:
  void look_through_the_day() {
    log(CampaignEntry{midnight + 8h, false, "", "", "freeze", "test", {}, {}, {}});
    look_at(midnight + 9h + 30min - trouble_.lag * 2, Purpose::baseline, /*sure=*/true);
    for (Instant t = midnight + 9h + 35min; t < midnight + 20h + 40min; t += spacing_) {
      look_at(t + Millis{below(spacing_.count() / 4)}, Purpose::routine, false);
    }
    for (const Millis at : {21h + 10min, 21h + 20min, 21h + 30min}) {
      look_at(midnight + at + trouble_.lag, Purpose::sweep, at == 21h + 30min);
    }
    look_at(midnight + 44h + 10min, Purpose::sweep_again, /*sure=*/true);
  }

  std::int64_t below(std::int64_t n) {
    return n <= 0 ? 0 : static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
  }
  bool happens(double share) { return static_cast<double>(below(1'000'000)) < share * 1e6; }

  void plan_posts() {
    for (int i = 0; i < 3; ++i) add_post(midnight - 24h + i * 1h, Millis::max());
    for (auto i = below(5); i > 0; --i) {
      const Instant from = midnight + 8h + Millis{below(14 * 3'600'000)};
      add_post(from, happens(0.3) ? Millis::max() : Millis{below(4 * 3'600'000)});
    }
  }

  void add_post(Instant from, Millis life) {
    const Instant to = life == Millis::max() ? Instant::max() : from + life;
    TruePost post{"p" + std::to_string(posts_.size()), {from, to}};
    if (to != Instant::max() && happens(0.3)) {
      const Instant back = to + Millis{below(5 * 3'600'000)};
      post.again = Interval{back, back + Millis{below(5 * 3'600'000)}};
    }
    posts_.push_back(post);
    hidden_for_.push_back(Millis{below(trouble_.lag.count() + 1)});
  }

  Millis clock_error(Instant t) const {
    return trouble_.wrong_during.contains(t) ? trouble_.clock_wrong : Millis{0};
  }

  // The account's list as it was at `t`, newest first.
  std::vector<Post> list_at(Instant t) {
    std::vector<Post> list;
    for (std::size_t i = posts_.size(); i > 0; --i) {
      const TruePost& post = posts_[i - 1];
      const Interval shows{post.stands.start + hidden_for_[i - 1], post.stands.end};
      if (!shows.contains(t) && !(post.again && post.again->contains(t))) continue;
      list.emplace_back();
      list.back().id = post.id;
    }
    if (list.size() > 1 && happens(trouble_.shuffled)) {
      const auto at = static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size()) - 1));
      std::swap(list[at], list[at + 1]);
    }
    return list;
  }

  void look_at(Instant t, Purpose purpose, bool sure) {
    for (AccountNumber other = watched + 1; other <= accounts; ++other) tell_time(other, t);
    if (!sure && happens(trouble_.failed)) return fail(t, purpose);
    const bool is_cached = !sure && happens(trouble_.cached);
    const Instant made = t - (is_cached ? Millis{below(trouble_.cache_age.count())} : Millis{0});
    HttpResponse response;
    response.received = t + clock_error(t);
    response.headers.add("Date", print_http_date(made - trouble_.host_slow));
    if (is_cached && happens(0.5)) {
      response.headers.add("Age", std::to_string((t - made) / 1s));
    }
    take(response, list_at(made), purpose);
  }

  void take(const HttpResponse& response, std::vector<Post> list, Purpose purpose) {
    const AnswerAge age = age_of(response, trouble_.lag);
    Sight sight;
    sight.received = response.received;
    sight.effective = age.effective;
    sight.clock_offset = age.clock_offset;
    sight.purpose = purpose;
    sight.make_salt = [] { return std::string("0123456789abcdef"); };
    if (is_stale(memory_, sight.effective)) return fail(response.received, purpose, Outcome::stale);
    Reach reach;
    reach.first_page = static_cast<int>(list.size());
    reach.posts = std::move(list);
    reach.list_ended = true;
    const std::vector<KnownPost> known = known_posts();
    const Observation seen =
        observe({account_, state_, known, memory_, declaration_}, std::move(reach), sight);
    state_ = seen.state;
    memory_ = seen.memory;
    log_look(seen.look);
    if (!seen.news) return;
    for (const PostEntry& entry : entries_of(seen)) log(entry);
    for (const StoredPost& post : seen.news->posts) screen(post);
    keep(*seen.news);
  }

  void fail(Instant t, Purpose purpose, Outcome outcome = Outcome::unreachable) {
    Look look;
    look.account = watched;
    look.outcome = outcome;
    look.purpose = purpose;
    look.effective = look.received = t + clock_error(t);
    log_look(look);
  }

  // A look at an account of another host whose clock is right.
  void tell_time(AccountNumber account, Instant t) {
    Look look;
    look.account = account;
    look.outcome = Outcome::unchanged;
    look.received = t + clock_error(t);
    look.clock_offset = clock_error(t) + 400ms;
    look.effective = look.received - std::max(Millis{0}, *look.clock_offset);
    log_look(look);
  }

  void screen(const StoredPost& post) {
    const Window w{window, window, window, "UTC", false, Millis{0}};
    const Ternary inside = post.baseline ? Ternary::no : covers(w, post.appeared);
    const bool is_known = std::find(found_.begin(), found_.end(), post.post.id) != found_.end();
    if (inside == Ternary::no || is_known) return;
    Finding finding;
    finding.id = "f-" + post.post.id;
    finding.account = watched;
    finding.post_id = print_hex(sha256(post.salt + post.post.id));
    finding.appeared = post.appeared;
    finding.needs_review = inside == Ternary::unknown;
    found_.push_back(post.post.id);
    if (!finding.needs_review) confirmed_.push_back(post.post.id);
    findings_.push_back(finding);
    log(FindingEntry{finding, post.first_seen});
  }

  void review() {
    for (const Finding& finding : findings_) {
      const FindingState decision =
          finding.needs_review ? FindingState::dismissed : FindingState::confirmed;
      for (const std::string reviewer : {"ann", "bob"}) {
        log(ReviewEntry{finding.id, reviewer, decision, decision, {}, midnight + 45h});
      }
    }
  }

  std::vector<KnownPost> known_posts() const {
    std::vector<KnownPost> known;
    for (const auto& [id, post] : stored_) {
      known.push_back(
          {id, post.salt, post.digest, post.appeared, post.last_seen, post.removed.has_value()});
    }
    return known;
  }

  void keep(const LookCommit& commit) {
    for (const StoredPost& post : commit.posts) stored_[post.post.id] = post;
    for (const std::string& id : commit.seen) stored_[id].last_seen = commit.effective;
    for (const StoredPost& post : commit.removed) stored_[post.post.id].removed = post.removed;
  }

  void log(Entry entry) { entries_.push_back(std::move(entry)); }
  void log_look(const Look& look) {
    if (!happens(trouble_.lost)) log(LooksEntry{{look}});
  }

  Terms terms() const {
    Terms t;
    t.campaign = "freeze";
    t.gap_ceiling = 75min;
    t.sweep = 1h;
    t.sweep_again = 24h;
    t.closes = 72h;
    for (AccountNumber number = 1; number <= accounts; ++number) {
      Pledge pledge;
      pledge.actor = "actor " + std::to_string(number);
      pledge.status = PledgeStatus::confirmed;
      pledge.windows = {{window, window, window, "UTC", false, Millis{0}}};
      pledge.surfaces = {Surface::post};
      t.pledges.push_back(pledge);
      AccountTerms account;
      account.account = {number, number - 1, "test", "a", "host" + std::to_string(number), "17"};
      account.gap_max = 75min;
      account.lag = trouble_.lag;
      account.sees = {Surface::post};
      t.accounts.push_back(account);
    }
    return t;
  }

  Judgement judge() const {
    Judge judge([this](const Digest&) -> Result<Terms> { return terms(); });
    std::uint64_t leaf = 0;
    for (const Entry& entry : entries_) judge.add(leaf++, entry);
    return judge.judge(midnight + 100h);
  }

  std::mt19937_64 random_;
  Trouble trouble_;
  Millis spacing_;
  Account account_;
  Declaration declaration_;
  AccountState state_;
  Memory memory_;
  std::vector<TruePost> posts_;
  std::vector<Millis> hidden_for_;  // until a post shows, beside posts_
  std::map<std::string, StoredPost> stored_;
  std::vector<Finding> findings_;
  std::vector<std::string> found_;
  std::vector<std::string> confirmed_;
  std::vector<Entry> entries_;
};

}  // namespace

Caught catch_short_posts(std::uint64_t seed, Millis life, Millis spacing) {
  return World(seed, {}, spacing).run_short(life);
}

Truth live_through(std::uint64_t seed, const Trouble& trouble, Millis spacing) {
  return World(seed, trouble, spacing).run();
}

}  // namespace pw::test
