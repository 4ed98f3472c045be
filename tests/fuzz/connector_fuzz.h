// What every connector's fuzz target does with its bytes.
#pragma once

#include <cassert>
#include <string_view>

#include "connectors/registry.h"

namespace pw {

// The first byte chooses status and paging, the rest is the body. Traps where a
// decoder breaks the contract of connector.h.
inline void fuzz_connector(std::string_view name, std::string_view bytes) {
  if (bytes.empty()) return;
  const auto connector = make_connector(name, {});
  Account account;
  account.platform = name;
  account.handle = name == "feed" ? "https://b.example/feed" : "a.example";
  account.host = "b.example";
  account.id = "1";
  const auto choice = static_cast<unsigned char>(bytes.front());
  constexpr int statuses[] = {200, 200, 200, 200, 400, 403, 429, 500};
  HttpResponse response;
  response.status = statuses[choice & 7];
  response.body = bytes.substr(1);
  if ((choice & 16) != 0) {
    response.headers.add("X-App-Usage", bytes.substr(0, 64));
    response.headers.add("Retry-After", bytes.substr(0, 16));
    response.headers.add("RateLimit-Reset", bytes.substr(0, 32));
    response.headers.add("Content-Type", bytes.substr(0, 64));
  }
  const Query query{account, nullptr, (choice & 8) != 0 ? "abc" : ""};
  const Reading reading = connector->decode(query, response);
  if (const auto* trouble = std::get_if<Trouble>(&reading)) {
    assert(!observes(trouble->outcome));
  } else {
    for (const Post& post : std::get<Page>(reading).posts) assert(!post.id.empty());
  }
  (void)connector->decode_identity(query, response);
  (void)connector->decode_home(query, response);
  for (const ProbeReading& probe : connector->decode_probe({&query, 1}, response)) {
    if (const auto* token = std::get_if<std::string>(&probe)) assert(!token->empty());
  }
  (void)connector->headroom(response);
  std::string why;
  account.handle = bytes;
  if (const auto read = connector->normalise(account, why)) {
    (void)connector->request({*read});
    (void)connector->resolve_request({*read});
  }
}

}  // namespace pw
