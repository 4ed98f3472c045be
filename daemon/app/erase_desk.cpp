#include "daemon/app/erase_desk.h"

#include <algorithm>
#include <map>

#include "daemon/app/observations.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/evidence.h"
#include "daemon/poll/recorder.h"

namespace pw {
namespace {

// Files beside the log that hold something of the account, by what the log says.
class FileFinder {
 public:
  explicit FileFinder(AccountNumber account) : account_(account) {}

  void take(const Entry& entry) {
    if (const auto* post = std::get_if<PostEntry>(&entry)) {
      if (post->account == account_) posts_.insert(post->post);
    } else if (const auto* evidence = std::get_if<EvidenceEntry>(&entry)) {
      if (evidence->account == account_) records.insert(evidence_path(evidence->record));
    } else if (const auto* run = std::get_if<RunEntry>(&entry)) {
      if (run->event == "observe") take_observation(run->detail);
    }
  }

  std::set<std::string> records;   // paths
  std::set<std::string> pictures;  // digests, hexadecimal

 private:
  // "post <name>, picture sha256 <digest>; …", as record_observation writes it.
  void take_observation(const std::string& detail) {
    constexpr std::string_view head = "post ";
    constexpr std::string_view middle = ", picture sha256 ";
    const std::size_t at = detail.find(middle);
    if (!detail.starts_with(head) || at == detail.npos) return;
    if (!posts_.contains(detail.substr(head.size(), at - head.size()))) return;
    pictures.insert(detail.substr(at + middle.size(), 2 * Digest{}.size()));
  }

  AccountNumber account_;
  std::set<std::string> posts_;
};

bool may_still_go(const Delivery& delivery) {
  return delivery.state == DeliveryState::ready || delivery.state == DeliveryState::leased;
}

}  // namespace

Result<Erased> EraseDesk::erase(const EraseRequest& request, Instant now) {
  if (request.who.empty()) return Error{Errc::malformed, "who asks for the erasure?"};
  if (request.why.empty()) return Error{Errc::malformed, "an erasure needs a reason"};
  const Result<std::vector<StoredPost>> posts = store_.posts_of({&request.account, 1});
  if (!posts) return posts.error();
  if (posts->empty()) return Error{Errc::gone, "nothing is kept of this account"};
  ErasureCommit commit;
  commit.account = request.account;
  for (const StoredPost& post : *posts) {
    if (post.erased) continue;
    const std::string name = entry_of(post, PostEvent::baseline).post;
    commit.leaves.push_back(
        encode(ErasureEntry{request.account, name, request.who, sha256(request.why), now}));
  }
  Erased erased;
  erased.posts = commit.leaves.size();
  Result<std::vector<OutboxRow>> others = tell_others_alone(request.account, now);
  if (!others) return others.error();
  commit.outbox = *std::move(others);
  for (const OutboxRow& row : commit.outbox) erased.retold.push_back(row.sink + ' ' + row.id);
  // The log's word first: what a crash leaves then is what asking again ends.
  const Result<Done> stored = store_.erase(commit);
  if (!stored && stored.error().code != Errc::rate_limited) return stored.error();
  const Result<std::size_t> files = remove_files(request.account);
  if (!files) return files.error();
  erased.files = *files;
  if (!stored) return stored.error();
  return erased;
}

// A message that waits and tells of several findings is not sent any more; those of
// others among them are told one by one.
Result<std::vector<OutboxRow>> EraseDesk::tell_others_alone(AccountNumber account, Instant now) {
  const Result<std::vector<Finding>> findings = store_.findings();
  if (!findings) return findings.error();
  const Result<std::vector<Delivery>> deliveries = store_.deliveries();
  if (!deliveries) return deliveries.error();
  std::map<std::string_view, const Finding*> by_id;
  for (const Finding& finding : *findings) by_id.emplace(finding.id, &finding);
  std::vector<OutboxRow> rows;
  for (const Delivery& delivery : *deliveries) {
    if (!may_still_go(delivery) || delivery.row.also.empty()) continue;
    std::vector<const Finding*> told;
    for (const auto& [id, finding] : by_id) {
      const auto& also = delivery.row.also;
      if (id == delivery.row.finding || std::find(also.begin(), also.end(), id) != also.end())
        told.push_back(finding);
    }
    const auto is_theirs = [&](const Finding* f) { return f->account == account; };
    if (std::none_of(told.begin(), told.end(), is_theirs)) continue;
    for (const Finding* finding : told) {
      if (is_theirs(finding)) continue;
      if (auto row = alone(delivery, *finding, now)) rows.push_back(*std::move(row));
    }
  }
  return rows;
}

std::optional<OutboxRow> EraseDesk::alone(const Delivery& shared, const Finding& finding,
                                          Instant now) {
  const auto& at = grounds_.account_at;
  if (finding.account >= at.size() || at[finding.account] == 0) return std::nullopt;
  const Account& account = grounds_.roster.accounts[at[finding.account] - 1];
  const auto sink = std::find_if(grounds_.sinks.begin(), grounds_.sinks.end(),
                                 [&](const SinkRoute& r) { return r.name == shared.row.sink; });
  const Result<std::vector<StoredPost>> posts = store_.posts_of({&finding.account, 1});
  if (sink == grounds_.sinks.end() || !posts) return std::nullopt;
  const auto post = std::find_if(posts->begin(), posts->end(), [&](const StoredPost& one) {
    return one.post.id == finding.post_id;
  });
  if (post == posts->end()) return std::nullopt;
  const Subject subject{finding, *post, account, grounds_.roster.pledges[account.pledge]};
  return OutboxRow{"msg_" + finding.id + "-e", sink->name, finding.id, sink->body(subject, now),
                   now};
}

Result<std::size_t> EraseDesk::remove_files(AccountNumber account) {
  FileFinder finder(account);
  const Result<std::uint64_t> count = store_.leaf_count();
  if (!count) return count.error();
  const Result<Done> read = store_.each_leaf(0, *count, [&](std::uint64_t, std::string_view leaf) {
    if (leaf.ends_with(R"("type":"looks"})")) return true;
    if (const Result<Entry> entry = decode(leaf)) finder.take(*entry);
    return true;
  });
  if (!read) return read.error();
  const auto pictures = state_.list(std::string(observations_folder));
  if (!pictures) return pictures.error();
  std::set<std::string> paths = finder.records;
  for (const FolderFile& file : *pictures) {
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    if (finder.pictures.contains(name.substr(0, name.find('.')))) paths.insert(file.path);
  }
  const auto evidence = state_.list(std::string(evidence_folder));
  if (!evidence) return evidence.error();
  std::size_t removed = 0;
  const auto there = [&](const std::string& path) {
    const auto is_it = [&](const FolderFile& file) { return file.path == path; };
    return std::any_of(evidence->begin(), evidence->end(), is_it) ||
           std::any_of(pictures->begin(), pictures->end(), is_it);
  };
  for (const std::string& path : paths) {
    if (!there(path)) continue;
    if (const Result<Done> gone = state_.remove(path); !gone) return gone.error();
    ++removed;
  }
  return removed;
}

}  // namespace pw
