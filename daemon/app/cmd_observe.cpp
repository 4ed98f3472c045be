// `pledgewatch observe`: what a person saw that no interface shows.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "connectors/web_address.h"
#include "daemon/app/commands.h"
#include "daemon/app/control.h"
#include "daemon/app/observations.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "daemon/core/observation.h"
#include "daemon/ledger/utf8.h"
#include "daemon/runtime/random.h"
#include "daemon/runtime/system_clock.h"
#include "daemon/store/lock_file.h"

namespace pw {
namespace {

constexpr std::uintmax_t picture_bytes_max = 256u << 20;
constexpr Millis clock_slack = std::chrono::minutes(5);

// What is wrong with the options; empty when nothing is.
std::string read_options(const ObserveOptions& options, Instant now, Observed& observed) {
  const auto surface = parse_surface(options.surface);
  if (!surface) {
    const std::string nearest = nearest_of(options.surface, surface_names);
    return "--surface: no surface is called '" + options.surface + "'" +
           (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
  }
  observed.surface = *surface;
  if (!is_web_address(options.url)) return "--url: expected an http or https address";
  observed.url = options.url;
  const auto seen = parse_rfc3339(options.seen);
  if (!seen) return "--seen: expected a time such as 2020-09-16T12:00:00Z";
  if (*seen > now + clock_slack) return "--seen: lies in the future";
  observed.seen = *seen;
  if (!options.without.empty()) {
    observed.without = parse_rfc3339(options.without);
    if (!observed.without) return "--without: expected a time such as 2020-09-16T11:00:00Z";
    if (*observed.without > *seen) return "--without: lies after --seen";
  }
  const char* user = std::getenv("USER");
  observed.witness = !options.by.empty() ? options.by : user != nullptr ? user : "";
  if (observed.witness.empty()) return "--by: who saw it?";
  observed.note = options.note;
  if (observed.note.size() > observed_text_bytes_max) return "--note: longer than 2,000 bytes";
  return {};
}

// The picture's copy below the state folder, named by its digest.
Result<Done> keep_picture(Folder& state, const std::string& path, Observed& observed) {
  std::error_code failure;
  const std::uintmax_t bytes = std::filesystem::file_size(path, failure);
  if (failure) return Error{Errc::refused, "--file: " + path + ": " + failure.message()};
  if (bytes == 0 || bytes > picture_bytes_max)
    return Error{Errc::refused, "--file: a picture has between 1 byte and 256 MiB"};
  std::string content;
  if (!read_file(path, content)) return Error{Errc::refused, "--file: " + path + " cannot be read"};
  observed.digest = sha256(content);
  std::string ending = std::filesystem::path(path).extension();
  const bool plain = ending.size() <= 8 && std::all_of(ending.begin(), ending.end(), [](char c) {
                       return c == '.' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9');
                     });
  if (!plain) ending.clear();
  observed.file = print_hex(observed.digest) + ending;
  return state.replace(std::string(observations_folder) + '/' + observed.file, content);
}

int answer_of(const ControlAnswer& answer) {
  if (answer.status != 201) {
    const auto json = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    const std::string why = json.is_object() ? json.value("detail", "") : "";
    std::fprintf(stderr, "pledgewatch observe: the daemon refused it: %s\n",
                 shown_text(why, 1000).c_str());
    return answer.status < 500 ? exit_no : exit_world;
  }
  std::printf("recorded by the running daemon; it needs a second witness before it counts\n");
  return exit_fine;
}

// A running daemon owns the store; where its socket does not answer, it reads the inbox.
bool is_held(const std::string& database) {
  const Result<LockFile> lock = LockFile::take(database + ".lock");
  return !lock && lock.error().code == Errc::refused;
}

int hand_over(Folder& state, const Observed& observed) {
  const std::string record = print_observed(observed);
  const std::string path = std::string(inbox_folder) + '/' +
                           post_of(observed).id.substr(observed_prefix.size()) + ".json";
  if (const Result<Done> written = state.replace(path, record); !written)
    return fail(exit_world, written.error().detail);
  std::printf("handed to the running daemon; it needs a second witness before it counts\n");
  return exit_fine;
}

int record_here(Store& store, Setup& setup, const std::string& name, const Observed& observed,
                Instant now) {
  if (const Result<Done> enrolled = store.enrol(setup.roster.accounts, {}); !enrolled)
    return fail(exit_world, enrolled.error().detail);
  const Account* account = account_named(setup.roster.accounts, name);
  const Result<Done> stored = record_observation(store, account->number, observed,
                                                 system_random(observation_salt_bytes), now);
  if (!stored) return fail(exit_world, stored.error().detail);
  std::printf(
      "recorded; the rules read it when the daemon runs, and it needs a second witness "
      "before it counts\n");
  return exit_fine;
}

}  // namespace

int observe_account(const ObserveOptions& options) {
  Issues issues;
  std::optional<Setup> setup = load_setup(options.config, issues, secret_beside_service);
  print_issues(issues);
  if (!setup) return exit_usage;
  const SystemClock clock;
  Observed observed;
  if (const std::string wrong = read_options(options, clock.now(), observed); !wrong.empty())
    return fail(exit_usage, wrong);
  const Account* account = account_named(setup->roster.accounts, options.account);
  if (account == nullptr) {
    std::vector<std::string> names;
    for (const Account& known : setup->roster.accounts) names.push_back(print_account(known));
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string nearest = nearest_of(options.account, views);
    return fail(exit_usage, "--account: the roster has no '" + options.account + "'" +
                                (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  observed.account = print_account(*account);
  Result<std::unique_ptr<Folder>> state = open_folder(setup->config.state_dir);
  if (!state) return fail(exit_world, state.error().detail);
  if (const Result<Done> kept = keep_picture(**state, options.file, observed); !kept) {
    return kept.error().code == Errc::refused ? fail(exit_usage, kept.error().detail)
                                              : fail(exit_world, kept.error().detail);
  }
  const Result<ControlAnswer> told = ask_daemon(
      setup->config.web.socket, {"POST", "/api/v1/observations", print_observed(observed), {}});
  if (told) return answer_of(*told);
  if (told.error().code != Errc::gone) return fail(exit_world, told.error().detail);
  const std::string database = setup->config.state_dir + "/pledgewatch.db";
  if (is_held(database)) return hand_over(**state, observed);
  Result<std::unique_ptr<Store>> store = open_sqlite(database, OpenMode::read_write);
  if (!store) return fail(exit_world, store.error().detail);
  return record_here(**store, *setup, observed.account, observed, clock.now());
}

}  // namespace pw
