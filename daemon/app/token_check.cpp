#include "daemon/app/token_check.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/app/http_settings.h"
#include "daemon/http/client.h"
#include "daemon/outbox/timed_fetch.h"
#include "daemon/runtime/system_clock.h"

namespace pw {
namespace {

namespace asio = boost::asio;

constexpr Millis token_answer_max = std::chrono::seconds(20);

std::vector<TokenCheck> silent_ones(const Setup& setup,
                                    const std::vector<TokenQuestion>& questions) {
  std::vector<TokenCheck> silent;
  for (const auto& [connector, settings] : setup.config.connectors) {
    for (const CredentialConfig& credential : settings.credentials) {
      const std::string name = connector + ' ' + credential.label;
      const bool asked = std::any_of(questions.begin(), questions.end(),
                                     [&](const TokenQuestion& q) { return q.name == name; });
      if (asked) continue;
      silent.push_back({name, true,
                        "the platform does not say when it ends; `expires:` " +
                            (credential.expires ? "says " + print_rfc3339(*credential.expires)
                                                : std::string("can"))});
    }
  }
  return silent;
}

}  // namespace

asio::awaitable<TokenWord> ask_token(const TokenQuestion& question, Fetcher& fetcher,
                                     Clock& clock) {
  HttpResponse response;
  const Result<Done> fetched =
      co_await fetch_within(fetcher, clock, token_answer_max, question.request, response);
  co_return token_word(question, fetched, response);
}

TokenCheck token_check(const std::string& name, const TokenWord& word, Instant needed_until) {
  TokenCheck check{name, true, word.detail};
  if (!word.said) {
    check.good = word.asked;
    check.said = "the platform did not say: " + word.detail;
  } else if (!word.valid) {
    check.good = false;
  } else if (word.ends && *word.ends < needed_until) {
    check.good = false;
    check.said += "; that is before the second sweep at " + print_rfc3339(needed_until);
  }
  return check;
}

std::vector<TokenCheck> check_tokens(const Setup& setup) {
  const std::vector<TokenQuestion> questions = token_questions(setup.config, setup.connectors);
  std::vector<TokenCheck> checks = silent_ones(setup, questions);
  if (questions.empty()) return checks;
  asio::io_context io(1);
  SystemClock clock;
  Result<std::unique_ptr<HttpClient>> client =
      HttpClient::make(io, clock, http_options(setup.config));
  if (!client) return {{"", false, client.error().detail}};
  const Instant needed_until = credentials_needed_until(setup.config, setup.roster);
  for (const TokenQuestion& question : questions) {
    std::exception_ptr failure;
    asio::co_spawn(io, ask_token(question, **client, clock),
                   [&](std::exception_ptr error, const TokenWord& word) {
                     failure = error;
                     checks.push_back(token_check(question.name, word, needed_until));
                   });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
  }
  return checks;
}

}  // namespace pw
