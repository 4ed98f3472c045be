// What the service manager is told (sd_notify(3)); nothing happens outside
// systemd.
#pragma once

#include <string>
#include <vector>

#include "daemon/core/time.h"

namespace pw {

void notify_ready();
void notify_reloading();
void notify_stopping();
// One line that `systemctl status` shows.
void notify_status(const std::string& line);
void notify_watchdog();

// Listening sockets that systemd opened for us (sd_listen_fds(3)); they are the
// caller's from now on, and no second call gives them again.
std::vector<int> inherited_sockets();

// How often notify_watchdog is due: half of WATCHDOG_USEC; zero: never.
Millis watchdog_interval();

}  // namespace pw
