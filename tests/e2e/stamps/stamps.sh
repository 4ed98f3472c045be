#!/bin/bash
# stamps.sh PROGRAM: the daemon shows its checkpoints to a time stamp authority made of
# `openssl ts` behind HTTP. Four days side by side: one that is stamped from its start to
# its close, and then sabotaged; three whose authority answers 500, garbage, or not at all.
set -euo pipefail
program=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
pids=()
# shellcheck disable=SC2329 # called by the traps
clean_up() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
}
trap 'clean_up; rm -rf "$work"' EXIT
day=''
die() { echo "stamps: $day: $*" >&2; tail -n 5 "$work/$day"/*.txt >&2 2>/dev/null || true; exit 1; }
await() { # SECONDS COMMAND...
  local i
  for i in $(seq $(($1 * 5))); do if "${@:2}"; then return; fi; sleep 0.2; done
  die "waited $((i / 5)) s for: ${*:2}"
}

# An authority and a campaign that shows it its checkpoints, in $folder.
set_up() { # NAME SECONDS MODE
  day=$1
  folder=$work/$1
  mkdir -p "$folder/tsa"
  echo "$3" >"$folder/tsa/mode"
  python3 "$here/authority.py" "$folder/tsa" 2>"$folder/authority.txt" &
  pids+=($!)
  await 20 test -s "$folder/tsa/port"
  "$program" simulate -o "$folder/demo" --accounts 12 --day "$2" >"$folder/simulate.txt" 2>&1 &
  pids+=($!)
  await 20 grep -q '^simulating at' "$folder/simulate.txt"
  local port
  port=$(cat "$folder/tsa/port")
  config=$folder/demo/campaign.yaml
  sed -i -e "s|^log: { dir: log, |log: { dir: log, stamp: { url: \"http://127.0.0.1:$port/\", every: 1m, allow_hosts: [127.0.0.1], allow_ports: [$port] }, |" \
    -e 's|^  - name: organisers|&\n    operators: true|' "$config"
  grep -q 'stamp:' "$config" || die "no stamp in $config"
}
start() { # ARGUMENTS...
  "$program" run -c "$config" "$@" >"$folder/run.txt" 2>&1 </dev/null &
  daemon=$!
  pids+=("$daemon")
}
stop() {
  local begun=$SECONDS
  kill -TERM "$daemon"
  wait "$daemon" || die "the daemon did not end well"
  [ $((SECONDS - begun)) -lt 10 ] || die "the stop took $((SECONDS - begun)) s"
}
verify() { "$program" verify "$folder/demo/log" --key "$folder/demo/log/log.vkey" "$@"; }
# What is not well makes status answer no; its figures stand in what it prints.
looks() {
  { "$program" status -c "$config" --json 2>/dev/null || true; } >"$folder/status.json"
  sed -n '/"coverage"/,/}/s/.*"looks": \([0-9]*\).*/\1/p' "$folder/status.json"
}
more_looks() { [ "$(looks)" -gt "$1" ]; }

# Every stamp by openssl alone, over the note that it names; the last is the log's end.
openssl_agrees() {
  local stamp size
  mkdir -p "$folder/notes"
  python3 "$here/notes.py" "$folder/demo/log" "$folder/notes"
  for stamp in "$folder"/demo/log/stamps/*.tsr; do
    size=$(basename "$stamp" .tsr)
    openssl ts -verify -data "$folder/notes/$size" -in "$stamp" -CAfile "$folder/tsa/ca.pem" \
      >"$folder/openssl.txt" 2>&1 || die "openssl refuses the stamp of $size leaves"
    grep -q 'Verification: OK' "$folder/openssl.txt" || die "openssl does not verify $stamp"
  done
}
last_size() { sed -n 2p "$folder/demo/log/checkpoint"; }

# refused WORDS: what verify says of the log as it is now, which was a good one.
refused() {
  local code=0
  verify --tsa "$folder/tsa/ca.pem" >"$folder/verify.txt" || code=$?
  if [ "$code" != 1 ] || ! grep -qF -- "$1" "$folder/verify.txt"; then
    cat "$folder/verify.txt"
    die "wanted '$1', got code $code"
  fi
}
sabotage() {
  local stamps=$folder/demo/log/stamps size good
  size=$(last_size)
  good=$folder/good.tsr
  cp "$stamps/$size.tsr" "$good"
  # The same checkpoint by an authority that nobody named.
  openssl ts -query -data "$folder/notes/$size" -sha256 -cert -out "$work/strange/query.tsq" 2>/dev/null
  (cd "$work/strange" && openssl ts -reply -config ts.cnf -section t -queryfile query.tsq -out "$stamps/$size.tsr" 2>/dev/null)
  refused "DAMAGED: stamps/$size.tsr: the authority's signature does not hold"
  # The signature, the last bytes of the answer, changed.
  cp "$good" "$stamps/$size.tsr"
  printf '\xff\xff\xff' | dd of="$stamps/$size.tsr" bs=1 seek=$(($(stat -c %s "$good") - 9)) conv=notrunc status=none
  refused "DAMAGED: stamps/$size.tsr: the authority's signature does not hold"
  head -c 100 "$good" >"$stamps/$size.tsr"
  refused "DAMAGED: stamps/$size.tsr: no time stamp response"
  # A good stamp under another name: of another checkpoint, of none.
  local first
  first=$(find "$folder/notes" -type f -printf '%f\n' | sort -n | head -n 1)
  cp "$good" "$stamps/$size.tsr"
  cp "$good" "$stamps/$first.tsr"
  refused "DAMAGED: stamps/$first.tsr: it stamps another text"
  rm "$stamps/$first.tsr"
  cp "$good" "$stamps/$((size + 1)).tsr"
  refused "DAMAGED: stamps/$((size + 1)).tsr: a stamp of a checkpoint that the history does not have"
  rm "$stamps/$((size + 1)).tsr"
  verify --tsa "$folder/tsa/ca.pem" >"$folder/verify.txt" || die "the log is not good again"
}

# From the start to the close: the last stamp is of the last checkpoint.
stamped_day() {
  set_up stamped 60 well
  python3 "$here/authority.py" "$work/strange" 2>"$folder/strange.txt" &
  pids+=($!)
  start --until-closed
  wait "$daemon" || die "the daemon did not end well"
  await 20 test -s "$work/strange/port"
  [ -e "$folder/demo/log/stamps/$(last_size).tsr" ] || die "the last checkpoint has no stamp"
  [ "$(find "$folder/demo/log/stamps" -name '*.tsr' | wc -l)" -ge 3 ] || die "not stamped all day"
  verify --tsa "$folder/tsa/ca.pem" >"$folder/verify.txt" || die "verify refuses the stamps"
  grep -q "stamped at .* by .*CN = authority-tsa\$" "$folder/verify.txt" || die "verify does not say by whom"
  grep -q "consistent; the authority saw the checkpoint of $(last_size) leaves" "$folder/verify.txt" ||
    die "verify does not say what the authority saw"
  openssl_agrees
  sabotage
}

# The day goes on, the operators are told, the stop is in time; when the authority is well
# again so are the stamps, where WELL is given.
bad_day() { # MODE WORDS [WELL]
  set_up "$1" 600 "$1"
  start
  await 60 grep -q "operators.*the time stamp authority gives no stamps.*$2" "$folder/run.txt"
  await 20 grep -q 'pledgewatch.operators.*the time stamp authority gives no stamps' "$folder/demo/received.jsonl"
  await 20 more_looks 0
  await 20 more_looks "$(looks)"
  if [ -n "${3:-}" ]; then
    echo well >"$folder/tsa/mode"
    await 120 grep -q 'over: the time stamp authority' "$folder/run.txt"
  fi
  stop
  if [ -n "${3:-}" ]; then
    verify --tsa "$folder/tsa/ca.pem" >"$folder/verify.txt" || die "verify refuses the stamps"
    [ -e "$folder/demo/log/stamps/$(last_size).tsr" ] || die "the stop was not stamped"
    openssl_agrees
  else
    grep -q "the last checkpoint has no stamp: .*$2" "$folder/run.txt" || die "it is not told that the end has no stamp"
    [ -z "$(ls "$folder/demo/log/stamps" 2>/dev/null)" ] || die "stamps that nobody gave"
    verify >"$folder/verify.txt" || die "the log does not verify"
  fi
}

live() {
  trap clean_up EXIT
  pids=()
  "$@"
}
live stamped_day & pids+=($!)
live bad_day error 'answered with 500' well & pids+=($!)
live bad_day garbage 'no time stamp response' & pids+=($!)
live bad_day hang 'answer within' & pids+=($!)
failed=0
for one in "${pids[@]}"; do wait "$one" || failed=1; done
[ "$failed" = 0 ] || exit 1
echo "stamped from start to close, and verified by us and by openssl; five sabotages named; a broken authority cost no look"
