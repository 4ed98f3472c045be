// What the service manager is told (sd_notify(3)); nothing happens outside
// systemd.
#pragma once

#include <string>

#include "daemon/core/time.h"

namespace pw {

void notify_ready();
void notify_reloading();
void notify_stopping();
// One line that `systemctl status` shows.
void notify_status(const std::string& line);
void notify_watchdog();

// How often notify_watchdog is due: half of WATCHDOG_USEC; zero: never.
Millis watchdog_interval();

}  // namespace pw
