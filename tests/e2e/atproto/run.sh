#!/bin/bash
# The AT Protocol test: private databases, a real network, the daemon.
#
#   run.sh [PLEDGEWATCH]       the test; PLEDGEWATCH defaults to build/release/pledgewatch
#   run.sh --capture FOLDER    saves a real network's answers instead
#
# KEEP=1 leaves the run's folder for a look. Exit code 77 means: skipped, since
# something that the test needs is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

run_dir=$(mktemp -d /tmp/pledgewatch-atproto.XXXXXX)
clean_up() {
  "$here/servers.sh" stop "$run_dir/servers" || true
  if [ -n "${KEEP:-}" ]; then echo "kept: $run_dir"; else rm -rf "$run_dir"; fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for program in redis-server npm; do
  command -v "$program" >/dev/null || { echo "skipped: no $program (./dev test --e2e installs it)"; exit 77; }
done
[ -d /usr/lib/postgresql ] || { echo "skipped: no postgresql (./dev test --e2e installs it)"; exit 77; }

node=$("$root/tests/e2e/node.sh")
chmod 711 "$run_dir"
"$here/servers.sh" start "$run_dir/servers"
# shellcheck disable=SC1091
. "$run_dir/servers/servers.env"

case ${1:-} in
  --capture) "$node" "$here/capture.mjs" "$2" "$run_dir" ;;
  *) "$node" "$here/run.mjs" "${1:-$root/build/release/pledgewatch}" "$run_dir" ;;
esac
