#include "tests/ledger/sample_log.h"

#include <stdexcept>

namespace pw {

LeafList leaves_of(const Day& day, MemoryFolder& folder) {
  const Digest terms = *write_object(folder, encode_terms(day.terms));
  const Digest rules = *write_object(folder, "rules: []\n", ".yaml");
  const Digest connectors = *write_object(folder, "{}");
  LeafList list;
  for (Entry entry : day.entries) {
    if (auto* campaign = std::get_if<CampaignEntry>(&entry)) {
      campaign->terms = terms;
      campaign->rules = rules;
      campaign->connectors = connectors;
    }
    list.leaves.push_back(encode(entry));
  }
  return list;
}

SampleLog write_day(const std::string& script) {
  SampleLog log;
  const LeafList all = leaves_of(parse_day(script), log.folder);
  auto signer = Signer::open(sample_key(), log.state);
  LogWriter writer(log.folder, *signer);
  for (const std::size_t size :
       {all.leaves.size() / 3, all.leaves.size() * 2 / 3, all.leaves.size()}) {
    log.source.leaves.assign(all.leaves.begin(),
                             all.leaves.begin() + static_cast<std::ptrdiff_t>(size));
    if (!writer.catch_up(log.source)) throw std::runtime_error("the sample log cannot be written");
  }
  return log;
}

}  // namespace pw
