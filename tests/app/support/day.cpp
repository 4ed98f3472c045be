#include "tests/app/support/day.h"

#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/ledger/verify.h"

namespace pw::test {

namespace asio = boost::asio;

namespace {

std::string message_of(std::exception_ptr error) {
  if (!error) return {};
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& caught) {
    return caught.what();
  }
}

}  // namespace

DayResult run_day(Setup setup, SimClock& clock, FeedWorld& world, const DayOptions& options) {
  DayResult result;
  Log log([&](LogLevel, const std::string& line) { result.log.push_back(line); }, LogLevel::info);
  asio::io_context io(1);
  const bool stamps = setup.config.log.stamp.has_value();
  Instant closes{};
  for (const Pledge& pledge : setup.roster.pledges) {
    for (const Window& window : pledge.windows) closes = std::max(closes, window.possible.end);
  }
  closes += setup.config.campaign.closes + std::chrono::seconds(5);
  World whole{io,
              clock,
              world,
              log,
              seeded_random(static_cast<std::uint64_t>(ms_of(clock.now()))),
              options.on_commit};
  whole.disk_free = options.disk_free;
  Result<std::unique_ptr<Daemon>> daemon = Daemon::open(std::move(whole), std::move(setup));
  if (!daemon) throw std::runtime_error(daemon.error().detail);
  TaskGroup group(io.get_executor());
  (*daemon)->start(group, /*until_closed=*/true);
  bool joined = false;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) {
    joined = true;
    result.failure = message_of(error);
  });
  for (const auto& [when, act] : options.at) {
    clock.advance_until(io, when);
    act(**daemon);
  }
  clock.advance_until(io, std::min(closes, options.end));
  if (!joined) group.stop();
  for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, Millis{1000});
  if (!joined) throw std::runtime_error("a task does not end when it is asked to");
  result.ended_by = group.first_to_end();
  if (const Result<Done> finished = (*daemon)->finish("test");
      !finished && result.failure.empty()) {
    result.failure = finished.error().detail;
  }
  if (!stamps) return result;
  asio::co_spawn(io, (*daemon)->stamp_last(), [&](std::exception_ptr error) {
    if (error && result.failure.empty()) result.failure = message_of(error);
  });
  clock.advance(io, last_stamp_within);
  return result;
}

std::string verify_folder(const std::string& log_folder) {
  Result<std::unique_ptr<Folder>> folder = open_folder(log_folder);
  if (!folder) return folder.error().detail;
  const auto vkey = (*folder)->read("log.vkey", 1000);
  if (!vkey || !*vkey) return "no public key";
  const Result<VerifierKey> key = parse_vkey((*vkey)->substr(0, (*vkey)->find('\n')));
  if (!key) return key.error().detail;
  std::string complaints;
  for (const Damage& damage : verify(**folder, *key).damages)
    complaints += print_damage(damage) + "\n";
  return complaints;
}

}  // namespace pw::test
