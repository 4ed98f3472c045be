#include "daemon/app/observations.h"

#include <algorithm>

#include "daemon/poll/recorder.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr std::size_t record_bytes_max = 64 * 1024;

// Where reading this account stands: it goes back as it is, since an observation
// is no look.
Result<AccountState> state_of(Store& store, AccountNumber account) {
  Result<std::vector<AccountState>> states = store.states();
  if (!states) return states.error();
  for (AccountState& state : *states) {
    if (state.account == account) return std::move(state);
  }
  AccountState fresh;
  fresh.account = account;
  return fresh;
}

void take_one(InboxParts& parts, const std::string& path) {
  const Result<std::optional<std::string>> text = parts.state.read(path, record_bytes_max);
  if (text && !*text) return;
  const Result<Done> taken = text ? take_observation(parts, **text) : Result<Done>(text.error());
  if (!taken) {
    parts.log.write(LogLevel::error, "observation_refused",
                    taken.error().detail + "; moved to inbox-refused", {{"file", path}});
    const std::string name = path.substr(path.rfind('/') + 1);
    const std::string target = std::string(refused_folder) + '/' + name;
    if (text && !parts.state.replace(target, **text)) return;
  }
  if (const Result<Done> removed = parts.state.remove(path); !removed)
    throw StoreFailure(removed.error().detail);
}

}  // namespace

const Account* account_named(const std::vector<Account>& accounts, std::string_view name) {
  const Account* found = nullptr;
  for (const Account& account : accounts) {
    if (print_account(account) == name) return &account;
    if (account.handle != name) continue;
    if (found != nullptr) return nullptr;
    found = &account;
  }
  return found;
}

Result<Done> record_observation(Store& store, AccountNumber account, const Observed& observed,
                                const std::string& salt, Instant now) {
  Result<AccountState> state = state_of(store, account);
  if (!state) return state.error();
  StoredPost stored;
  stored.account = account;
  stored.post = post_of(observed);
  stored.digest = digest_of(stored.post);
  stored.salt = salt;
  stored.appeared = appeared_of(observed);
  stored.first_seen = now;
  stored.last_seen = observed.seen;
  // Reported twice by the same person: it is there already.
  const Result<std::vector<KnownPost>> known = store.known_posts(account);
  if (!known) return known.error();
  const bool again = std::any_of(known->begin(), known->end(), [&](const KnownPost& post) {
    return post.id == stored.post.id && post.digest == stored.digest;
  });
  if (again) return Done{};
  const PostEntry entry = entry_of(stored, PostEvent::appeared);
  LookCommit commit;
  commit.state = *std::move(state);
  commit.effective = now;
  commit.posts = {stored};
  commit.leaves = {
      encode(entry),
      encode(RunEntry{now, "observe",
                      "post " + entry.post + ", picture sha256 " + print_hex(observed.digest) +
                          "; " + std::string("one witness, a second is needed")})};
  return store.commit_look(commit);
}

Result<Done> take_observation(InboxParts& parts, std::string_view record) {
  if (record.size() > record_bytes_max)
    return Error{Errc::malformed, "an observation has at most 64 KiB"};
  const Result<Observed> observed = parse_observed(record);
  if (!observed) return Error{Errc::malformed, observed.error().detail};
  const Account* account = account_named(parts.roster.accounts, observed->account);
  if (account == nullptr)
    return Error{Errc::gone, "no account of the roster is called " + observed->account};
  const Result<Done> stored = record_observation(parts.store, account->number, *observed,
                                                 parts.make_salt(), parts.clock.now());
  if (!stored) throw StoreFailure(stored.error().detail);
  parts.log.write(LogLevel::info, "observed", "a person's observation is recorded",
                  {{"account", observed->account}, {"url", observed->url}});
  parts.on_news();
  return Done{};
}

asio::awaitable<void> read_inbox(InboxParts parts) {
  constexpr Millis glance = std::chrono::seconds(5);
  for (;;) {
    const Result<std::vector<FolderFile>> files = parts.state.list(std::string(inbox_folder));
    if (files) {
      for (const FolderFile& file : *files) {
        if (file.path.ends_with(".json")) take_one(parts, file.path);
      }
    }
    co_await parts.clock.sleep_until(parts.clock.now() + glance);
  }
}

}  // namespace pw
