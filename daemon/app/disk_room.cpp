#include "daemon/app/disk_room.h"

#include <chrono>
#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/runtime/service.h"

namespace pw {
namespace {

namespace asio = boost::asio;

constexpr auto look_every = std::chrono::seconds(5);

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; }

std::string missing(const DiskRoom& room) {
  return room.folder + " has " + megabytes(room.free_bytes) + " free, " +
         megabytes(room_needed_bytes) + " are needed";
}

}  // namespace

DiskRoom least_room(const Config& config) {
  DiskRoom least{{}, ~std::uint64_t{0}};
  for (const std::string& folder : {config.state_dir, config.log_dir}) {
    std::error_code failed;
    const auto space = std::filesystem::space(folder, failed);
    if (!failed && space.available < least.free_bytes) least = {folder, space.available};
  }
  return least;
}

bool wait_for_room(const Config& config, Log& log) {
  log.write(LogLevel::error, "disk_full",
            missing(least_room(config)) +
                "; nothing is looked at until there is room: looks that cannot be recorded prove "
                "nothing. Free some, it goes on by itself");
  asio::io_context io(1);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  bool asked = false;
  signals.async_wait([&](const boost::system::error_code& error, int) { asked = !error; });
  asio::steady_timer timer(io);
  for (DiskRoom room = least_room(config); !asked && room.free_bytes < room_needed_bytes;
       room = least_room(config)) {
    notify_watchdog();
    notify_status("disk full, waiting: " + missing(room));
    bool rang = false;
    timer.expires_after(look_every);
    timer.async_wait([&](const boost::system::error_code&) { rang = true; });
    while (!rang && !asked) io.run_one();
  }
  if (!asked) log.write(LogLevel::info, "disk_room_again", "starting again");
  return !asked;
}

}  // namespace pw
