#include "daemon/rehearsal/script.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform_form.h"
#include "daemon/rehearsal/random.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using std::chrono::days;
using std::chrono::hours;

bool reposts(const SimAccount& account) {
  return account.platform == "mastodon" || account.platform == "bluesky";
}

// One account's hour on the stage.
class Scene {
 public:
  Scene(const Stage& stage, SimAccount& account, Dice dice)
      : stage_(stage), account_(account), dice_(dice), serial_(dice_.next() >> 16) {}

  const Stage& stage() const { return stage_; }
  SimAccount& account() { return account_; }
  Dice& dice() { return dice_; }
  const Rhythm& rhythm() const { return rhythm_of(account_, stage_.rhythm); }
  Millis gap() const { return rhythm().gap; }
  Instant start() const { return window().start; }
  Instant end() const { return window().end; }

  // Between two parts of the window, and never near its edges, as far as it is long
  // enough for that.
  Instant within(double from, double to) {
    const Millis edge = std::min(2 * gap(), (end() - start()) / 4);
    const double length = static_cast<double>((end() - start() - 2 * edge).count());
    const auto least = static_cast<std::int64_t>(std::max(0.0, length * from));
    const auto most = static_cast<std::int64_t>(std::max(0.0, length * to));
    return start() + edge + Millis(dice_.between(least, std::max(least, most)));
  }

  SimPost& post(Instant created, std::string text) {
    SimPost post;
    post.serial = serial_++;
    post.created = created;
    post.declared = created;
    post.text = std::move(text);
    account_.posts.push_back(std::move(post));
    return account_.posts.back();
  }
  SimPost& post(Instant created) { return post(created, everyday_text(dice_)); }
  SimPost& statement(Instant created) {
    SimPost& said = post(created, statement_text(stage_.hashtag));
    said.statement = true;
    return said;
  }

 private:
  const Interval& window() const {
    return account_.pledge ? account_.pledge->window : stage_.window;
  }

  const Stage& stage_;
  SimAccount& account_;
  Dice dice_;
  std::uint64_t serial_;
};

void play_history(Scene& scene) {
  const std::int64_t count = scene.dice().between(5, 9);
  // A bot is told nothing of a channel that has said nothing for a day.
  const Millis apart = scene.account().platform == "telegram" ? Millis(hours(7)) : Millis(days(2));
  for (std::int64_t i = 0; i < count; ++i) {
    const Millis before =
        apart * (count - i) + Millis(scene.dice().between(0, 86'000'000)) % (apart - hours(1));
    SimPost& post = scene.post(scene.start() - before);
    // An old ad is one that was stopped.
    if (scene.account().platform == "facebook_ads") post.deleted = post.created + hours(20);
    if (scene.account().platform == "instagram" && scene.dice().chance(30)) {
      post.surface = Surface::reel;
    } else if (reposts(scene.account()) && scene.dice().chance(20)) {
      post.surface = Surface::repost;
    }
  }
}

void play_quiet(Scene&) {}

void play_breaks(Scene& scene) { scene.post(scene.within(0.05, 0.95)); }

void play_reel(Scene& scene) { scene.post(scene.within(0.05, 0.95)).surface = Surface::reel; }

void play_album(Scene& scene) { scene.post(scene.within(0.05, 0.95)).media = "album"; }

void play_chatty(Scene& scene) {
  for (const double part : {0.1, 0.4, 0.7}) scene.post(scene.within(part, part + 0.2));
}

// Two accounts of one actor say it at nearly the same time.
void play_statement(Scene& scene) {
  Dice shared = Dice(scene.stage().seed).fork(scene.account().actor);
  const double part = static_cast<double>(shared.between(20, 60)) / 100;
  const Millis apart(scene.dice().between(0, 2000));
  scene.statement(scene.within(part, part) + apart);
}

void play_twice(Scene& scene) {
  scene.statement(scene.within(0.05, 0.2));
  scene.statement(scene.within(0.6, 0.9));
}

// More posts between two looks than a page holds.
void play_burst(Scene& scene, int posts) {
  const Instant first = scene.within(0.3, 0.6);
  for (int i = 0; i < posts; ++i) scene.post(first + Millis(80 * i));
}

void play_ig_burst(Scene& scene) { play_burst(scene, 14); }

void play_thread(Scene& scene) {
  const std::size_t before = scene.account().posts.size();
  play_burst(scene, 24);
  std::vector<SimPost>& posts = scene.account().posts;
  for (std::size_t i = before + 1; i < posts.size(); ++i) posts[i].answers_own = true;
}

void play_quick(Scene& scene) {
  SimPost& post = scene.post(scene.within(0.2, 0.8));
  post.deleted = post.created + scene.rhythm().interval / 4;
}

void play_later(Scene& scene) {
  SimPost& post = scene.post(scene.within(0.05, 0.25));
  post.deleted = post.created + 5 * scene.gap();
}

void play_edits(Scene& scene) {
  SimPost& old = scene.account().posts.back();
  old.edited = scene.within(0.2, 0.8);
  old.edited_text = old.text + " (corrected)";
}

void play_pins(Scene& scene) { scene.account().posts.front().pinned = scene.within(0.2, 0.8); }

// Two old posts go at once: to a careful watcher that looks like a broken list.
void play_removes(Scene& scene) {
  const Instant gone = scene.within(0.2, 0.6);
  scene.account().posts[1].deleted = gone;
  scene.account().posts[2].deleted = gone;
}

// Taken out of the archive: public again, under its old time.
void play_restored(Scene& scene) {
  SimPost& post = scene.post(scene.within(0.2, 0.8));
  post.declared = scene.start() - hours(6);
}

// On either side of both edges, as near as the looks can still tell apart.
void play_edges(Scene& scene) {
  const Millis away = scene.gap() + Millis(scene.dice().between(1000, 1500));
  if (server_stamps(scene.account().platform)) scene.post(scene.start() - away);
  scene.post(scene.start() + away);
  scene.post(scene.end() - away);
  scene.post(scene.end() + away);
}

void play_afterwards(Scene& scene) {
  scene.post(scene.end() + scene.gap() + Millis(scene.dice().between(1000, 3000)));
}

// What others said, without words of one's own and with them.
void play_shares(Scene& scene) {
  scene.post(scene.within(0.1, 0.5)).surface = Surface::repost;
  if (has_quotes(scene.account().platform)) scene.post(scene.within(0.6, 0.9)).quotes = true;
}

// The second one quotes somebody, and is a reply all the same.
void play_replies(Scene& scene) {
  for (const double part : {0.1, 0.6}) {
    scene.post(scene.within(part, part + 0.2)).surface = Surface::reply;
  }
  scene.account().posts.back().quotes = has_quotes(scene.account().platform);
}

void play_backdated(Scene& scene) {
  SimPost& post = scene.post(scene.within(0.1, 0.4));
  post.declared = post.created - (scene.account().platform == "bluesky" ? days(365) : days(30));
}

void play_postdated(Scene& scene) {
  SimPost& post = scene.post(scene.within(0.1, 0.4));
  post.declared = post.created + days(2);
}

void play_undated(Scene& scene) { scene.post(scene.within(0.1, 0.4)).declared = Instant{}; }

// Ads are judged by their delivery: one of before that goes on, one that is stopped too
// late, and one that is stopped in time and followed by another afterwards.
void play_runs_on(Scene& scene) { scene.post(scene.start() - days(5)); }

void play_stops_late(Scene& scene) {
  scene.post(scene.start() - days(5)).deleted = scene.within(0.3, 0.6);
}

void play_pauses(Scene& scene) {
  scene.post(scene.start() - days(5)).deleted = scene.start() - hours(30);
  scene.post(scene.end() + hours(30));
}

void spell(Scene& scene, SpellKind kind, Instant from, Instant to) {
  scene.account().spells.push_back({kind, {from, to}, {}});
}

Instant long_after(const Scene& scene) { return scene.end() + days(30); }

void play_renamed(Scene& scene) {
  scene.post(scene.within(0.05, 0.3));
  spell(scene, SpellKind::renamed, scene.within(0.7, 0.75), long_after(scene));
  scene.account().spells.back().new_handle = scene.account().name + ".2";
}

// Never visible, whatever it posts.
void play_hidden(Scene& scene) {
  scene.post(scene.within(0.2, 0.8));
  spell(scene, SpellKind::not_visible, scene.start() - days(30), long_after(scene));
}

void play_suspended(Scene& scene) {
  scene.post(scene.within(0.05, 0.2));
  spell(scene, SpellKind::suspended, scene.within(0.65, 0.7), long_after(scene));
}

void play_returns(Scene& scene) {
  const Instant gone = scene.within(0.2, 0.25);
  spell(scene, SpellKind::suspended, gone, gone + 3 * scene.gap());
}

struct RoleRow {
  std::string_view role;
  void (*play)(Scene&);
};

constexpr std::array role_rows = {
    RoleRow{"quiet", play_quiet},
    RoleRow{"breaks", play_breaks},
    RoleRow{"reel", play_reel},
    RoleRow{"album", play_album},
    RoleRow{"chatty", play_chatty},
    RoleRow{"statement", play_statement},
    RoleRow{"twice", play_twice},
    RoleRow{"burst", play_ig_burst},
    RoleRow{"thread", play_thread},
    RoleRow{"quick", play_quick},
    RoleRow{"later", play_later},
    RoleRow{"edits", play_edits},
    RoleRow{"pins", play_pins},
    RoleRow{"removes", play_removes},
    RoleRow{"restored", play_restored},
    RoleRow{"edges", play_edges},
    RoleRow{"afterwards", play_afterwards},
    RoleRow{"shares", play_shares},
    RoleRow{"replies", play_replies},
    RoleRow{"backdated", play_backdated},
    RoleRow{"postdated", play_postdated},
    RoleRow{"undated", play_undated},
    RoleRow{"renamed", play_renamed},
    RoleRow{"hidden", play_hidden},
    RoleRow{"suspended", play_suspended},
    RoleRow{"returns", play_returns},
    RoleRow{"runs_on", play_runs_on},
    RoleRow{"stops_late", play_stops_late},
    RoleRow{"pauses", play_pauses},
};

std::string media_of(const SimAccount& account, const SimPost& post) {
  if (!post.media.empty() || account.platform != "instagram") return post.media;
  return post.surface == Surface::reel ? "video" : "image";
}

// Old posts stand in the order in which they were made, and a thread hangs on
// the post before.
void finish(SimAccount& account) {
  std::stable_sort(account.posts.begin(), account.posts.end(),
                   [](const SimPost& a, const SimPost& b) { return a.created < b.created; });
  std::string before;
  std::erase_if(account.posts,
                [&](const SimPost& post) { return !surface_on(account.platform, post); });
  for (std::size_t i = 0; i < account.posts.size(); ++i) {
    SimPost& post = account.posts[i];
    post.surface = *surface_on(account.platform, post);
    post.id = post_id_on(account, post, i);
    post.media = media_of(account, post);
    if (post.answers_own) post.answers = before;
    if (post.surface == Surface::reply) post.answers = mint::snowflake(post.created - hours(1), 7);
    before = post.id;
  }
}

}  // namespace

void play(const Stage& stage, std::vector<SimAccount>& accounts) {
  for (SimAccount& account : accounts) {
    Scene scene(stage, account, Dice(stage.seed).fork(account.platform + ':' + account.name));
    play_history(scene);
    const auto row = std::find_if(role_rows.begin(), role_rows.end(),
                                  [&](const RoleRow& r) { return r.role == account.role; });
    assert(row != role_rows.end() && "a role that nobody can play");
    row->play(scene);
    finish(account);
  }
}

std::vector<std::string> role_names() {
  std::vector<std::string> names;
  for (const RoleRow& row : role_rows) names.emplace_back(row.role);
  return names;
}

}  // namespace pw
