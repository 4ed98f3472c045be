// `check --online`: each platform is asked about the credentials that it gave.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/setup.h"
#include "daemon/app/token_watch.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct TokenCheck {
  std::string credential;  // "instagram instagram-a"
  bool good = false;       // false: no answer, not valid, or ends before the second sweep
  std::string said{};      // until when and for what; no secret is in it
};

// One request each, one after the other. Credentials whose platform says nothing of
// them are named as such and good.
std::vector<TokenCheck> check_tokens(const Setup& setup);

// One question; an answer that does not come in time is none.
boost::asio::awaitable<TokenWord> ask_token(const TokenQuestion& question, Fetcher& fetcher,
                                            Clock& clock);

// What came of it. Pure.
TokenCheck token_check(const std::string& name, const TokenWord& word, Instant needed_until);

}  // namespace pw
