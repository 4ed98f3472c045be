// A request as the simulated side sees it: for which platform, and what is asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/rehearsal/population.h"

namespace pw {

struct SimRequest {
  std::string platform;
  std::string host{};  // Mastodon: the home server
  std::string base{};  // scheme, host and prefix, for the links in an answer
  std::string path{};  // behind the base; of a feed: its name
  std::vector<std::pair<std::string, std::string>> query{};  // decoded
  std::string token{};  // of the header, the parameter or (Telegram) the path that has it
  const HttpRequest* http = nullptr;  // not owned

  std::optional<std::string_view> parameter(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view name) const;
};

// Whose request it is: by path prefix on a loopback server (/instagram/...,
// /mastodon/HOST/..., /bluesky/..., /feed/NAME, /x/... and so on), or by the platform's own host,
// or as the address of a feed of the population. Nothing for any other.
std::optional<SimRequest> read_request(const Population& population, const HttpRequest& request);

// A path's parts between slashes.
std::vector<std::string_view> split_path(std::string_view path);

// `text` as a whole number within limits, else `otherwise`.
int number_or(std::optional<std::string_view> text, int otherwise, int least, int most);

}  // namespace pw
