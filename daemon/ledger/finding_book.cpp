#include "daemon/ledger/finding_book.h"

#include <algorithm>

#include "daemon/ledger/note_bytes.h"

namespace pw {
namespace {

// More reviewers of one finding than any campaign has: a hostile log must not
// take memory for each.
constexpr std::size_t reviewers_max = 1000;

Ternary covered_by(const Exemption& exemption, Interval appeared) {
  if (appeared.start >= exemption.span.start && appeared.end < exemption.span.end) {
    return Ternary::yes;
  }
  const bool apart = appeared.end < exemption.span.start || appeared.start >= exemption.span.end;
  return apart ? Ternary::no : Ternary::unknown;
}

}  // namespace

std::string FindingBook::print_case(const Case& c) {
  NoteBytes note;
  note.add(c.post).add(c.appeared).add(c.counts).add(c.state);
  for (const auto& [reviewer, decision] : c.words) note.add(decision).add_text(reviewer);
  return note.bytes();
}

FindingBook::Case FindingBook::read_case(std::string_view bytes) {
  NoteReader note(bytes);
  Case c;
  note.take(c.post);
  note.take(c.appeared);
  note.take(c.counts);
  note.take(c.state);
  while (!note.at_end()) {
    FindingState decision = FindingState::open;
    note.take(decision);
    c.words.emplace(note.take_text(), decision);
  }
  return c;
}

void FindingBook::note_finding(const FindingEntry& entry) {
  const Finding& finding = entry.finding;
  const Digest id = sha256(finding.id);
  if (shelf_.find(Shelves::finding_accounts, 0, id)) return;
  shelf_.put(Shelves::finding_accounts, 0, id, NoteBytes().add(finding.account).bytes());
  Case c;
  c.post = post_name(finding.post_id);
  c.appeared = finding.appeared;
  c.counts = finding.severity == Severity::breach && finding.mode == Mode::alert;
  // Open until people have spoken, whatever the entry says of itself.
  c.state = FindingState::open;
  shelf_.put(Shelves::findings, finding.account, id, print_case(c));
  accounts_.insert(finding.account);
}

bool FindingBook::note_review(const ReviewEntry& entry) {
  const Digest id = sha256(entry.finding);
  const auto owner = shelf_.find(Shelves::finding_accounts, 0, id);
  if (!owner) return false;
  if (!entry.act.empty()) return true;
  AccountNumber account = 0;
  NoteReader(*owner).take(account);
  const auto note = shelf_.find(Shelves::findings, account, id);
  if (!note) return false;  // the shelf has failed
  Case c = read_case(*note);
  c.state = entry.state;
  if (c.words.size() < reviewers_max || c.words.contains(entry.reviewer))
    c.words[entry.reviewer] = entry.decision;
  shelf_.put(Shelves::findings, account, id, print_case(c));
  return true;
}

FindingTally FindingBook::tally(AccountNumber account, const Window& window, Instant from,
                                const Pledge& pledge, int publish_needs, Millis clock_doubt,
                                const PostBook& posts) const {
  FindingTally tally;
  if (!accounts_.contains(account)) return tally;
  shelf_.each(Shelves::findings, account, [&](std::string_view note) {
    const Case c = read_case(note);
    const Interval appeared{c.appeared.start - clock_doubt, c.appeared.end + clock_doubt};
    const Ternary inside = covers(window, appeared);
    if (inside == Ternary::no || appeared.end < from) return;
    if (!c.counts) {
      ++tally.quieter;
      return;
    }
    const bool is_doubted = clock_doubt > Millis{0} && inside == Ternary::unknown;
    const Ternary exempt = exempted(account, c, pledge, posts);
    count(tally, c, exempt == Ternary::no && is_doubted ? Ternary::unknown : exempt, publish_needs);
  });
  return tally;
}

void FindingBook::count(FindingTally& tally, const Case& c, Ternary exempt, int publish_needs) {
  if (exempt == Ternary::yes) {
    ++tally.exempted;
    return;
  }
  const auto confirms = [](const auto& word) { return word.second == FindingState::confirmed; };
  const auto confirmers = std::count_if(c.words.begin(), c.words.end(), confirms);
  FindingState state = c.state;
  // The log's word alone does not confirm: the people are counted again.
  if (state == FindingState::confirmed && confirmers < std::max(1, publish_needs)) {
    state = FindingState::open;
  }
  ++tally.breaches[static_cast<std::size_t>(state)];
  if (state == FindingState::open) ++tally.awaiting;
  if (state != FindingState::confirmed) return;
  ++(exempt == Ternary::unknown ? tally.unclear : tally.standing);
}

Ternary FindingBook::exempted(AccountNumber account, const Case& c, const Pledge& pledge,
                              const PostBook& posts) {
  Ternary answer = Ternary::no;
  for (const Exemption& exemption : pledge.exemptions) {
    Ternary covered = covered_by(exemption, c.appeared);
    if (covered == Ternary::no) continue;
    if (!exemption.surfaces.empty()) {
      const std::optional<Surface> surface = posts.surface(account, c.post);
      if (!surface)
        covered = Ternary::unknown;
      else if (!exemption.surfaces.has(*surface))
        continue;
    }
    if (covered == Ternary::yes) return Ternary::yes;
    answer = Ternary::unknown;
  }
  return answer;
}

}  // namespace pw
