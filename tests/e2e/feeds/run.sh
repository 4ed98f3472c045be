#!/bin/bash
# run.sh [PLEDGEWATCH]: the daemon against nginx that serves feeds with ETags, packed
# with gzip. Takes about half a minute.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
program=$(readlink -f "${1:-$root/build/release/pledgewatch}")
[ -x "$program" ] || { echo "no $program: ./dev build"; exit 77; }
[ -x /usr/sbin/nginx ] || { echo "no nginx: apt-get install nginx-light"; exit 77; }
node=$("$root/tests/e2e/node.sh")
folder=$(mktemp -d /tmp/pledgewatch-nginx.XXXXXX)
trap 'rm -rf "$folder"' EXIT
timeout --kill-after=10 120 "$node" "$here/run.mjs" "$program" "$folder"
