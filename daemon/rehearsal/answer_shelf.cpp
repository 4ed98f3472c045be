#include "daemon/rehearsal/answer_shelf.h"

#include <algorithm>

#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

// Of all bodies together; what is beyond it is rendered anew.
constexpr std::size_t shelf_bytes_max = 256u << 20u;

}  // namespace

const HttpResponse& AnswerShelf::answer(const SimAccount& account, const std::string& address,
                                        Instant now, const std::function<HttpResponse()>& render,
                                        Counters counters) {
  return answer(address, now, render, [&] { return settled_until(account, now, counters); });
}

const HttpResponse& AnswerShelf::answer(const std::string& address, Instant now,
                                        const std::function<HttpResponse()>& render,
                                        const std::function<Instant()>& until) {
  const auto [it, added] = kept_.try_emplace(address);
  Kept& kept = it->second;
  if (!added && kept.valid.contains(now)) return kept.response;
  bytes_ -= kept.response.body.size();
  kept.response = render();
  kept.valid = {now, until()};
  bytes_ += kept.response.body.size();
  if (bytes_ <= shelf_bytes_max) return kept.response;
  auto last = kept_.extract(it);
  kept_.clear();
  bytes_ = last.mapped().response.body.size();
  return kept_.insert(std::move(last)).position->second.response;
}

Instant settled_until(const SimAccount& account, Instant now, Counters counters) {
  Instant until = Instant::max();
  const auto note = [&](Instant at) {
    if (at > now) until = std::min(until, at);
  };
  for (const SimPost& post : account.posts) {
    note(post.created);
    for (const std::optional<Instant>& at : {post.deleted, post.edited, post.pinned})
      if (at) note(*at);
    if (counters == Counters::shown && stands(post, now)) note(counters_move(post, now));
  }
  for (const Spell& spell : account.spells) {
    note(spell.span.start);
    note(spell.span.end);
  }
  return until;
}

}  // namespace pw
