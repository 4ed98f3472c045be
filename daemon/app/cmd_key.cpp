// `pledgewatch key new`.
#include <cstdio>

#include "daemon/app/commands.h"
#include "daemon/ledger/key.h"

namespace pw {

int make_signing_key(const KeyOptions& options) {
  const Result<SignerKey> key = make_key(options.name);
  if (!key) {
    std::fprintf(stderr, "pledgewatch: %s\n", key.error().detail.c_str());
    return exit_usage;
  }
  if (const Result<Done> written = write_key_file(options.file, *key); !written) {
    std::fprintf(stderr, "pledgewatch: %s\n", written.error().detail.c_str());
    return exit_world;
  }
  std::printf("%s\n", print_vkey(verifier_of(*key)).c_str());
  return exit_fine;
}

}  // namespace pw
