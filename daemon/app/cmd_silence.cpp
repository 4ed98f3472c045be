// `pledgewatch silence add|list|end`.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/offline_desk.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/silence_desk.h"

namespace pw {
namespace {

using nlohmann::json;

void print_silence(const Silence& silence, bool as_json) {
  if (as_json) {
    const json object = {{"id", silence.id},
                         {"author", silence.author},
                         {"reason", silence.reason},
                         {"matches", silence.matches},
                         {"start", print_rfc3339(silence.span.start)},
                         {"end", print_rfc3339(silence.span.end)},
                         {"ended_by", silence.ended_by}};
    std::printf("%s\n", object.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
    return;
  }
  std::printf("%-5s %s to %s by %s: %s\n      %s%s%s\n", silence.id.c_str(),
              print_rfc3339(silence.span.start).c_str(), print_rfc3339(silence.span.end).c_str(),
              silence.author.c_str(), silence.reason.c_str(), silence.matches.c_str(),
              silence.ended_by.empty() ? "" : "; ended by ", silence.ended_by.c_str());
}

}  // namespace

int list_silences(const SilenceCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config}, OpenMode::read_only, code);
  if (!desk) return code;
  const Result<std::vector<Silence>> silences = desk->store->silences();
  if (!silences) return complain(silences.error());
  for (const Silence& silence : *silences) print_silence(silence, options.json);
  return exit_fine;
}

int change_silence(const SilenceCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config, options.token_file}, OpenMode::read_write, code);
  if (!desk) return code;
  SilenceDesk silences(*desk->store);
  if (const auto loaded = silences.load(); !loaded) return complain(loaded.error());
  if (!options.id.empty()) {
    const Result<Silence> ended = silences.end(options.id, desk->who, desk->now);
    if (!ended) return complain(ended.error());
    print_silence(*ended, options.json);
    return exit_fine;
  }
  const std::optional<Millis> span = parse_duration(options.lasts);
  if (!span) return complain({Errc::malformed, "--for is a span such as 2h"});
  const SilenceRequest request{desk->who, options.reason, options.matches, desk->now + *span};
  const Result<Silence> added = silences.add(request, desk->now);
  if (!added) return complain(added.error());
  print_silence(*added, options.json);
  return exit_fine;
}

}  // namespace pw
