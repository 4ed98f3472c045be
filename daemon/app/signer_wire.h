// How the daemon talks to the signer: one JSON object on one line each way, over a
// unix socket, one question a connection.
//
//   {"op":"standing"}                                -> {"vkey":…,"note":…}
//   {"op":"sign","checkpoint":…,"proof":[hex…]}   -> {"note":…}
//   {"op":"adopt","note":…}                          -> {}
//   anything that is refused                         -> {"error":…}
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/ledger/signer.h"

namespace pw {

inline constexpr std::size_t signer_line_bytes_max = 262'144;

// What the signer answers to one line. Never fails: a bad question gets an error.
std::string answer_signer_line(std::string_view line, Signer& signer, const std::string& vkey,
                               const std::string& last_note);

// The signer behind `path`; each call connects anew and takes at most five
// seconds. Blocks: a checkpoint is signed once a minute.
class SignerSocket final : public SignerLink {
 public:
  explicit SignerSocket(std::string path) : path_(std::move(path)) {}
  Result<Standing> standing() override;
  Result<std::string> sign(const Checkpoint& next, std::span<const Digest> proof) override;
  Result<Done> adopt(std::string_view note) override;

 private:
  std::string path_;
};

}  // namespace pw
