#include "daemon/ledger/receipt.h"

#include <algorithm>
#include <map>
#include <set>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/judgement_json.h"
#include "daemon/ledger/proof_file.h"
#include "daemon/ledger/sentence.h"
#include "daemon/ledger/tiles.h"

namespace pw {
namespace {

using nlohmann::json;

// What of the log concerns one account.
class Gatherer {
 public:
  explicit Gatherer(AccountNumber account) : account_(account) {}

  void take(std::uint64_t index, std::string_view leaf) {
    const Result<Entry> entry = decode(leaf);
    if (!entry) return;
    leaf_ = leaf;
    index_ = index;
    std::visit([this](const auto& e) { see(e); }, *entry);
  }

  // Leaves to show, by index.
  std::map<std::uint64_t, std::string> shown() const {
    std::map<std::uint64_t, std::string> all = leaves_;
    if (!first_looks_.second.empty()) all.insert(first_looks_);
    if (!last_looks_.second.empty()) all.insert(last_looks_);
    return all;
  }
  json looks = json::array();
  json erased = json::array();

 private:
  void show() { leaves_.emplace(index_, leaf_); }
  void see(const CampaignEntry&) { show(); }
  void see(const RunEntry&) {}
  void see(const PinEntry& e) { show_if(e.account == account_); }
  void see(const PostEntry& e) { show_if(e.account == account_); }
  void see(const EvidenceEntry& e) { show_if(e.account == account_); }
  void see(const ErasureEntry& e) {
    if (e.account != account_) return;
    erased.push_back({{"post", printable_text(e.post)},
                      {"at", print_rfc3339(printable(e.at))},
                      {"who", printable_text(e.who)}});
    show();
  }
  void see(const HabitEntry& e) { show_if(e.account == account_); }
  void see(const FindingEntry& e) {
    if (e.finding.account != account_) return;
    findings_.insert(e.finding.id);
    show();
  }
  void see(const ReviewEntry& e) { show_if(findings_.contains(e.finding)); }
  void see(const DeliveryEntry& e) { show_if(findings_.contains(e.finding)); }
  void see(const LooksEntry& e) {
    for (const Look& look : e.looks) {
      if (look.account != account_) continue;
      looks.push_back(
          {print_rfc3339(printable(look.effective)), std::string(name_of(look.outcome)), index_});
      if (first_looks_.second.empty()) first_looks_ = {index_, leaf_};
      last_looks_ = {index_, leaf_};
    }
  }
  void show_if(bool concerns) {
    if (concerns) show();
  }

  AccountNumber account_;
  std::string leaf_;
  std::uint64_t index_ = 0;
  std::set<std::string> findings_;
  std::map<std::uint64_t, std::string> leaves_;
  std::pair<std::uint64_t, std::string> first_looks_;
  std::pair<std::uint64_t, std::string> last_looks_;
};

json verdicts_of(const Judgement& judgement, AccountNumber account) {
  json list = json::array();
  for (const AccountVerdict& v : judgement.accounts) {
    if (v.account.number != account) continue;
    json verdict = account_json(v);
    verdict["sentence"] = printable_text(sentence_of(v));
    list.push_back(std::move(verdict));
  }
  return list;
}

// A fuller bundle has the thinner one's leaves.
Result<std::string> read_bundle(Folder& log, std::uint64_t index, unsigned width) {
  for (unsigned w = width; w <= tile_width; ++w) {
    auto bytes = log.read(entries_path(index, w), bundle_bytes_max);
    if (!bytes) return bytes.error();
    if (*bytes) return **std::move(bytes);
  }
  return Error{Errc::gone, entries_path(index, width) + " is missing"};
}

}  // namespace

Result<Done> each_leaf_of(Folder& log, std::uint64_t size,
                          const std::function<void(std::uint64_t, std::string_view)>& visit) {
  for (std::uint64_t first = 0; first < size; first += tile_width) {
    const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, size - first));
    const Result<std::string> bundle = read_bundle(log, first / tile_width, width);
    if (!bundle) return bundle.error();
    std::size_t at = 0;
    for (unsigned i = 0; i < width; ++i) {
      const auto leaf = next_entry(*bundle, at);
      if (!leaf) return Error{Errc::malformed, "a bundle of entries is cut short"};
      visit(first + i, *leaf);
    }
  }
  return Done{};
}

Result<std::vector<ReceiptFile>> make_receipt(Folder& log, const Checkpoint& checkpoint,
                                              const std::string& note, const Judgement& judgement,
                                              AccountNumber account) {
  Gatherer gatherer(account);
  const Result<Done> read =
      each_leaf_of(log, checkpoint.size,
                   [&](std::uint64_t index, std::string_view leaf) { gatherer.take(index, leaf); });
  if (!read) return read.error();
  std::vector<ReceiptFile> files(1);
  json entries = json::array();
  for (const auto& [index, leaf] : gatherer.shown()) {
    const Result<ProofFile> proof = make_proof_file(log, index, checkpoint, note);
    if (!proof) return proof.error();
    const std::string name = "leaf-" + std::to_string(index);
    entries.push_back({{"leaf", index}, {"file", name + ".json"}});
    files.push_back({name + ".json", leaf});
    files.push_back({name + std::string(proof_extension), print_proof_file(*proof)});
  }
  const json receipt = {{"type", "receipt"},
                        {"campaign", printable_text(judgement.campaign)},
                        {"as_of", print_rfc3339(printable(judgement.as_of))},
                        {"account", account},
                        {"verdicts", verdicts_of(judgement, account)},
                        {"looks", std::move(gatherer.looks)},
                        {"entries", std::move(entries)},
                        {"erased", std::move(gatherer.erased)},
                        {"checkpoint", printable_text(note)}};
  const Result<std::string> text = print_jcs(receipt);
  if (!text) return text.error();
  files[0] = {"receipt.json", *text + '\n'};
  return files;
}

}  // namespace pw
