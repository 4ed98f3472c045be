// `check --online`: each platform is asked about the credentials that it gave.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/setup.h"
#include "daemon/app/token_watch.h"

namespace pw {

struct TokenCheck {
  std::string credential;  // "instagram instagram-a"
  bool good = false;       // false: no answer, not valid, or ends before the second sweep
  std::string said{};      // until when and for what; no secret is in it
};

// One request each, one after the other. Credentials whose platform says nothing of
// them are named as such and good.
std::vector<TokenCheck> check_tokens(const Setup& setup);

// What came of it. Pure.
TokenCheck token_check(const std::string& name, const TokenWord& word, Instant needed_until);

}  // namespace pw
