#!/bin/bash
# Meta's SDK against the simulated platforms.
#   meta.sh [PLEDGEWATCH]     defaults to build/release/pledgewatch
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
command -v npm >/dev/null || { echo "skipped: no npm (./dev test --e2e installs it)"; exit 77; }
node=$("$root/tests/e2e/node.sh")
exec "$node" "$root/tests/e2e/clients/meta.mjs" "${1:-$root/build/release/pledgewatch}"
