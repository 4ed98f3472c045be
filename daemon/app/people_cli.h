// The command line of what people decide: review, outbox, silence, campaign.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace pw {

// The chosen command is put into `chosen`, as main.cpp's others are.
void add_people_commands(CLI::App& app, std::function<int()>& chosen);

}  // namespace pw
