#include "daemon/app/token_watch.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::size_t mark_digits = 16;
constexpr std::string_view never = "never";
constexpr std::string_view invalid = "invalid";

std::string text_of(const TokenWord& word) {
  if (!word.valid) return std::string(invalid);
  return word.ends ? print_rfc3339(*word.ends) : std::string(never);
}

std::string detail_of(const TokenLife& life) {
  std::string text = !life.valid ? "not valid any more"
                     : life.ends ? "ends at " + print_rfc3339(*life.ends)
                                 : "does not end by itself";
  for (std::size_t i = 0; i < life.scopes.size(); ++i)
    text += (i == 0 ? "; permits " : ", ") + life.scopes[i];
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

std::vector<TokenQuestion> token_questions(const Config& config, const Connectors& connectors) {
  std::vector<TokenQuestion> questions;
  for (const auto& [name, settings] : config.connectors) {
    const auto connector = connectors.find(name);
    if (connector == connectors.end()) continue;
    for (const CredentialConfig& one : settings.credentials) {
      const Credential credential{one.label,
                                  one.app,
                                  one.user_id,
                                  one.token.value,
                                  one.app_secret ? one.app_secret->value : std::string(),
                                  one.account};
      auto request = connector->second->token_request(credential);
      if (!request) continue;
      questions.push_back({name + ' ' + one.label, connector->second.get(), *std::move(request),
                           print_hex(sha256(one.token.value)).substr(0, mark_digits)});
    }
  }
  return questions;
}

TokenWord token_word(const TokenQuestion& question, const Result<Done>& fetched,
                     const HttpResponse& response) {
  TokenWord word;
  if (!fetched) {
    word.detail = "no answer";
    return word;
  }
  const auto answer = question.connector->decode_token(response);
  if (const Trouble* trouble = std::get_if<Trouble>(&answer)) {
    word.asked = trouble->outcome == Outcome::refused;
    word.detail = trouble->detail;
    return word;
  }
  const TokenLife& life = std::get<TokenLife>(answer);
  word.said = word.asked = true;
  word.valid = life.valid;
  word.ends = life.ends;
  word.detail = detail_of(life);
  return word;
}

std::string print_token_word(const TokenQuestion& question, const TokenWord& word) {
  return question.mark + ' ' + text_of(word);
}

std::optional<TokenWord> parse_token_word(const TokenQuestion& question, std::string_view text) {
  if (!text.starts_with(question.mark + ' ')) return std::nullopt;
  text.remove_prefix(question.mark.size() + 1);
  TokenWord word;
  word.said = word.asked = true;
  word.valid = text != invalid;
  if (word.valid && text != never) {
    word.ends = parse_rfc3339(text);
    if (!word.ends) return std::nullopt;
  }
  return word;
}

std::vector<CredentialLife> credential_lives(const Config& config,
                                             const std::map<std::string, TokenWord>& words) {
  std::vector<CredentialLife> lives;
  for (const auto& [connector, settings] : config.connectors) {
    for (const CredentialConfig& credential : settings.credentials) {
      CredentialLife life{connector + ' ' + credential.label,
                          credential.expires.value_or(Instant::max())};
      if (const auto word = words.find(life.name); word != words.end() && word->second.said) {
        life.valid = word->second.valid;
        life.ends = std::min(life.ends, word->second.ends.value_or(Instant::max()));
      }
      if (!life.valid || life.ends != Instant::max()) lives.push_back(std::move(life));
    }
  }
  return lives;
}

Instant credentials_needed_until(const Config& config, const Roster& roster) {
  Instant end{};
  for (const Pledge& pledge : roster.pledges) {
    for (const Window& window : pledge.windows) end = std::max(end, window.possible.end);
  }
  return end + config.campaign.sweep_again;
}

}  // namespace pw
