// The raw answer that showed a post, and the answer before it that did not, kept
// as a WARC file beside the log (never inside it: the content is personal, and can
// be erased). The log names the file by its digest.
//
// Of each account the last answer that differed from the one before waits in a file
// without a name: four bytes of memory an account. Where that file does not take it
// (a full disk, more than a slot compressed), and after a restart, the evidence holds
// one answer and says that the other is missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/quick_pack.h"
#include "daemon/ledger/slot_file.h"
#include "daemon/ledger/warc.h"

namespace pw {

inline constexpr std::string_view evidence_folder = "evidence/";
// A longer answer is evidence only by its digest.
inline constexpr std::size_t evidence_bytes_max = 8'000'000;

// "evidence/<sha256>.warc.gz"
std::string evidence_path(const Digest& record);

class EvidenceKeeper {
 public:
  // `folder` outlives it; it is the state's, not the log's. So is where `waiting` lies.
  EvidenceKeeper(Folder& folder, SlotFile waiting, Redactor redactor, std::string software)
      : folder_(folder),
        waiting_(std::move(waiting)),
        redactor_(std::move(redactor)),
        software_(std::move(software)) {}

  // An answer with posts that nobody had seen before, named as the log names them;
  // none: it only becomes the answer before the next. `last_without` is the last
  // look before it. Returns what the log is to say: one entry a post, all of one file.
  Result<std::vector<EvidenceEntry>> take(AccountNumber account, const HttpRequest& request,
                                          const HttpResponse& response,
                                          const std::vector<std::string>& posts,
                                          Instant last_without);

  // What waits of this account is gone: its content was erased.
  void forget(AccountNumber account);

 private:
  std::optional<Capture> kept(AccountNumber account, Instant last_without) const;
  void keep(AccountNumber account, const Capture& capture);

  Folder& folder_;
  SlotFile waiting_;
  QuickPacker packer_;
  std::vector<std::uint32_t> sizes_;  // by account number, of what waits; 0: nothing
  Redactor redactor_;
  std::string software_;
};

}  // namespace pw
