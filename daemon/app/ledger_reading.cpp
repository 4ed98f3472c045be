#include "daemon/app/ledger_reading.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "daemon/ledger/folder.h"
#include "daemon/ledger/judge.h"
#include "daemon/ledger/log_writer.h"

namespace pw {
namespace {

constexpr std::uint64_t small_file_bytes_max = 100'000;

Result<Terms> read_terms(Folder& log, const Digest& digest) {
  const auto bytes = log.read(object_path(digest), object_bytes_max);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::gone, "the terms that the log names are not in its folder"};
  if (sha256(**bytes) != digest)
    return Error{Errc::malformed, "the terms in the log's folder are not the ones it names"};
  return decode_terms(**bytes);
}

// As far as they can be read: the report stands without them.
std::vector<ConnectorRow> read_declarations(Folder& log, const Digest& digest) {
  std::vector<ConnectorRow> rows;
  const auto bytes = log.read(object_path(digest), object_bytes_max);
  if (!bytes || !*bytes || sha256(**bytes) != digest) return rows;
  const auto all = nlohmann::json::parse(**bytes, nullptr, /*allow_exceptions=*/false);
  if (!all.is_object()) return rows;
  for (const auto& [name, declared] : all.items()) {
    ConnectorRow& row = rows.emplace_back();
    row.connector = name;
    const auto words = declared.is_object() ? declared.find("capabilities") : declared.end();
    if (words == declared.end() || !words->is_object()) continue;
    for (const auto& [what, value] : words->items()) {
      if (value.is_string()) row.capabilities.emplace_back(what, value.get<std::string>());
    }
  }
  return rows;
}

std::string read_small(Folder& log, std::string_view name) {
  const auto bytes = log.read(std::string(name), small_file_bytes_max);
  return bytes && *bytes ? **bytes : std::string();
}

Result<Done> judge_leaves(Store& store, Judge& judge, LedgerReading& reading,
                          std::optional<Digest>& declarations) {
  const Result<std::uint64_t> count = store.leaf_count();
  if (!count) return count.error();
  return store.each_leaf(0, *count, [&](std::uint64_t index, std::string_view leaf) {
    const Result<Entry> entry = decode(leaf);
    if (!entry) {
      judge.add_unknown(index, entry.error().detail);
      return true;
    }
    judge.add(index, *entry);
    if (const auto* run = std::get_if<RunEntry>(&*entry))
      reading.runs.push_back({run->at, run->event, run->detail});
    if (const auto* campaign = std::get_if<CampaignEntry>(&*entry))
      declarations = campaign->connectors;
    return true;
  });
}

std::vector<SinkRow> count_deliveries(const std::vector<Delivery>& deliveries) {
  std::map<std::string, SinkRow> rows;
  for (const Delivery& delivery : deliveries) {
    SinkRow& row = rows[delivery.row.sink];
    row.sink = delivery.row.sink;
    if (delivery.state == DeliveryState::delivered)
      ++row.delivered;
    else if (delivery.state == DeliveryState::dead)
      ++row.dead;
    else
      ++row.waiting;
  }
  std::vector<SinkRow> list;
  for (auto& [name, row] : rows) list.push_back(std::move(row));
  return list;
}

FindingRow row_of(const Finding& finding, const StoredPost* post,
                  const std::vector<Review>& reviews) {
  FindingRow row;
  row.finding = finding;
  row.erased = post == nullptr || post->erased;
  if (post != nullptr) {
    row.surface = post->post.surface;
    row.url = post->post.url;
    row.text = post->post.text;
    row.claimed_at = post->post.claimed_at;
    row.removed = post->removed.has_value();
  }
  for (const Review& review : reviews) {
    if (review.finding == finding.id)
      row.reviews.push_back({review.reviewer, review.decision, review.reason, review.at});
  }
  return row;
}

}  // namespace

Result<LedgerReading> read_ledger(const Config& config) {
  Result<std::unique_ptr<Store>> store =
      open_sqlite(config.state_dir + "/pledgewatch.db", OpenMode::read_only);
  if (!store) return store.error();
  Result<std::unique_ptr<Folder>> log = open_folder(config.log_dir);
  if (!log) return log.error();
  LedgerReading reading;
  reading.store = *std::move(store);
  Judge judge([&](const Digest& digest) { return read_terms(**log, digest); });
  std::optional<Digest> declarations;
  if (const auto judged = judge_leaves(*reading.store, judge, reading, declarations); !judged)
    return judged.error();
  if (declarations) reading.connectors = read_declarations(**log, *declarations);
  reading.judgement = judge.judge();
  reading.vkey = read_small(**log, vkey_file);
  while (reading.vkey.ends_with('\n')) reading.vkey.pop_back();
  reading.note = read_small(**log, checkpoint_file);
  if (const auto key = parse_vkey(reading.vkey); key && !reading.note.empty()) {
    if (const Result<Checkpoint> checkpoint = open_checkpoint(reading.note, *key); checkpoint) {
      reading.checkpoint = *checkpoint;
    }
  }
  return reading;
}

Result<ReportInput> report_input(LedgerReading reading) {
  const Result<std::vector<Finding>> findings = reading.store->findings();
  if (!findings) return findings.error();
  const Result<std::vector<Review>> reviews = reading.store->reviews();
  if (!reviews) return reviews.error();
  const Result<std::vector<Delivery>> deliveries = reading.store->deliveries();
  if (!deliveries) return deliveries.error();
  std::set<AccountNumber> concerned;
  for (const Finding& finding : *findings) concerned.insert(finding.account);
  const std::vector<AccountNumber> accounts(concerned.begin(), concerned.end());
  const Result<std::vector<StoredPost>> posts = reading.store->posts_of(accounts);
  if (!posts) return posts.error();
  std::map<std::pair<AccountNumber, std::string_view>, const StoredPost*> by_id;
  for (const StoredPost& post : *posts)
    by_id.emplace(std::pair(post.account, std::string_view(post.post.id)), &post);

  ReportInput input;
  for (const Finding& finding : *findings) {
    const auto post = by_id.find({finding.account, finding.post_id});
    input.findings.push_back(
        row_of(finding, post == by_id.end() ? nullptr : post->second, *reviews));
  }
  input.sinks = count_deliveries(*deliveries);
  input.judgement = std::move(reading.judgement);
  input.connectors = std::move(reading.connectors);
  input.runs = std::move(reading.runs);
  input.checkpoint = reading.checkpoint;
  input.note = std::move(reading.note);
  input.vkey = std::move(reading.vkey);
  return input;
}

}  // namespace pw
