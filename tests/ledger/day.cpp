#include "tests/ledger/day.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

const Instant midnight = *parse_rfc3339("2020-09-16T00:00:00Z");

// "12:05" or "12:05:30", after the day's midnight.
Instant time_of(const std::string& text) {
  const int h = std::stoi(text.substr(0, 2));
  const int m = std::stoi(text.substr(3, 2));
  const int s = text.size() > 5 ? std::stoi(text.substr(6, 2)) : 0;
  return midnight + Millis{((h * 60 + m) * 60 + s) * 1000};
}

Interval span_of(const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos) return {time_of(text), time_of(text)};
  return {time_of(text.substr(0, dots)), time_of(text.substr(dots + 2))};
}

std::string digest_name(const std::string& text) { return print_hex(sha256(text)); }

class Reader {
 public:
  explicit Reader(const std::string& script) {
    base();
    std::istringstream commands(script);
    for (std::string command; std::getline(commands, command, ';');) read(command);
    std::stable_sort(timed_.begin(), timed_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Entry campaign =
        CampaignEntry{start_, false, "", "", "freeze", "test", sha256("first"), {}, {}};
    day_.entries.push_back(std::move(campaign));
    for (auto& [t, entry] : timed_) day_.entries.push_back(std::move(entry));
  }
  Day take() { return std::move(day_); }

 private:
  void base() {
    Terms& t = day_.terms;
    t.campaign = "freeze";
    t.gap_ceiling = Millis{75 * 60'000};
    t.sweep = Millis{3'600'000};
    t.sweep_again = Millis{24 * 3'600'000};
    t.closes = Millis{72 * 3'600'000};
    const Interval window{time_of("10:00"), time_of("20:00")};
    Pledge pledge;
    pledge.actor = "Ann";
    pledge.status = PledgeStatus::confirmed;
    pledge.windows = {{window, window, window, "UTC", false, Millis{0}}};
    pledge.surfaces = {Surface::post, Surface::story};
    t.pledges = {pledge};
    AccountTerms account;
    account.account = {1, 0, "instagram", "ann", "", "17"};
    account.gap_max = Millis{30 * 60'000};
    account.sees = {Surface::post, Surface::reel};
    t.accounts = {account};
  }

  void read(const std::string& command) {
    std::istringstream words(command);
    std::vector<std::string> w;
    for (std::string word; words >> word;) w.push_back(word);
    if (w.empty()) return;
    const std::string& verb = w[0];
    if (verb == "look" || verb == "sweep" || verb == "again" || verb == "skip") return looks(w);
    if (verb == "find") return finding(w);
    if (verb == "review") return review(w);
    if (verb == "amend") return amend(w);
    setting(w);
  }

  void setting(const std::vector<std::string>& w) {
    AccountTerms& account = day_.terms.accounts[0];
    Pledge& pledge = day_.terms.pledges[0];
    if (w[0] == "lag")
      account.lag = *parse_duration(w[1]);
    else if (w[0] == "promise")
      account.gap_max = *parse_duration(w[1]);
    else if (w[0] == "unpinned")
      account.account.id.clear();
    else if (w[0] == "pin")
      put(time_of(w[1]), PinEntry{1, {}, time_of(w[1])});
    else if (w[0] == "unproved")
      account.list_proves = false;
    else if (w[0] == "backdatable")
      account.hides_backdated = true;
    else if (w[0] == "blind")
      account.sees = {Surface::reel};
    else if (w[0] == "rumoured")
      pledge.status = PledgeStatus::rumoured;
    else if (w[0] == "late")
      start_ = time_of("10:01");
    else if (w[0] == "unknown")
      day_.has_unknown = true;
    else if (w[0] == "clock")
      clock_ = Millis{std::stoi(w[1])};
    else if (w[0] == "now")
      day_.now = time_of(w[1]);
    else if (w[0] == "assumed") {
      start_ = time_of("02:00");
      pledge.windows[0].zone_assumed = true;
      pledge.windows[0].possible = {time_of("04:00"), time_of("26:00")};
    } else if (w[0] == "exempt") {
      Exemption exemption{{}, span_of(w[1]), "contract"};
      if (w.size() > 2) exemption.surfaces.add(*parse_surface(w[2]));
      pledge.exemptions.push_back(exemption);
    } else {
      throw std::invalid_argument("no such setting: " + w[0]);
    }
  }

  void looks(const std::vector<std::string>& w) {
    const std::size_t slash = w[1].find('/');
    const Interval span = span_of(w[1].substr(0, slash));
    const Millis step = slash == w[1].npos ? Millis{1} : *parse_duration(w[1].substr(slash + 1));
    for (Instant t = span.start; t <= span.end; t += step) {
      Look look;
      look.account = 1;
      look.outcome = w.size() > 2 ? *parse_outcome(w[2]) : Outcome::unchanged;
      if (w[0] == "sweep") look.purpose = Purpose::sweep;
      if (w[0] == "again") look.purpose = Purpose::sweep_again;
      if (w[0] == "skip") look.outcome = Outcome::fresh;
      if (w[0] == "skip") look.posts_skipped = 1;
      look.effective = look.received = t;
      look.http_status = 200;
      look.clock_offset = clock_;
      put(t, LooksEntry{{look}});
    }
  }

  void finding(const std::vector<std::string>& w) {
    Finding f;
    f.id = w[1];
    f.account = 1;
    f.post_id = digest_name(w[1]);
    f.appeared = span_of(w[2]);
    Surface surface = Surface::post;
    for (std::size_t i = 3; i < w.size(); ++i) {
      if (const auto severity = parse_severity(w[i]))
        f.severity = *severity;
      else if (const auto mode = parse_mode(w[i]))
        f.mode = *mode;
      else
        surface = *parse_surface(w[i]);
    }
    put(f.appeared.end, PostEntry{1, PostEvent::appeared, {}, f.post_id, surface, f.appeared});
    put(f.appeared.end, FindingEntry{f, f.appeared.end});
  }

  void review(const std::vector<std::string>& w) {
    const FindingState decision = *parse_finding_state(w[2]);
    const FindingState state = w.size() > 4 ? *parse_finding_state(w[4]) : decision;
    const Instant t = time_of("22:00");
    put(t, ReviewEntry{w[3], w[1], decision, state, {}, t});
  }

  void amend(const std::vector<std::string>& w) {
    const Instant t = time_of(w[1]);
    const std::string name = w.size() > 2 ? w[2] : "same";
    put(t, CampaignEntry{t, true, "bob", "because", "freeze", "test", sha256(name), {}, {}});
  }

  void put(Instant t, Entry entry) { timed_.emplace_back(t, std::move(entry)); }

  Day day_;
  Instant start_ = time_of("08:00");
  std::optional<Millis> clock_;
  std::vector<std::pair<Instant, Entry>> timed_;
};

// "gone": without the account. "new": a second one, and a looser promise.
Terms amended(const Terms& first, const Digest& digest) {
  Terms terms = first;
  if (digest == sha256("gone")) terms.accounts.clear();
  if (digest == sha256("new")) {
    terms.accounts.push_back(terms.accounts[0]);
    terms.accounts[1].account.number = 2;
    terms.accounts[0].gap_max = Millis{9 * 3'600'000};
  }
  return terms;
}

}  // namespace

Day parse_day(const std::string& script) { return Reader(script).take(); }

Judgement judge_day(const Day& day, std::unique_ptr<Shelf> shelf) {
  Judge judge([&](const Digest& digest) -> Result<Terms> { return amended(day.terms, digest); },
              std::move(shelf));
  std::uint64_t leaf = 0;
  for (const Entry& entry : day.entries) judge.add(leaf++, entry);
  if (day.has_unknown) judge.add_unknown(leaf, "an entry of unknown type 'confession'");
  return day.now ? judge.judge(*day.now) : judge.judge();
}

std::string verdict_line(const Judgement& judgement) {
  if (judgement.accounts.empty()) {
    return judgement.actors.empty() ? "nobody" : std::string(name_of(judgement.actors[0].standing));
  }
  const AccountVerdict& v = judgement.accounts[0];
  if (v.standing != Standing::judged) return std::string(name_of(v.standing));
  std::string line(name_of(v.verdict));
  if (v.verdict == Verdict::kept) line += v.final ? " final" : " provisional";
  if (v.verdict == Verdict::kept || v.verdict == Verdict::unproven) {
    line +=
        " N=" + std::to_string(v.coverage.looks) + " D=" + print_span_up(v.coverage.longest_gap);
  }
  if (v.verdict == Verdict::unproven) {
    line += ':';
    for (const Missing missing : v.missing) line += ' ' + std::string(name_of(missing));
  }
  return line;
}

}  // namespace pw
