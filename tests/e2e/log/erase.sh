#!/bin/bash
# erase.sh PROGRAM: two accounts erased from a campaign on simulated platforms,
# one through the running daemon's socket, one without a daemon; then nothing below the
# state folder or the log has their posts, and the log verifies and says so.
set -euo pipefail
program=$(readlink -f "$1")
work=$(mktemp -d)
simulator='' daemon=''
# shellcheck disable=SC2329 # called by the trap
clean_up() {
  for process in $daemon $simulator; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap clean_up EXIT
die() { echo "erase: $*" >&2; tail -n 3 "$work"/run.log "$work"/simulate.log >&2; exit 1; }
await() { # SECONDS COMMAND...
  local i
  for i in $(seq $(($1 * 5))); do if "${@:2}"; then return; fi; sleep 0.2; done
  die "waited $((i / 5)) s for: ${*:2}"
}

"$program" simulate -o "$work/demo" --day 60 >"$work/simulate.log" 2>&1 &
simulator=$!
await 20 grep -q '^simulating at' "$work/simulate.log"
config=$work/demo/campaign.yaml
"$program" run -c "$config" >"$work/run.log" 2>&1 &
daemon=$!

# "platform:handle<tab>address of a post" of the first two accounts with findings. The
# simulated accounts say the same things; a post's address is its own.
told() {
  "$program" report -c "$config" -o "$work/report" --json 2>/dev/null >"$work/report.log" || return 1
  python3 - "$work/report.log" >"$work/told" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
names = {a['account']: a['platform'] + ':' + a['handle'] for a in report['verdicts']['accounts']}
posts = {}
for finding in report['findings']:
    if finding.get('url'): posts.setdefault(names[finding['account']], finding['url'])
for name, url in list(posts.items())[:2]: print(name + '\t' + url)
PY
  [ "$(wc -l <"$work/told")" -eq 2 ]
}
await 100 told
first=$(sed -n 1p "$work/told")
second=$(sed -n 2p "$work/told")

folders=("$work"/demo/*/)
holds() { grep -raqF -- "$1" "${folders[@]}"; }
holds "${first#*$'\t'}" || die "the post was never there"

answer=$("$program" erase -c "$config" --account "${first%%$'\t'*}" --reason "asked by mail" --by ann)
[[ $answer == erased:* ]] || die "answered $answer"
! holds "${first#*$'\t'}" || die "the running daemon left something behind"

kill -TERM "$daemon"
wait "$daemon" || true
daemon=''
"$program" erase -c "$config" --account "${second%%$'\t'*}" --reason "asked by mail" --by ann >/dev/null
! holds "${second#*$'\t'}" || die "something is left without a daemon"
if "$program" erase -c "$config" --account nobody --reason x --by ann 2>"$work/none.log"; then die "nobody was erased"; fi
grep -q "the roster has no 'nobody'" "$work/none.log"

"$program" verify "$work/demo/log" --key "$work/demo/log/log.vkey" >"$work/verify.log" || die "the log does not verify"
[ "$(grep -c '^erased: the content of .* by ann' "$work/verify.log")" -eq 2 ] || die "verify does not say who"
"$program" report -c "$config" -o "$work/report" >/dev/null
grep -q 'content was erased' "$work/report/report.html" || die "the report does not say so"
grep -rqF -- "${first#*$'\t'}" "$work/report" && die "the report still has the post"
"$program" receipt -c "$config" --account "${first%%$'\t'*}" -o "$work/receipt" >/dev/null
grep -q '"erased":\[{"at"' "$work/receipt/receipt.json" || die "the receipt does not say so"
echo "two accounts erased, one by the daemon; nothing of theirs is left, the log verifies"
