// Names to connectors, and what every one of them declares.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "connectors/connector.h"

namespace pw {

// The platform names that a roster may use.
std::span<const std::string_view> connector_names();

// Null when there is no connector of that name.
std::unique_ptr<Connector> make_connector(std::string_view name, ConnectorSettings settings);

}  // namespace pw
