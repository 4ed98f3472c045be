#include "daemon/ledger/key.h"

#include "daemon/ledger/ed25519.h"
#include "daemon/ledger/folder.h"

namespace pw {

Result<SignerKey> make_key(std::string_view name) {
  if (!is_key_name(name)) {
    return Error{Errc::refused, "a key's name is not empty and has neither spaces nor '+'"};
  }
  return SignerKey{std::string(name), random_seed()};
}

Result<SignerKey> read_key_file(const std::string& path) {
  auto bytes = read_private_file(path, 4096);
  if (!bytes) return bytes.error();
  if (bytes->ends_with('\n')) bytes->pop_back();
  auto key = parse_skey(*bytes);
  // The detail never quotes the file: it may be almost right.
  if (!key) return Error{Errc::malformed, path + ": " + key.error().detail};
  return key;
}

Result<Done> write_key_file(const std::string& path, const SignerKey& key) {
  return write_private_file(path, print_skey(key) + '\n');
}

}  // namespace pw
