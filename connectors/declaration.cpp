#include "connectors/declaration.h"

namespace pw {
namespace {

std::string shown(bool shows) { return shows ? "shown" : "not shown"; }

std::string in_words(ListKind list) {
  switch (list) {
    case ListKind::complete:
      return "complete, newest first";
    case ListKind::ranked:
      return "ranked: the platform leaves out or reorders as it likes";
    case ListKind::capped:
      return "newest first, and only so deep";
    case ListKind::claimed_order:
      return "ordered by a time the poster declares: a backdated post hides deep";
    case ListKind::whole:
      return "read to its end whenever something changed";
  }
  return "";
}

std::string in_words(PostClock clock, Millis precision) {
  const std::string to = ", to " + print_duration(precision);
  switch (clock) {
    case PostClock::server:
      return "the platform's" + to;
    case PostClock::poster:
      return "the poster's own, never believed" + to;
    case PostClock::site:
      return "the site's own, never believed" + to;
  }
  return "";
}

std::string in_words(ProbeProves probe, int batch_size, bool counts_each) {
  std::string of = batch_size > 1 ? " for " + std::to_string(batch_size) + " accounts" : "";
  if (counts_each) of += ", which counts as one for each";
  switch (probe) {
    case ProbeProves::nothing:
      return "none";
    case ProbeProves::change:
      return "one request" + of + "; proves that something changed, never that nothing did";
    case ProbeProves::silence:
      return "one request" + of + "; proves that nothing changed";
    case ProbeProves::lists:
      return "one request" + of + "; reads their lists";
  }
  return "";
}

std::string in_words(Push push) {
  switch (push) {
    case Push::none:
      return "none";
    case Push::stream:
      return "a stream";
    case Push::websub:
      return "WebSub";
    case Push::webhook:
      return "a webhook";
  }
  return "";
}

std::string in_words(Millis floor, int host_requests_max, Millis host_window) {
  std::string text =
      floor > Millis{0} ? "every " + print_duration(floor) : std::string("as often as wished");
  if (host_requests_max > 0) {
    text += "; the platform allows " + std::to_string(host_requests_max) + " requests in " +
            print_duration(host_window);
  }
  return text;
}

}  // namespace

std::string_view name_of(ListKind list) {
  constexpr std::string_view names[] = {"complete", "ranked", "capped", "claimed_order", "whole"};
  return names[static_cast<std::size_t>(list)];
}

std::string_view name_of(PostClock clock) {
  constexpr std::string_view names[] = {"server", "poster", "site"};
  return names[static_cast<std::size_t>(clock)];
}

std::string_view name_of(Push push) {
  constexpr std::string_view names[] = {"none", "stream", "websub", "webhook"};
  return names[static_cast<std::size_t>(push)];
}

std::string_view name_of(ProbeProves proves) {
  constexpr std::string_view names[] = {"nothing", "change", "silence", "lists"};
  return names[static_cast<std::size_t>(proves)];
}

std::vector<std::pair<std::string, std::string>> print_capabilities(const Declaration& declared) {
  const std::string never = print_surfaces(declared.never_sees);
  return {
      {"sees", print_surfaces(declared.sees)},
      {"never sees", never.empty() ? "nothing that is known" : never},
      {"list", in_words(declared.list)},
      {"times", in_words(declared.clock, declared.clock_precision)},
      {"late by", "up to " + print_duration(declared.lag)},
      {"edits", shown(declared.shows_edits)},
      {"deletions", shown(declared.shows_deletions)},
      {"pins", shown(declared.shows_pins)},
      {"backdating", shown(declared.shows_backdating)},
      {"stable id", declared.stable_id ? "yes" : "none: every finding needs review"},
      {"a look reads", std::to_string(declared.page_size) + " posts a request, " +
                           std::to_string(declared.pages_max) + " requests at most"},
      {"a look costs",
       std::to_string(declared.cost) + (declared.cost == 1 ? " request" : " requests")},
      {"asked at most",
       in_words(declared.interval_floor, declared.host_requests_max, declared.host_window)},
      {"cheap check", in_words(declared.probe, declared.batch_size, declared.batch_counts_each)},
      {"push", in_words(declared.push)},
      {"credential", declared.needs_credential ? "needed" : "not needed"},
      {"permission", declared.terms.empty() ? "nobody's" : "to be attested by the operator"}};
}

}  // namespace pw
