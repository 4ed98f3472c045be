#!/bin/bash
# run.sh SCRIPT [PLEDGEWATCH]: one outside client against the simulated platforms.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
program=$(readlink -f "${2:-$root/build/release/pledgewatch}")
[ -x "$program" ] || { echo "no $program: ./dev build"; exit 77; }
node=$("$root/tests/e2e/node.sh")
folder=$(mktemp -d /tmp/pledgewatch-clients.XXXXXX)
trap 'rm -rf "$folder"' EXIT
timeout --kill-after=10 120 "$node" "$here/$1" "$program" "$folder"
