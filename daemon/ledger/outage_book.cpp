#include "daemon/ledger/outage_book.h"

#include "daemon/ledger/coverage.h"

namespace pw {
namespace {

// What a look was to find out, it found out; or the fault is the one account's own.
bool is_answered(Outcome outcome) {
  return observes(outcome) || says_unavailable(outcome) || outcome == Outcome::truncated ||
         outcome == Outcome::renamed || outcome == Outcome::other_account ||
         outcome == Outcome::not_visible;
}

}  // namespace

std::size_t OutageBook::place_of(const std::string& connector) {
  const auto [it, is_new] = places_.try_emplace(connector, steps_.size());
  if (is_new) steps_.emplace_back();
  return it->second;
}

void OutageBook::add(std::size_t place, Instant received, Outcome outcome) {
  Steps& steps = steps_[place];
  const std::int64_t at = ms_of(received) / outage_step.count();
  // Looks come in order, nearly always.
  const auto it = !steps.empty() && steps.rbegin()->first == at ? std::prev(steps.end())
                                                                : steps.try_emplace(at).first;
  ++it->second.looks;
  it->second.blind += is_answered(outcome) ? 0 : 1;
}

bool OutageBook::is_blind(const Step& step) {
  return step.looks >= outage_looks_min && 100 * step.blind >= outage_blind_percent * step.looks;
}

// Beside all other connectors in the same step.
OutageKind OutageBook::kind_at(std::size_t place, std::int64_t at) const {
  Step others;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const auto it = steps_[i].find(at);
    if (i == place || it == steps_[i].end()) continue;
    others.looks += it->second.looks;
    others.blind += it->second.blind;
  }
  if (others.looks < outage_looks_min) return OutageKind::alone;
  return is_blind(others) ? OutageKind::everything : OutageKind::connector;
}

std::vector<Outage> OutageBook::outages() const {
  std::vector<Outage> all;
  for (const auto& [connector, place] : places_) {
    std::int64_t next = INT64_MIN;
    for (const auto& [at, step] : steps_[place]) {
      if (!is_blind(step)) continue;
      const OutageKind kind = kind_at(place, at);
      const Instant start = instant_of_ms(at * outage_step.count());
      const bool goes_on = at == next && !all.empty() && all.back().kind == kind;
      next = at + 1;
      if (!goes_on && all.size() == outages_max) return all;
      if (!goes_on) all.push_back({connector, kind, {start, start}, 0, 0});
      all.back().span.end = start + outage_step;
      all.back().blind += step.blind;
      all.back().looks += step.looks;
    }
  }
  return all;
}

}  // namespace pw
