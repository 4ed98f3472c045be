// When credentials end, as their platforms say themselves: whom to ask, and what is
// kept of the answer. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/app/campaign_plan.h"
#include "daemon/app/operator_watch.h"

namespace pw {

// One credential of a platform that answers for it.
struct TokenQuestion {
  std::string name;  // "instagram instagram-a"
  const Connector* connector = nullptr;
  HttpRequest request;  // its address has the token in it
  std::string mark;     // of the token, without telling it
};

// Beside each connector's credentials of which the platform says when they end.
// `connectors` outlive the questions.
std::vector<TokenQuestion> token_questions(const Config& config, const Connectors& connectors);

// What the platform answered: about the token, or why it did not say. `detail` is for
// people and has no secret in it.
struct TokenWord {
  bool said = false;   // a word about the token itself
  bool asked = false;  // somebody answered
  bool valid = true;
  std::optional<Instant> ends{};
  std::string detail{};
};
TokenWord token_word(const TokenQuestion& question, const Result<Done>& fetched,
                     const HttpResponse& response);

// As the store keeps it, for after a restart: nothing where it was of another token.
std::string print_token_word(const TokenQuestion& question, const TokenWord& word);
std::optional<TokenWord> parse_token_word(const TokenQuestion& question, std::string_view text);

// What `expires:` and the platforms say together; the earlier counts.
std::vector<CredentialLife> credential_lives(const Config& config,
                                             const std::map<std::string, TokenWord>& words);

// When the last of what was promised has been read: the second sweep.
Instant credentials_needed_until(const Config& config, const Roster& roster);

}  // namespace pw
