#!/bin/bash
# run.sh [PLEDGEWATCH]: the daemon against a Fedify server on loopback. Takes about
# forty seconds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
program=$(readlink -f "${1:-$root/build/release/pledgewatch}")
[ -x "$program" ] || { echo "no $program: ./dev build"; exit 77; }
node=$("$root/tests/e2e/node.sh")
folder=$(mktemp -d /tmp/pledgewatch-activitypub.XXXXXX)
trap 'rm -rf "$folder"' EXIT
timeout --kill-after=10 120 "$node" "$here/run.mjs" "$program" "$folder"
