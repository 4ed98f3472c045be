#include "daemon/app/http_settings.h"

#include <cstdlib>

namespace pw {

HttpOptions http_options(const Config& config) {
  HttpOptions options;
  options.user_agent =
      "pledgewatch/" PLEDGEWATCH_VERSION " (+" +
      (config.http.contact.empty() ? std::string("no contact configured") : config.http.contact) +
      ")";
  options.deadline = config.http.deadline;
  options.pool.per_place_max = static_cast<std::size_t>(config.http.connections_per_host);
  options.extra_ca_file = config.http.ca_file;
  options.proxies = proxy_settings([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  return options;
}

}  // namespace pw
