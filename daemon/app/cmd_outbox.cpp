// `pledgewatch outbox list|resend`: what was told to whom, with every attempt.
#include <array>
#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/offline_desk.h"
#include "daemon/app/people_commands.h"
#include "daemon/ledger/entry.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 5> state_words = {"ready", "leased", "delivered", "dead",
                                                    "withheld"};

const char* word_of(DeliveryState state) { return state_words[static_cast<std::size_t>(state)]; }

using Attempts = std::multimap<std::pair<std::string, std::string>, AttemptRecord>;

void print_delivery(const Delivery& delivery, const Attempts& attempts) {
  std::printf("%-20s %-34s %-9s %d attempts%s%s%s\n", delivery.row.sink.c_str(),
              delivery.row.id.c_str(), word_of(delivery.state), delivery.attempts,
              delivery.maybe_duplicate ? ", may have arrived twice" : "",
              delivery.row.withheld.empty() ? "" : ", ", delivery.row.withheld.c_str());
  const auto [first, last] = attempts.equal_range({delivery.row.sink, delivery.row.id});
  for (auto it = first; it != last; ++it)
    std::printf("    %s %d %s %s\n", print_rfc3339(it->second.started).c_str(),
                it->second.http_status, it->second.result.c_str(), it->second.detail.c_str());
}

json delivery_json(const Delivery& delivery, const Attempts& attempts) {
  json tries = json::array();
  const auto [first, last] = attempts.equal_range({delivery.row.sink, delivery.row.id});
  for (auto it = first; it != last; ++it)
    tries.push_back({{"number", it->second.number},
                     {"started", print_rfc3339(it->second.started)},
                     {"status", it->second.http_status},
                     {"result", it->second.result},
                     {"detail", it->second.detail}});
  return {{"sink", delivery.row.sink},        {"id", delivery.row.id},
          {"finding", delivery.row.finding},  {"state", word_of(delivery.state)},
          {"attempts", std::move(tries)},     {"maybe_duplicate", delivery.maybe_duplicate},
          {"withheld", delivery.row.withheld}};
}

}  // namespace

int list_outbox(const OutboxCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config}, OpenMode::read_only, code);
  if (!desk) return code;
  const Result<std::vector<Delivery>> deliveries = desk->store->deliveries();
  if (!deliveries) return complain(deliveries.error());
  const Result<std::vector<AttemptRecord>> records = desk->store->attempts();
  if (!records) return complain(records.error());
  Attempts attempts;
  for (const AttemptRecord& record : *records)
    attempts.emplace(std::pair(record.sink, record.delivery), record);
  json all = json::array();
  for (const Delivery& delivery : *deliveries) {
    if (options.dead && delivery.state != DeliveryState::dead) continue;
    if (options.json)
      all.push_back(delivery_json(delivery, attempts));
    else
      print_delivery(delivery, attempts);
  }
  if (options.json)
    std::printf("%s\n", all.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
  return exit_fine;
}

int resend_delivery(const OutboxCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config, options.token_file}, OpenMode::read_write, code);
  if (!desk) return code;
  const std::string leaf =
      encode(RunEntry{desk->now, "resend", options.sink + ' ' + options.id + " by " + desk->who});
  const Result<bool> found = desk->store->resend(options.sink, options.id, desk->now, {&leaf, 1});
  if (!found) return complain(found.error());
  if (!*found)
    return complain({Errc::gone, "no dead delivery " + options.id + " of sink " + options.sink});
  std::printf("%s of sink %s is sent again when the daemon runs\n", options.id.c_str(),
              options.sink.c_str());
  return exit_fine;
}

}  // namespace pw
