#include "tests/outbox/support/outbox_bench.h"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace pw {

namespace asio = boost::asio;

SinkTarget bench_target(const std::string& name) {
  SinkTarget target;
  target.name = name;
  target.url = "https://" + name + ".example/hook?key=hidden-" + name;
  target.secrets = {bench_secret};
  return target;
}

void enqueue_rows(Store& store, const std::vector<std::string>& sinks, int count, Instant due) {
  ScreenCommit commit;
  for (int i = 1; i <= count; ++i) {
    const std::string id = "msg_" + std::to_string(i);
    for (const std::string& sink : sinks)
      commit.outbox.push_back({id, sink, "finding", "{\"n\":" + std::to_string(i) + "}", due});
  }
  if (!store.commit_screening(commit)) throw std::runtime_error("cannot enqueue");
}

OutboxBench::OutboxBench(const std::string& path, Instant start)
    : clock(start),
      fetcher(clock),
      log([this](LogLevel, const std::string& line) { lines.push_back(line); }, LogLevel::debug) {
  auto opened = open_sqlite(path, OpenMode::read_write);
  if (!opened) throw std::runtime_error(opened.error().detail);
  store = *std::move(opened);
  if (!store->release_leases(start)) throw std::runtime_error("cannot release leases");
}

OutboxBench::~OutboxBench() {
  for (const auto& stop : stops_) stop->emit(asio::cancellation_type::terminal);
  io.restart();
  io.poll();
}

Dispatcher& OutboxBench::start(SinkTarget target) {
  auto made = Dispatcher::make(std::move(target), *store, fetcher, clock, log);
  if (!made) throw std::runtime_error(made.error().detail);
  Dispatcher& dispatcher = *dispatchers_.emplace_back(*std::move(made));
  auto& stop = stops_.emplace_back(std::make_unique<asio::cancellation_signal>());
  asio::co_spawn(io, dispatcher.run(),
                 asio::bind_cancellation_slot(stop->slot(),
                                              [this](std::exception_ptr error) { ended = error; }));
  return dispatcher;
}

std::vector<std::string> OutboxBench::ids_received() const {
  std::vector<std::string> ids;
  for (const Received& one : fetcher.received) ids.push_back(one.id);
  return ids;
}

std::vector<Delivery> OutboxBench::deliveries() const {
  auto deliveries = store->deliveries();
  if (!deliveries) throw std::runtime_error(deliveries.error().detail);
  return *std::move(deliveries);
}

int OutboxBench::lines_with(std::string_view text) const {
  return static_cast<int>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(text) != std::string::npos;
  }));
}

}  // namespace pw
