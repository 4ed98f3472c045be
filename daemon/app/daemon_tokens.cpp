// What platforms say of the credentials that they gave: asked at the start and once a
// day, kept, and told to the operators in time by daemon_operators.cpp.
#include "daemon/app/daemon_parts.h"
#include "daemon/app/token_check.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr Millis ask_every = std::chrono::hours(24);
constexpr Millis ask_again = std::chrono::hours(1);  // after no answer

std::string store_key(const TokenQuestion& question) { return "credential/" + question.name; }

}  // namespace

// What was known before a restart holds until it is asked again.
void Daemon::Parts::recall_tokens(const std::vector<TokenQuestion>& questions) {
  for (const TokenQuestion& question : questions) {
    const auto kept = store->value(store_key(question));
    if (!kept) throw StoreFailure(kept.error().detail);
    if (!*kept) continue;
    if (auto word = parse_token_word(question, **kept))
      token_words.insert_or_assign(question.name, *std::move(word));
  }
}

void Daemon::Parts::note_token(const TokenQuestion& question, TokenWord word) {
  TokenWord& known = token_words[question.name];
  if (word.detail != known.detail) {
    const bool good = word.said && word.valid;
    world.log.write(good ? LogLevel::info : LogLevel::warning, "credential", word.detail,
                    {{"credential", question.name}, {"said", word.said ? "yes" : "no"}});
  }
  if (!word.said) {
    // What was said before still holds.
    known.detail = std::move(word.detail);
    return;
  }
  if (const auto kept = store->set_value(store_key(question), print_token_word(question, word));
      !kept && kept.error().code != Errc::transient)
    throw StoreFailure(kept.error().detail);
  known = std::move(word);
}

asio::awaitable<void> Daemon::Parts::ask_tokens() {
  const std::vector<TokenQuestion> questions = token_questions(config, connectors);
  recall_tokens(questions);
  for (;;) {
    bool all = true;
    for (const TokenQuestion& question : questions) {
      TokenWord word = co_await ask_token(question, world.fetcher, world.clock);
      all = all && word.asked;
      note_token(question, std::move(word));
    }
    co_await world.clock.sleep_until(world.clock.now() + (all ? ask_every : ask_again));
  }
}

}  // namespace pw
