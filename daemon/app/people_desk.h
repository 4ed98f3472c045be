// Where a command of what people do goes: to the running daemon through its socket,
// or, while none runs, to the store. One answer either way, in the API's JSON.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pw {

struct PeopleAsk {
  std::string config;        // the campaign file
  std::string token_file{};  // of a reviewer; empty: who runs this, by uid
  std::string method = "GET";
  std::string target{};  // "/api/v1/outbox?limit=100"
  std::string body{};    // JSON, or empty
};

// The answer, or nothing after printing what is wrong; `code` is the exit code then.
std::optional<nlohmann::ordered_json> ask_people(const PeopleAsk& ask, int& code);

// All items of a list, page by page. `ask.target` has no limit and no after.
std::optional<nlohmann::ordered_json> list_people(PeopleAsk ask, int& code);

// For terminals: one line, nothing hidden, cut.
std::string line_of(const nlohmann::ordered_json& text);
// On one line of standard output.
void print_json(const nlohmann::ordered_json& json);

}  // namespace pw
