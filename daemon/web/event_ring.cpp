#include "daemon/web/event_ring.h"

#include <algorithm>

#include "daemon/web/target.h"

namespace pw {
namespace {

constexpr std::uint64_t place_max = 1ull << 53;
constexpr std::size_t run_bytes_max = 32;

std::string print_event(std::string_view name, const std::string& run, std::uint64_t number,
                        std::string_view data) {
  std::string text =
      "event: " + std::string(name) + "\nid: " + run + '-' + std::to_string(number) + "\ndata: ";
  text += data;
  return text + "\n\n";
}

}  // namespace

std::optional<EventPlace> parse_event_place(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos || dash == 0 || dash > run_bytes_max) return std::nullopt;
  const std::string_view run = text.substr(0, dash);
  const bool plain = std::all_of(run.begin(), run.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  const auto after = parse_count(text.substr(dash + 1), place_max);
  if (!plain || !after) return std::nullopt;
  return EventPlace{std::string(run), *after};
}

void EventRing::push(std::string_view event, std::string_view data, Role least) {
  events_.push_back({print_event(event, run_, newest() + 1, data), least});
  bytes_ += events_.back().text.size();
  // One event larger than the whole ring stays: it is what readers wait for.
  while (events_.size() > 1 &&
         (events_.size() > limits_.events_max || bytes_ > limits_.bytes_max)) {
    bytes_ -= events_.front().text.size();
    events_.pop_front();
    ++first_;
  }
}

EventRing::Batch EventRing::read(std::uint64_t after, Role role, std::size_t bytes_max) const {
  Batch batch;
  batch.after = after;
  if (after > newest() || after + 1 < first_) {
    // A place that is not ours yet came from nobody who read here.
    batch.dropped = after > newest() ? 1 : first_ - 1 - after;
    batch.after = newest();
    return batch;
  }
  for (std::size_t i = static_cast<std::size_t>(after + 1 - first_); i < events_.size(); ++i) {
    const Event& event = events_[i];
    if (!batch.text.empty() && batch.text.size() + event.text.size() > bytes_max) break;
    if (role >= event.least) batch.text += event.text;
    batch.after = first_ + i;
  }
  return batch;
}

std::string EventRing::snapshot(std::string_view data) const {
  return print_event("snapshot", run_, newest(), data);
}

}  // namespace pw
