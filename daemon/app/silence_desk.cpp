#include "daemon/app/silence_desk.h"

#include <algorithm>

#include "daemon/core/utf8.h"
#include "daemon/ledger/entry.h"
#include "rules/condition.h"

namespace pw {
namespace {

constexpr Millis silence_max = std::chrono::hours(24 * 90);
constexpr std::size_t silence_text_bytes_max = 4'000;

Result<cel::Program> compiled(const std::string& matches) {
  Issues issues;
  std::optional<cel::Program> program =
      compile_condition(matches, "silence", 1, 1, finding_environment(), issues);
  std::string text;
  for (const Issue& issue : issues) {
    if (issue.level == Issue::Level::error) text += (text.empty() ? "" : "\n") + print_issue(issue);
  }
  if (!program) return Error{Errc::malformed, text};
  return *std::move(program);
}

std::optional<Error> fault_of(const SilenceRequest& request, Instant now) {
  const auto fits = [](const std::string& text) {
    return text.size() <= silence_text_bytes_max && is_utf8(text);
  };
  if (request.author.empty()) return Error{Errc::refused, "a silence has an author"};
  if (request.reason.empty()) return Error{Errc::malformed, "a silence needs a reason"};
  if (!fits(request.reason) || !fits(request.matches))
    return Error{Errc::malformed, "a text is UTF-8 of at most 4000 bytes"};
  if (request.end <= now) return Error{Errc::malformed, "the silence's end has passed"};
  if (request.end - now > silence_max)
    return Error{Errc::malformed, "a silence lasts at most 90 days"};
  return std::nullopt;
}

// The reason and the condition may name people: only their digest is logged.
std::string leaf_of(const Silence& silence, std::string_view event, const std::string& who,
                    Instant now) {
  RunEntry entry{now, std::string(event)};
  entry.detail = silence.id + " by " + who + " until " + print_rfc3339(silence.span.end) + ", " +
                 print_hex(sha256(silence.matches + '\n' + silence.reason));
  return encode(entry);
}

}  // namespace

Result<Done> SilenceDesk::load() {
  Result<std::vector<Silence>> stored = store_.silences();
  if (!stored) return stored.error();
  for (Silence& silence : *stored) {
    Result<cel::Program> program = compiled(silence.matches);
    if (!program)
      return Error{program.error().code, "silence " + silence.id + ": " + program.error().detail};
    silences_.push_back({std::move(silence), *std::move(program)});
  }
  return Done{};
}

Result<Silence> SilenceDesk::add(const SilenceRequest& request, Instant now) {
  if (auto fault = fault_of(request, now)) return *std::move(fault);
  Result<cel::Program> program = compiled(request.matches);
  if (!program) return program.error();
  Silence silence{"s" + std::to_string(silences_.size() + 1),
                  request.author,
                  request.reason,
                  request.matches,
                  {now, request.end}};
  const std::string leaf = leaf_of(silence, "silence", request.author, now);
  if (const auto stored = store_.commit_silence(silence, {&leaf, 1}); !stored)
    return stored.error();
  silences_.push_back({silence, *std::move(program)});
  return silence;
}

Result<Silence> SilenceDesk::end(const std::string& id, const std::string& who, Instant now) {
  const auto it = std::find_if(silences_.begin(), silences_.end(),
                               [&](const Held& held) { return held.silence.id == id; });
  if (it == silences_.end() || it->silence.span.end <= now)
    return Error{Errc::gone, "no silence " + id.substr(0, 40) + " that holds"};
  Silence ended = it->silence;
  ended.span.end = now;
  ended.ended_by = who;
  const std::string leaf = leaf_of(ended, "silence_end", who, now);
  if (const auto stored = store_.commit_silence(ended, {&leaf, 1}); !stored) return stored.error();
  it->silence = ended;
  return ended;
}

std::vector<Silence> SilenceDesk::list() const {
  std::vector<Silence> all;
  for (const Held& held : silences_) all.push_back(held.silence);
  return all;
}

bool SilenceDesk::any(Instant now) const {
  return std::any_of(silences_.begin(), silences_.end(),
                     [&](const Held& held) { return held.silence.span.contains(now); });
}

const Silence* SilenceDesk::covering(const Subject& subject, const Labels& labels,
                                     Instant now) const {
  for (const Held& held : silences_) {
    if (held.silence.span.contains(now) && holds(held.matches, subject, labels))
      return &held.silence;
  }
  return nullptr;
}

}  // namespace pw
