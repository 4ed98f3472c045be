// What a look may conclude. Each case is a conversation: at this minute the
// account's list reads so; the line says what was seen.
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "daemon/core/pledge.h"
#include "daemon/poll/observe.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

Declaration declared(ListKind kind = ListKind::complete) {
  Declaration declaration;
  declaration.name = "test";
  declaration.list = kind;
  return declaration;
}

constexpr Instant midnight{std::chrono::hours(24 * 18521)};  // 2020-09-16

// An account as the poller and the store remember it, in memory.
class Day {
 public:
  explicit Day(ListKind kind = ListKind::complete) : declaration_(declared(kind)) {
    account_.number = 1;
  }

  // `list` is "a b* c@90 d!": ids, newest first; `*` pinned, `!` edited, `@n`
  // stamped by the server at minute n; `?` an item that cannot be read; a last "+"
  // says the list goes on, a last "/" that the answer was cut off there, a last "~" that
  // the next page could not be read.
  std::string look(int minute, const std::string& list, Purpose purpose = Purpose::routine,
                   bool cut_short = false) {
    const Reach reach = reach_of(list);
    Sight sight;
    sight.received = sight.effective = midnight + std::chrono::minutes(minute);
    sight.body_digest = sha256(list + std::to_string(minute));
    sight.purpose = purpose;
    sight.broke_off = list.ends_with('~');
    sight.cut_short = cut_short || reach.cut_off || sight.broke_off;
    sight.make_salt = [] { return std::string("salt"); };
    const std::vector<KnownPost> known = known_posts();
    const Before before{account_, state_, known, memory_, declaration_};
    wants_more_ = wants_more(before, reach, purpose);
    Observation seen = observe(before, reach, sight);
    state_ = seen.state;
    memory_ = seen.memory;
    if (seen.news) keep(*seen.news);
    return shown(seen);
  }

  bool wants_more_for(const std::string& list, Purpose purpose = Purpose::routine) const {
    const std::vector<KnownPost> known = known_posts();
    return wants_more({account_, state_, known, memory_, declaration_}, reach_of(list), purpose);
  }

  int first_page_ = 1000;
  Memory memory_;
  AccountState state_;
  Declaration declaration_;

 private:
  Reach reach_of(const std::string& list) const {
    Reach reach;
    reach.list_ended = true;
    std::istringstream words(list);
    for (std::string word; words >> word;) {
      if (word == "+" || word == "~") {
        reach.list_ended = false;
        continue;
      }
      if (word == "/") {
        reach.list_ended = false;
        reach.cut_off = true;
        continue;
      }
      if (word == "?") {
        ++reach.skipped;
        continue;
      }
      Post post;
      post.id = word.substr(0, word.find_first_of("*!@"));
      post.pinned = word.find('*') != std::string::npos;
      post.text = word.find('!') != std::string::npos ? "edited" : "as it was";
      if (const auto at = word.find('@'); at != std::string::npos) {
        post.server_at = midnight + std::chrono::minutes(std::stoi(word.substr(at + 1)));
      }
      reach.posts.push_back(post);
    }
    reach.first_page = std::min(first_page_, static_cast<int>(reach.posts.size()));
    return reach;
  }

  std::vector<KnownPost> known_posts() const {
    std::vector<KnownPost> known;
    for (const auto& [id, post] : posts_) {
      known.push_back(
          {id, post.salt, post.digest, post.appeared, post.last_seen, post.removed.has_value()});
    }
    return known;
  }

  void keep(const LookCommit& commit) {
    for (const StoredPost& post : commit.posts) posts_[post.post.id] = post;
    for (const std::string& id : commit.seen) posts_[id].last_seen = commit.effective;
    for (const StoredPost& post : commit.removed) posts_[post.post.id].removed = post.removed;
  }

  static std::string minutes(Interval span) {
    const auto minute = [](Instant t) {
      return t == Instant{} ? std::string("ever") : std::to_string((t - midnight) / 1min);
    };
    return "[" + minute(span.start) + ".." + minute(span.end) + "]";
  }

  static std::string shown(const Observation& seen) {
    std::string text(name_of(seen.look.outcome));
    if (!seen.news) return text;
    for (const StoredPost& post : seen.news->posts) {
      text += " +" + post.post.id + minutes(post.appeared) + (post.baseline ? "b" : "");
    }
    for (const std::string& id : seen.edited_ids) text += " ~" + id;
    for (const std::string& id : seen.restored_ids) text += " ^" + id;
    for (const StoredPost& post : seen.news->removed)
      text += " -" + post.post.id + minutes(*post.removed);
    return text;
  }

  Account account_;
  std::map<std::string, StoredPost> posts_;
  bool wants_more_ = false;
};

}  // namespace

TEST_CASE("the first list is baseline; a later post appeared between two looks") {
  Day day;
  CHECK(day.look(0, "b a") == "fresh +b[ever..0]b +a[ever..0]b");
  CHECK(day.look(10, "b a") == "unchanged");
  CHECK(day.look(20, "c b a") == "fresh +c[10..20]");
  CHECK(day.look(30, "c b a") == "unchanged");
}

TEST_CASE("a server's stamp narrows the interval, a contradicting one widens it") {
  Day day;
  day.look(0, "a");
  CHECK(day.look(10, "b@7 a") == "fresh +b[7..7]");
  // Stamped long before the look that did not show it: restored from an archive.
  CHECK(day.look(20, "c@-90 b@7 a") == "fresh +c[-90..20]");
  // Stamped after the look that showed it: somebody's clock is wrong.
  CHECK(day.look(30, "d@55 c@-90 b@7 a") == "fresh +d[20..55]");
}

TEST_CASE("a stamp inside the window makes even a baseline post judgeable") {
  Day day;
  CHECK(day.look(600, "a@590") == "fresh +a[590..590]b");
}

TEST_CASE("one missing post is believed when it is missing twice, with the time it can have gone") {
  Day day;
  day.look(0, "b a");
  CHECK(day.look(10, "c b a") == "fresh +c[0..10]");
  CHECK(day.look(20, "c b a") == "unchanged");
  CHECK(day.look(30, "b a") == "unchanged");
  CHECK(day.look(40, "b a") == "fresh -c[20..40]");
  CHECK(day.look(50, "b a") == "unchanged");
  CHECK(day.look(60, "c b a") == "fresh +c[0..10] ^c");
}

TEST_CASE("a post that goes while another comes is missed as well, and may come back") {
  Day day;
  day.look(0, "b a");
  day.look(10, "c b a");
  CHECK(day.look(20, "d b a") == "fresh +d[10..20]");
  CHECK(day.look(30, "d b a") == "fresh -c[10..30]");
  CHECK(day.look(40, "d b a") == "unchanged");
  CHECK(day.look(50, "e d c b a") == "fresh +e[40..50] +c[0..10] ^c");
}

TEST_CASE("known posts that vanish together are suspect until a second look agrees") {
  Day day;
  day.look(0, "c b a");
  CHECK(day.look(10, "a") == "suspect");
  CHECK(day.memory_.observed == midnight);  // a suspect look observes nothing
  CHECK(day.look(20, "c b a") == "unchanged");
  CHECK(day.look(30, "a") == "suspect");
  CHECK(day.look(40, "a") == "fresh -b[20..40] -c[20..40]");
}

TEST_CASE("an empty list after a full one never observes, however often it comes") {
  Day day;
  day.look(0, "b a");
  for (int minute = 10; minute < 60; minute += 10) CHECK(day.look(minute, "") == "suspect");
  CHECK(day.memory_.observed == midnight);
  CHECK(day.look(60, "c b a") == "fresh +c[0..60]");
}

TEST_CASE("an answer that was cut off observes nothing, whatever it shows or leaves out") {
  for (const ListKind kind : {ListKind::complete, ListKind::capped}) {
    Day day(kind);
    day.look(0, "d c b a");
    CHECK(day.look(10, "d c /") == "truncated");
    CHECK(day.look(20, "d c b a /") == "truncated");
    // Oldest first, so that what the cut takes is the newest.
    CHECK(day.look(30, "a b /") == "truncated");
    CHECK(day.look(40, "a b /") == "truncated");
    CHECK(day.memory_.observed == midnight);
    CHECK(day.look(50, "e d /") == "truncated +e[0..50]");
    CHECK(day.look(60, "e d c b a") == "unchanged");
    CHECK(day.look(70, "e d c b") == "unchanged");
    CHECK(day.memory_.observed == midnight + 70min);
  }
}

TEST_CASE("a first answer that was cut off is no baseline, and the rest of it is not new") {
  Day day(ListKind::capped);
  CHECK(day.look(0, "d c /") == "truncated +d[ever..0]b +c[ever..0]b");
  CHECK_FALSE(day.state_.has_baseline);
  CHECK(day.look(10, "d c b a") == "fresh +b[ever..10]b +a[ever..10]b");
  CHECK(day.look(20, "e d c b a") == "fresh +e[10..20]");
}

TEST_CASE("what a look that broke off did not reach is read by the next one") {
  Day day;
  day.look(0, "b a");
  CHECK(day.look(10, "h g ~") == "truncated +h[0..10] +g[0..10]");
  CHECK(day.wants_more_for("h g +"));
  CHECK(day.look(20, "h g f e b a") == "fresh +f[0..20] +e[0..20]");
  CHECK_FALSE(day.wants_more_for("h g +"));
  CHECK(day.look(30, "h f e b a") == "unchanged");
  CHECK(day.look(40, "h f e b a") == "fresh -g[20..40]");
}

TEST_CASE("two looks in a row that broke off make no baseline of what came meanwhile") {
  for (const ListKind kind : {ListKind::complete, ListKind::capped, ListKind::claimed_order}) {
    for (const char* cut : {"/", "~"}) {
      Day day(kind);
      day.look(0, "b a");
      day.look(10, "h g " + std::string(cut));
      INFO(static_cast<int>(kind) << " " << cut);
      CHECK(day.look(20, "h g f e " + std::string(cut)) == "truncated +f[0..20] +e[0..20]");
    }
  }
}

TEST_CASE("what a look that broke off showed stands on the list of the next one") {
  Day day;
  day.look(0, "b a");
  day.look(10, "d c ~");
  CHECK(day.look(20, "d c b a") == "unchanged");
  CHECK_FALSE(day.wants_more_for("d c +"));
  CHECK(day.look(30, "d b a") == "unchanged");
  CHECK(day.look(40, "d b a") == "fresh -c[20..40]");
}

TEST_CASE("what cannot be read is not missing") {
  Day day;
  day.look(0, "c b a");
  for (int minute = 10; minute < 50; minute += 10) {
    CHECK(day.look(minute, "? b a") == "unchanged");
    // So the next answer is compared, however equal its readable posts are.
    CHECK_FALSE(day.state_.list_digest);
  }
  CHECK(day.look(50, "c b a") == "unchanged");
  CHECK(day.look(60, "b a") == "unchanged");
  CHECK(day.look(70, "b a") == "fresh -c[50..70]");
}

TEST_CASE("an account that never posted is observed with an empty list") {
  Day day;
  CHECK(day.look(0, "") == "unchanged");
  CHECK(day.state_.has_baseline);
  CHECK(day.look(10, "a") == "fresh +a[0..10]");
}

TEST_CASE("an edit keeps the post's own time") {
  Day day;
  day.look(0, "a");
  day.look(10, "b a");
  CHECK(day.look(20, "b! a") == "fresh +b[0..10] ~b");
}

TEST_CASE("a post pushed off the end of a long list is not removed") {
  Day day;
  day.look(0, "d c b a +");
  CHECK(day.look(10, "f e d c +") == "fresh +f[0..10] +e[0..10]");
  CHECK(day.look(20, "f e d c +") == "unchanged");
  CHECK(day.look(30, "g f e d +") == "fresh +g[20..30]");
  // e is missing although d, which is older, is still listed.
  CHECK(day.look(40, "g f d c +") == "unchanged");
  CHECK(day.look(50, "g f d c +") == "fresh -e[30..50]");
}

TEST_CASE("an old pin on top hides no removal and fakes none") {
  Day day;
  day.look(0, "a* c b +");
  day.look(10, "a* e d c +");
  CHECK(day.look(20, "a* f e d +") == "fresh +f[10..20]");
  CHECK(day.look(30, "a* g f e +") == "fresh +g[20..30]");
  CHECK(day.look(40, "a* h g f +") == "fresh +h[30..40]");
}

TEST_CASE("an old post kept on top without a mark fakes no removal either") {
  Day day(ListKind::capped);
  day.look(0, "old c b a +");
  day.look(10, "old d c b +");
  day.look(20, "old e d c +");
  CHECK(day.look(30, "old f e d +") == "fresh +f[20..30]");
  CHECK(day.look(40, "old g f e +") == "fresh +g[30..40]");
  CHECK(day.look(50, "old h g f +") == "fresh +h[40..50]");
  // g goes while f, which is older and below it, stays.
  CHECK(day.look(60, "old h f e +") == "unchanged");
  CHECK(day.look(70, "old h f e +") == "fresh -g[50..70]");
}

TEST_CASE("an order that is not the server's proves no removal by leaving a post out") {
  for (const ListKind kind : {ListKind::claimed_order, ListKind::ranked}) {
    Day day(kind);
    day.look(0, "c b a +");
    day.look(10, "d c b a +");
    CHECK(day.look(20, "c b a +") == "unchanged");
    CHECK(day.look(30, "c b a +") == "unchanged");
  }
}

TEST_CASE(
    "a page of nothing known wants the next; the page limit truncates, and truncated never "
    "observes") {
  Day day;
  CHECK_FALSE(day.wants_more_for("b a +"));
  day.look(0, "b a +");
  CHECK(day.wants_more_for("f e d c +"));
  CHECK(day.wants_more_for("b* f e d +"));  // a pin is no overlap
  CHECK_FALSE(day.wants_more_for("d c b +"));
  CHECK_FALSE(day.wants_more_for("f e d c"));  // the list's end
  CHECK(day.look(10, "f e d c +", Purpose::routine, /*cut_short=*/true) ==
        "truncated +f[0..10] +e[0..10] +d[0..10] +c[0..10]");
  CHECK(day.memory_.observed == midnight);
}

TEST_CASE("a ranked list is read on until a page of it holds nothing new") {
  Day day(ListKind::ranked);
  CHECK(day.wants_more_for("c b a +"));
  day.look(0, "c b a");
  CHECK_FALSE(day.wants_more_for("b c a +"));
  CHECK(day.wants_more_for("b d c a +"));
  CHECK_FALSE(day.wants_more_for("b d c a"));
  // What it leaves out is not gone.
  CHECK(day.look(10, "b a") == "unchanged");
  CHECK(day.look(20, "b a") == "unchanged");
}

TEST_CASE("an empty page that has a successor is no end of the list") {
  Day day(ListKind::capped);
  CHECK(day.wants_more_for("+"));
  CHECK_FALSE(day.wants_more_for(""));
}

TEST_CASE("an ad appears all through the day of its delivery") {
  Post ad{.id = "1/2026-09-16", .surface = Surface::ad};
  ad.server_at = midnight;
  ad.server_precision = std::chrono::hours(24);
  const Interval seen =
      appeared_between(ad, midnight, midnight + std::chrono::minutes(5), Millis{0});
  CHECK(seen == Interval{midnight, midnight + std::chrono::hours(24) - Millis{1}});
  // So that one on the window's only day is inside it.
  Window window;
  window.span = window.certain = window.possible = {midnight, midnight + std::chrono::hours(24)};
  CHECK(covers(window, seen) == Ternary::yes);
}

TEST_CASE("a sweep reads to the frozen depth") {
  Day day;
  day.look(0, "d c b a +");
  day.look(10, "f e d c +");
  CHECK_FALSE(day.wants_more_for("f e d c +"));
  CHECK(day.wants_more_for("f e d c +", Purpose::sweep));  // six stood, four were read
  CHECK_FALSE(day.wants_more_for("f e d c b a +", Purpose::sweep));
}

TEST_CASE("a sweep that reads deeper than the baseline finds old posts, not new ones") {
  Day day;
  day.look(0, "b a +");
  CHECK(day.look(10, "c b +") == "fresh +c[0..10]");
  CHECK(day.look(20, "c b a z y +", Purpose::sweep) == "fresh +z[ever..20]b +y[ever..20]b");
  // Where the baseline had the whole list, what turns up below it was put there.
  Day whole(ListKind::claimed_order);
  whole.look(0, "b a");
  CHECK(whole.look(10, "b a y") == "fresh +y[0..10]");
}

TEST_CASE(
    "where the poster chooses the order, a post deeper than a page may always have been there") {
  Day day(ListKind::claimed_order);
  day.look(0, "d c b a");
  Day copy = day;
  CHECK(day.look(10, "d c y b a") == "fresh +y[0..10]");
  copy.first_page_ = 2;
  CHECK(copy.look(10, "d c y b a") == "fresh +y[ever..10]");
}

TEST_CASE("at the end of a capped list a post is new if the list grew, unknown if it did not") {
  Day grew(ListKind::capped);
  grew.look(0, "b a");
  CHECK(grew.look(10, "b a y") == "fresh +y[0..10]");
  Day full(ListKind::capped);
  full.look(0, "c b a");
  CHECK(full.look(10, "b a y") == "fresh +y[ever..10]");
}

TEST_CASE("where the poster chooses the order, the baseline wants the whole list") {
  CHECK(Day(ListKind::claimed_order).wants_more_for("b a +"));
  CHECK_FALSE(Day(ListKind::claimed_order).wants_more_for("b a"));
  CHECK_FALSE(Day(ListKind::complete).wants_more_for("b a +"));
}

TEST_CASE("an answer's age is the greatest of Age, our clock less Date, and the lag") {
  const auto effective_s = [](std::optional<std::string_view> date,
                              std::optional<std::string_view> age, Millis lag) {
    HttpResponse response;
    response.received = *parse_rfc3339("2020-09-16T12:00:10Z");
    if (date) response.headers.add("Date", *date);
    if (age) response.headers.add("Age", *age);
    return (response.received - age_of(response, lag).effective) / 1s;
  };
  CHECK(effective_s(std::nullopt, std::nullopt, 0s) == 0);
  CHECK(effective_s("Wed, 16 Sep 2020 12:00:10 GMT", std::nullopt, 0s) == 0);
  CHECK(effective_s("Wed, 16 Sep 2020 12:00:00 GMT", std::nullopt, 0s) == 10);
  CHECK(effective_s("Wed, 16 Sep 2020 12:00:10 GMT", "900", 0s) == 900);
  CHECK(effective_s("Wed, 16 Sep 2020 12:00:00 GMT", "3", 45s) == 45);
  CHECK(effective_s("Wed, 16 Sep 2020 13:00:00 GMT", std::nullopt, 0s) ==
        0);  // a server ahead makes nothing younger
  CHECK(effective_s("yesterday", "-5", 0s) == 0);
  CHECK(effective_s("yesterday", "5x", 0s) == 0);
  CHECK(effective_s(std::nullopt, "999999999999", 0s) == 31'536'000);
}

TEST_CASE("an answer from before the last one is stale, the same second is not") {
  Memory memory;
  memory.answered = midnight + 10min;
  CHECK(is_stale(memory, midnight + 9min));
  CHECK_FALSE(is_stale(memory, midnight + 10min - 1s));
  CHECK_FALSE(is_stale(memory, midnight + 11min));
}
