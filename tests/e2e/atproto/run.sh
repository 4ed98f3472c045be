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
seconds=540  # less than ctest's patience, so that cleaning up is ours

for program in redis-server npm; do
  command -v "$program" >/dev/null || { echo "skipped: no $program (./dev test --e2e installs it)"; exit 77; }
done
[ -d /usr/lib/postgresql ] || { echo "skipped: no postgresql (./dev test --e2e installs it)"; exit 77; }

# A run that was killed outright left its processes and servers behind; its
# folder names them. A process id may belong to somebody else by now.
sweep() {
  local stale=$1 child
  child=$(cat "$stale/child" 2>/dev/null || true)
  if [ -n "$child" ] && grep -qaF "$stale" "/proc/$child/cmdline" 2>/dev/null; then
    kill "$child"
    tail --pid="$child" -f /dev/null
  fi
  "$here/servers.sh" stop "$stale/servers"
  rm -rf "$stale"
}
for stale in /tmp/pledgewatch-atproto.*; do
  if [ -s "$stale/pid" ] && ! kill -0 "$(cat "$stale/pid")" 2>/dev/null; then sweep "$stale"; fi
done

run_dir=$(mktemp -d /tmp/pledgewatch-atproto.XXXXXX)
echo $$ >"$run_dir/pid"
child=
# shellcheck disable=SC2317  # called by the trap
clean_up() {
  # timeout passes the signal on to all that it started.
  if [ -n "$child" ] && kill "$child" 2>/dev/null; then wait "$child" || true; fi
  "$here/servers.sh" stop "$run_dir/servers" || true
  if [ -n "${KEEP:-}" ]; then rm "$run_dir/pid" && echo "kept: $run_dir"; else rm -rf "$run_dir"; fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

node=$("$root/tests/e2e/node.sh")
chmod 711 "$run_dir"  # PostgreSQL's user must pass through
"$here/servers.sh" start "$run_dir/servers"
# shellcheck disable=SC1091
. "$run_dir/servers/servers.env"

case ${1:-} in
  --capture) script=("$here/capture.mjs" "$2") ;;
  *) script=("$here/run.mjs" "$(readlink -f "${1:-$root/build/release/pledgewatch}")") ;;
esac
timeout --kill-after=20 "$seconds" "$node" "${script[@]}" "$run_dir" &
child=$!
echo "$child" >"$run_dir/child"
wait "$child" && status=0 || status=$?
child=
if [ "$status" -eq 124 ]; then echo "not finished after $seconds s"; fi
exit "$status"
