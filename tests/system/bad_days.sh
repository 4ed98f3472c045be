#!/bin/bash
# Bad days of the machine under the daemon that is installed: each says what is wrong and
# what to do, and goes on by itself where it can. Needs root for its own mounts.
#   bad_days.sh PROGRAM                    all of them
#   ONLY=full_disk bad_days.sh PROGRAM     one
# shellcheck disable=SC2317  # functions are called by wait_for and by the trap
set -uo pipefail
program=$(readlink -f "$1")
# Mounts and names of our own; nobody else sees them.
if [ "${2:-}" != alone ]; then
  [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null || exit 77
  exec unshare --mount --propagation private bash "$0" "$program" alone
fi
work=$(mktemp -d)
faults=0
pids=()

ok() { echo "ok    $*"; }
bad() { echo "FAILS $*"; faults=$((faults + 1)); }
check() {
  local what=$1
  shift
  if "$@" >"$work/check.out" 2>&1; then ok "$what"; else bad "$what"; tail -n 6 "$work/check.out" "$journal" 2>/dev/null | sed 's/^/      /'; fi
}
# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
  local tries=$(($1 * 5))
  shift
  while ! "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}
clean_up() {
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
  wait 2>/dev/null
  for place in "$work"/*/state "$work"/*/log; do umount "$place" 2>/dev/null; done
  rm -rf "$work"
}
trap clean_up EXIT

says() { grep -q -- "$1" "$journal"; }
says_more_often() { [ "$(grep -c -- "$1" "$journal")" -gt "$2" ]; }
ended() { ! kill -0 "$1" 2>/dev/null; }

# scene NAME: simulated platforms and the campaign that they wrote, in $here.
scene() {
  here=$work/$1
  journal=$here/journal
  mkdir "$here"
  # A day long enough for whatever happens below; it is never waited for.
  "$program" simulate -o "$here" --accounts 12 --day 600 >"$here/simulator" 2>&1 &
  pids+=($!)
  wait_for 20 test -s "$here/campaign.yaml" || { bad "the simulator came up"; exit 1; }
  : >"$journal"
}
start() {
  "$program" run -c "$here/campaign.yaml" >>"$journal" 2>&1 &
  daemon=$!
  pids+=("$daemon")
}
start_well() {
  local before
  before=$(grep -c ' started' "$journal")
  start
  wait_for 20 says_more_often ' started' "$before" || bad "the daemon came up"
}
stop() {
  kill -TERM "$daemon" 2>/dev/null
  wait_for 10 ended "$daemon" || bad "it stops when asked to"
}
verifies() { "$program" verify "$here/log" --key "$here/log/log.vkey"; }
# status COMMAND...: its exit status as text.
status() { "$@" >"$work/status.out" 2>&1; echo $?; }

two_daemons() {
  scene two
  start_well
  check "a second daemon on one store is refused" test "$(status timeout 20 "$program" run -c "$here/campaign.yaml")" = 3
  check "... and told which process has it" grep -q "process $daemon" "$work/status.out"
  stop
}

read_only_store() {
  scene read_only
  mkdir "$here/state"
  mount -t tmpfs -o size=64m tmpfs "$here/state"
  start_well
  stop
  mount -o remount,ro "$here/state"
  check "a store on a read-only disk is refused" test "$(status timeout 20 "$program" run -c "$here/campaign.yaml")" = 3
  check "... by its name and the reason" grep -qi "$here/state.*read-only" "$work/status.out"
  mount -o remount,rw "$here/state"
  start_well
  stop
  check "... and taken when it can be written again" verifies
}

full_disk() {
  scene full
  mkdir "$here/state"
  mount -t tmpfs -o size=96m tmpfs "$here/state"
  start_well
  check "looks are recorded" wait_for 20 bash -c "'$program' status -c '$here/campaign.yaml' --brief"
  dd if=/dev/zero of="$here/state/ballast" bs=1M 2>/dev/null
  check "a full disk is told with its folder and what is missing" wait_for 60 says 'disk_full.*state has'
  check "... and the daemon waits for room" kill -0 "$daemon"
  local before
  before=$(grep -c ' started' "$journal")
  rm "$here/state/ballast"
  check "with room again it goes on by itself" wait_for 20 says_more_often ' started' "$before"
  stop
  check "... and its log verifies" verifies
}

locked_store() {
  scene locked
  start_well
  # Somebody opens the database with a tool and holds a transaction: short, then long.
  hold() {
    python3 -c "
import sqlite3, time
base = sqlite3.connect('$here/state/pledgewatch.db', isolation_level=None)
base.execute('BEGIN IMMEDIATE')
time.sleep($1)
base.execute('ROLLBACK')"
  }
  hold 2
  check "a store that is locked for a moment is waited for" kill -0 "$daemon"
  hold 9
  check "one that stays locked ends the daemon" wait_for 5 ended "$daemon"
  check "... which says that it is locked" says 'database is locked'
  : >"$journal"
  start_well
  stop
  check "... and the next start goes on" verifies
}

newer_store() {
  scene newer
  start_well
  stop
  python3 -c "
import sqlite3
base = sqlite3.connect('$here/state/pledgewatch.db')
base.execute('PRAGMA user_version = 99')"
  check "a store of a newer version is refused" test "$(status timeout 20 "$program" run -c "$here/campaign.yaml")" = 3
  check "... with both versions" grep -q 'schema 99, this program knows up to' "$work/status.out"
  check "... and its report too" test "$(status "$program" report -c "$here/campaign.yaml" -o "$here/report")" = 3
  check "... with both versions" grep -q 'schema 99, this program knows up to' "$work/status.out"
  check "... and it is left as it was" test "$(store_says 'PRAGMA user_version')" = 99
}

# store_says QUESTION: of the store that no daemon has.
store_says() {
  python3 -c "
import sqlite3, sys
print(*sqlite3.connect('$here/state/pledgewatch.db').execute(sys.argv[1]).fetchone())" "$1"
}
# The store as the program of that schema had it.
make_older() {
  python3 -c "
import sqlite3
base = sqlite3.connect('$here/state/pledgewatch.db', isolation_level=None)
version = $1
later = {
    5: ['DROP INDEX held_sink', 'DROP INDEX held_group'],
    4: ['DROP INDEX ' + name for name in
        ('finding_state', 'finding_account', 'finding_count', 'post_removed', 'delivery_state')],
    3: ['DROP INDEX delivery_finding', 'DROP TABLE covered', 'DROP TABLE held', 'DROP TABLE silence',
        'ALTER TABLE review DROP COLUMN act', 'ALTER TABLE review DROP COLUMN assignee',
        'ALTER TABLE delivery DROP COLUMN also', 'ALTER TABLE delivery DROP COLUMN why'],
    2: ['ALTER TABLE account DROP COLUMN home', 'ALTER TABLE account DROP COLUMN token'],
}
assert base.execute('PRAGMA user_version').fetchone()[0] == max(later), 'a step is missing here'
for step in sorted(later, reverse=True):
    if step > version:
        for words in later[step]: base.execute(words)
base.execute(f'PRAGMA user_version = {version}')
base.close()"
}
sees_somebody() {
  "$program" status -c "$here/campaign.yaml" --json >"$here/status"
  [ $? -le 1 ] && grep -q '"seen_now": [1-9]' "$here/status"
}

older_store() {
  scene older
  start_well
  check "posts, looks and a finding are recorded" wait_for 90 says ' finding: '
  wait_for 30 says ' attempt=2 ' || bad "a delivery was tried"
  stop
  local counted='SELECT (SELECT count(*) FROM post) > 0, (SELECT count(*) FROM finding) > 0, (SELECT count(*) FROM attempt) > 0'
  check "there is something to lose" test "$(store_says "$counted")" = "1 1 1"
  local newest version before concluded
  newest=$(store_says 'PRAGMA user_version')
  concluded="SELECT group_concat(f) FROM (SELECT id || state || found_at AS f FROM finding ORDER BY row)"
  for version in $(seq $((newest - 1)) -1 1); do
    make_older "$version" || { bad "a store of schema $version"; return; }
    check "a report on a store of schema $version asks for a start" \
      test "$(status "$program" report -c "$here/campaign.yaml" -o "$here/report")" = 3
    check "... in words" grep -q "older schema $version: start the daemon once" "$work/status.out"
    before=$(store_says "$concluded")
    : >"$journal"
    start_well
    check "... and the daemon brings it up to date and looks" wait_for 30 sees_somebody
    stop
    check "... to today's schema" test "$(store_says 'PRAGMA user_version')" = "$newest"
    kept_before() { [[ $(store_says "$concluded") == "$before"* ]]; }
    check "... with every finding as it was" kept_before
    check "... and its log verifies" verifies
  done
  check "a report on it is written" "$program" report -c "$here/campaign.yaml" -o "$here/report"
}

# The platforms get a name, which only we know, in place of an address.
by_name() {
  echo '127.0.0.1 localhost sim.test' >"$here/hosts"
  echo 'nameserver 127.0.0.1' >"$here/resolv.conf"
  mount --bind "$here/hosts" /etc/hosts
  mount --bind "$here/resolv.conf" /etc/resolv.conf
  sed -i -e 's|http://127.0.0.1:|http://sim.test:|' -e 's/allow_hosts: \[127.0.0.1\]/allow_hosts: [sim.test, 127.0.0.1]/' \
    "$here/campaign.yaml" "$here/roster.csv"
}
by_number() { umount /etc/hosts /etc/resolv.conf; }

dead_names() {
  scene names
  by_name
  start_well
  wait_for 20 bash -c "'$program' status -c '$here/campaign.yaml' --brief" || bad "it looks by name"
  echo '127.0.0.1 localhost' >"$here/hosts"
  check "names that no longer resolve are told" wait_for 40 says 'account_not_observed.*sim.test'
  check "... and the daemon lives" kill -0 "$daemon"
  echo '127.0.0.1 localhost sim.test' >"$here/hosts"
  check "... and sees again when they do" wait_for 60 says 'account_visible_again'
  stop
  by_number
}

dead_proxy() {
  scene proxy
  by_name
  export http_proxy=http://127.0.0.1:9
  start_well
  unset http_proxy
  check "a proxy that is down is told" wait_for 20 says 'account_not_observed.*proxy'
  check "... and the daemon lives" kill -0 "$daemon"
  stop
  by_number
  check "... and the log verifies" verifies
}

# What is not well makes status answer no; who was seen stands in what it prints.
sees_others() {
  "$program" status -c "$here/campaign.yaml" --json >"$here/status"
  [ $? -eq 1 ] && grep -q '"seen_now": [1-9]' "$here/status"
}

wrong_certificate() {
  scene certificate
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=wrong.example \
    -keyout "$here/key.pem" -out "$here/cert.pem" 2>/dev/null
  openssl s_server -accept 127.0.0.1:18443 -key "$here/key.pem" -cert "$here/cert.pem" -www >/dev/null 2>&1 &
  pids+=($!)
  sed -i -e 's|base: "http://127.0.0.1:[0-9]*/mastodon|base: "https://127.0.0.1:18443/mastodon|' \
    -e 's/allow_ports: \[\([0-9]*\)\]/allow_ports: [\1, 18443]/' "$here/campaign.yaml"
  start_well
  check "a platform's wrong certificate is told" wait_for 20 says 'account_not_observed.*certificate'
  check "... and the other platforms are seen" wait_for 20 sees_others
  check "... and the daemon lives" kill -0 "$daemon"
  stop
}

# The wall clock alone, by libfaketime; the daemon sleeps on the steady one.
start_with_clock() {
  local library
  library=$(find /usr/lib -name libfaketimeMT.so.1 | head -n 1)
  [ -n "$library" ] || { bad "faketime is installed"; return 1; }
  echo +0 >"$here/clock"
  LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$here/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 start
}
status_says() {
  "$program" status -c "$here/campaign.yaml" --json >"$here/status"
  python3 -c "
import json, sys
status = json.load(open('$here/status'))
sys.exit(not ($1))"
}
looks_go_on() {
  local before
  status_says True
  before=$(python3 -c "import json; print(json.load(open('$here/status'))['health']['log']['entries'])")
  wait_for 40 status_says "status['health']['log']['entries'] > $before + 50 and status['health']['lateness_ms'] < 5000"
}

stepped_clock() {
  scene clock
  start_with_clock || return
  wait_for 20 says ' started' || bad "the daemon came up"
  check "looks are recorded" looks_go_on
  echo -3600 >"$here/clock"
  check "a clock that goes back an hour stalls no look" looks_go_on
  check "... and is told" wait_for 60 says 'the clock was set by'
  echo +3600 >"$here/clock"
  check "one that goes on two hours stalls none either" looks_go_on
  echo +0 >"$here/clock"
  check "... and right again it is as before" looks_go_on
  stop
  check "... and the log verifies" verifies
}

[ -n "${ONLY:-}" ] && { $ONLY; exit "$((faults > 0))"; }
two_daemons
read_only_store
full_disk
locked_store
newer_store
older_store
dead_names
dead_proxy
wrong_certificate
stepped_clock
[ "$faults" -eq 0 ] && echo "all checks hold"
exit "$((faults > 0))"
