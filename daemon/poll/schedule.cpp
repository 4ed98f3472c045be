#include "daemon/poll/schedule.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>

namespace pw {
namespace {

constexpr std::uint32_t no_lane = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::uint32_t Schedule::add_lane(std::vector<Budget> budgets, std::vector<std::string> apps) {
  assert(!budgets.empty());
  Lane lane;
  for (const Budget& budget : budgets) lane.meters.emplace_back(budget);
  apps.resize(budgets.size());
  lane.apps = std::move(apps);
  lane.position = order_.size();
  const auto index = static_cast<std::uint32_t>(lanes_.size());
  lanes_.push_back(std::move(lane));
  order_.push_back(index);
  sift(order_.size() - 1);
  return index;
}

void Schedule::add(std::uint32_t account, std::uint32_t lane, Tick due) {
  if (account >= lane_of_.size()) {
    lane_of_.resize(account + 1, no_lane);
    due_of_.resize(account + 1, tick_never);
  }
  lane_of_[account] = lane;
  put_back(account, due);
}

void Schedule::remove(std::uint32_t account) {
  // Its entry stays in the heap until it comes up: removal is rare.
  const std::uint32_t lane = lane_of_[account];
  lane_of_[account] = no_lane;
  if (lane != no_lane) refresh(lane);
}

void Schedule::put_back(std::uint32_t account, Tick due) {
  const std::uint32_t index = lane_of_[account];
  if (index == no_lane) return;  // removed while its look was under way
  Lane& lane = lanes_[index];
  due_of_[account] = due;
  lane.heap.push_back({due, account});
  std::push_heap(lane.heap.begin(), lane.heap.end(), std::greater<>());
  refresh(index);
}

bool Schedule::hasten(std::uint32_t account, Tick due) {
  if (account >= due_of_.size() || lane_of_[account] == no_lane) return false;
  if (due_of_[account] == tick_never) return false;
  // The entry that it had stays in the heap until it comes up, and counts no more.
  if (due < due_of_[account]) put_back(account, due);
  return true;
}

void Schedule::move(std::uint32_t account, Tick due) {
  if (account >= due_of_.size() || lane_of_[account] == no_lane) return;
  if (due_of_[account] != tick_never && due_of_[account] != due) put_back(account, due);
}

std::optional<Turn> Schedule::take_spare(std::uint32_t index, Tick now) {
  Lane& lane = lanes_[index];
  const std::uint32_t meter = freest(lane);
  if (lane.meters[meter].free_at() > now) return std::nullopt;
  lane.meters[meter].take(now);
  refresh(index);
  return Turn{no_account, index, meter};
}

bool Schedule::take_spare_more(const Turn& turn, Tick now) {
  Meter& meter = lanes_[turn.lane].meters[turn.meter];
  if (meter.free_at() > now) return false;
  meter.take(now);
  refresh(turn.lane);
  return true;
}

bool Schedule::waits(std::uint32_t account) const {
  return account < due_of_.size() && lane_of_[account] != no_lane && due_of_[account] != tick_never;
}

std::optional<Turn> Schedule::pop_due(Tick now) {
  if (order_.empty() || lanes_[order_.front()].ready > now) return std::nullopt;
  const std::uint32_t index = order_.front();
  Lane& lane = lanes_[index];
  const std::uint32_t account = lane.heap.front().account;
  due_of_[account] = tick_never;
  std::pop_heap(lane.heap.begin(), lane.heap.end(), std::greater<>());
  lane.heap.pop_back();
  const std::uint32_t meter = freest(lane);
  lane.meters[meter].take(now);
  refresh(index);
  return Turn{account, index, meter};
}

Tick Schedule::next_due() const {
  return order_.empty() ? tick_never : lanes_[order_.front()].ready;
}

Tick Schedule::take_more(const Turn& turn, Tick now) {
  Meter& meter = lanes_[turn.lane].meters[turn.meter];
  const Tick at = std::max(meter.free_at(), now);
  meter.take(at);
  refresh(turn.lane);
  return at;
}

void Schedule::block_meter(const Turn& turn, Tick until) {
  lanes_[turn.lane].meters[turn.meter].block(until);
  refresh(turn.lane);
}

void Schedule::block_app(const Turn& turn, Tick until) {
  const std::string app = lanes_[turn.lane].apps[turn.meter];
  if (app.empty()) return block_meter(turn, until);
  for (std::uint32_t index = 0; index < lanes_.size(); ++index) {
    Lane& lane = lanes_[index];
    for (std::size_t i = 0; i < lane.meters.size(); ++i) {
      if (lane.apps[i] == app) lane.meters[i].block(until);
    }
    refresh(index);
  }
}

void Schedule::block_lane(const Turn& turn, Tick until) {
  for (Meter& meter : lanes_[turn.lane].meters) meter.block(until);
  refresh(turn.lane);
}

Millis Schedule::lateness(Tick now) const {
  Millis worst{0};
  for (const Lane& lane : lanes_) {
    if (!lane.heap.empty()) worst = std::max(worst, now - lane.heap.front().due);
  }
  return worst;
}

std::uint32_t Schedule::freest(const Lane& lane) const {
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < lane.meters.size(); ++i) {
    if (lane.meters[i].free_at() < lane.meters[best].free_at()) best = i;
  }
  return best;
}

void Schedule::drop_stale(Lane& lane) {
  const auto counts = [&](const Waiting& waiting) {
    return lane_of_[waiting.account] != no_lane && due_of_[waiting.account] == waiting.due;
  };
  while (!lane.heap.empty() && !counts(lane.heap.front())) {
    std::pop_heap(lane.heap.begin(), lane.heap.end(), std::greater<>());
    lane.heap.pop_back();
  }
}

void Schedule::refresh(std::uint32_t index) {
  Lane& lane = lanes_[index];
  drop_stale(lane);
  lane.ready = lane.heap.empty()
                   ? tick_never
                   : std::max(lane.heap.front().due, lane.meters[freest(lane)].free_at());
  sift(lane.position);
}

bool Schedule::before(std::size_t a, std::size_t b) const {
  return lanes_[order_[a]].ready < lanes_[order_[b]].ready;
}

void Schedule::swap_lanes(std::size_t a, std::size_t b) {
  std::swap(order_[a], order_[b]);
  lanes_[order_[a]].position = a;
  lanes_[order_[b]].position = b;
}

void Schedule::sift(std::size_t position) {
  while (position > 0 && before(position, (position - 1) / 2)) {
    swap_lanes(position, (position - 1) / 2);
    position = (position - 1) / 2;
  }
  for (;;) {
    std::size_t least = position;
    for (const std::size_t child : {2 * position + 1, 2 * position + 2}) {
      if (child < order_.size() && before(child, least)) least = child;
    }
    if (least == position) return;
    swap_lanes(position, least);
    position = least;
  }
}

}  // namespace pw
