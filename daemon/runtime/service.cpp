#include "daemon/runtime/service.h"

#include <systemd/sd-daemon.h>

namespace pw {

void notify_ready() { sd_notify(0, "READY=1"); }
void notify_reloading() { sd_notify(0, "RELOADING=1"); }
void notify_stopping() { sd_notify(0, "STOPPING=1"); }
void notify_status(const std::string& line) { sd_notify(0, ("STATUS=" + line).c_str()); }
void notify_watchdog() { sd_notify(0, "WATCHDOG=1"); }

std::vector<int> inherited_sockets() {
  std::vector<int> sockets;
  const int count = sd_listen_fds(/*unset_environment=*/1);
  for (int i = 0; i < count; ++i) sockets.push_back(SD_LISTEN_FDS_START + i);
  return sockets;
}

Millis watchdog_interval() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return Millis{0};
  return Millis(static_cast<std::int64_t>(usec / 2000));
}

}  // namespace pw
