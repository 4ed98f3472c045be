#include "daemon/ledger/evidence.h"

#include <algorithm>

namespace pw {

std::string evidence_path(const Digest& record) {
  return std::string(evidence_folder) + print_hex(record) + ".warc.gz";
}

Capture EvidenceKeeper::capture_of(const Kept& kept, Instant last_without) {
  Capture capture;
  capture.at = kept.at;
  capture.request = kept.request;
  capture.response = unpack_gzip(kept.packed, evidence_bytes_max + 65'536);
  capture.uri = kept.uri;
  capture.ip = kept.ip;
  capture.fields = {{"look", "the last answer without the post"},
                    {"unchangedUntil", print_rfc3339(std::max(kept.at, last_without))}};
  return capture;
}

void EvidenceKeeper::keep(Kept& kept, Capture capture) {
  kept_bytes_ -= kept.packed.size();
  kept.packed.clear();
  kept.at = capture.at;
  if (capture.response.size() > evidence_bytes_max) return;
  std::string packed = pack_gzip(capture.response);
  if (kept_bytes_ + packed.size() > kept_bytes_max) return;
  kept.packed = std::move(packed);
  kept.packed.shrink_to_fit();
  kept_bytes_ += kept.packed.size();
  kept.request = std::move(capture.request);
  kept.uri = std::move(capture.uri);
  kept.ip = std::move(capture.ip);
}

Result<std::vector<EvidenceEntry>> EvidenceKeeper::take(AccountNumber account,
                                                        const HttpRequest& request,
                                                        const HttpResponse& response,
                                                        const std::vector<std::string>& posts,
                                                        Instant last_without) {
  if (account >= kept_.size()) kept_.resize(account + 1);
  Kept& kept = kept_[account];
  Capture now;
  now.at = response.received;
  now.request = print_request(request, redactor_);
  now.response = print_response(response, redactor_);
  now.uri = redactor_.redact(request.url);
  now.ip = response.peer;
  now.fields = {{"look", "the first answer with the post"}};
  std::vector<EvidenceEntry> entries;
  if (!posts.empty() && now.response.size() <= evidence_bytes_max) {
    std::vector<Capture> captures;
    if (!kept.packed.empty())
      captures.push_back(capture_of(kept, last_without));
    else
      now.fields.emplace_back("before", "the answer before was not kept; the log has its digest");
    captures.push_back(now);
    const std::string file = print_warc(software_, captures);
    const Digest record = sha256(file);
    if (const auto written = folder_.replace(evidence_path(record), file); !written)
      return written.error();
    for (const std::string& post : posts) entries.push_back({account, post, record, now.at});
  }
  keep(kept, std::move(now));
  return entries;
}

}  // namespace pw
