// The raw answer that showed a post, and the answer before it that did not, kept
// as a WARC file beside the log (never inside it: the content is personal, and can
// be erased). The log names the file by its digest.
//
// Memory: of each account the last answer that differed from the one before, gzip
// compressed, as long as all of them take no more than `kept_bytes_max`; beyond it,
// and after a restart, the file holds one answer and says why the other is missing.
#pragma once

#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/warc.h"

namespace pw {

inline constexpr std::string_view evidence_folder = "evidence/";
inline constexpr std::size_t kept_bytes_max = 256'000'000;
// A longer answer is evidence only by its digest.
inline constexpr std::size_t evidence_bytes_max = 8'000'000;

// "evidence/<sha256>.warc.gz"
std::string evidence_path(const Digest& record);

class EvidenceKeeper {
 public:
  // `folder` outlives it; it is the state's, not the log's.
  EvidenceKeeper(Folder& folder, Redactor redactor, std::string software)
      : folder_(folder), redactor_(std::move(redactor)), software_(std::move(software)) {}

  // An answer with posts that nobody had seen before, named as the log names them;
  // none: it only becomes the answer before the next. `last_without` is the last
  // look before it. Returns what the log is to say: one entry a post, all of one file.
  Result<std::vector<EvidenceEntry>> take(AccountNumber account, const HttpRequest& request,
                                          const HttpResponse& response,
                                          const std::vector<std::string>& posts,
                                          Instant last_without);

 private:
  struct Kept {
    std::string packed;  // response, gzip; empty: none, or too much
    std::string request;
    std::string uri;
    std::string ip;
    Instant at{};
  };
  static Capture capture_of(const Kept& kept, Instant last_without);
  void keep(Kept& kept, Capture capture);

  Folder& folder_;
  Redactor redactor_;
  std::string software_;
  std::vector<Kept> kept_;  // by account number
  std::size_t kept_bytes_ = 0;
};

}  // namespace pw
