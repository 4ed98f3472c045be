#!/bin/bash
# Runs inside the booted machine (run.sh): the service as a sysadmin meets it.
# shellcheck disable=SC2317  # functions are called by wait_for
set -uo pipefail
campaign=/etc/pledgewatch/demo
state=/var/lib/pledgewatch/demo
unit=pledgewatch@demo.service
faults=0

ok() { echo "ok    $*"; }
bad() { echo "FAILS $*"; faults=$((faults + 1)); }
check() {
  local what=$1
  shift
  if "$@" >/tmp/check.out 2>&1; then ok "$what"; else bad "$what"; sed 's/^/      /' /tmp/check.out | tail -n 8; fi
}
property() { systemctl show --property="$1" --value "$unit"; }

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

finish() {
  journalctl --no-pager >/root/journal.log 2>&1
  if [ "$faults" -eq 0 ]; then echo "all checks hold"; else echo "$faults checks fail"; fi
  exit 0
}

# The simulated platforms, as a unit of their own, with the campaign they wrote
# installed as an organiser would: secrets as credentials.
set_scene() {
  mkdir -p /srv/simulation
  cat >/etc/systemd/system/simulation.service <<'UNIT'
[Service]
ExecStart=/usr/bin/pledgewatch simulate -o /srv/simulation --accounts 40 --day 60
UNIT
  systemctl daemon-reload
  systemctl start simulation.service
  wait_for 20 test -s /srv/simulation/campaign.yaml || { bad "the simulator came up"; exit 1; }
  mkdir -p "$campaign" "/etc/systemd/system/$unit.d"
  cp -r /srv/simulation/rules /srv/simulation/roster.csv "$campaign/"
  sed -e "s|^store: .*|store: $state|" -e "s|dir: log,|dir: $state/log,|" \
    -e 's|{ file: secrets/\([^ }]*\) }|{ credential: \1 }|' \
    /srv/simulation/campaign.yaml >"$campaign/campaign.yaml"
  chmod -R a+rX "$campaign"
  {
    echo '[Service]'
    for secret in /srv/simulation/secrets/*; do echo "LoadCredential=$(basename "$secret"):$secret"; done
    echo 'WatchdogSec=4s'
  } >"/etc/systemd/system/$unit.d/campaign.conf"
  chmod 600 /srv/simulation/secrets/*
  systemctl daemon-reload
}

# The runbook's first steps, with the example as it comes.
newcomer() {
  mkdir -p /etc/pledgewatch
  cp -r /usr/share/doc/pledgewatch/examples/instagram-freeze /etc/pledgewatch/freeze
  check "the example is a campaign without mistakes" pledgewatch check -c /etc/pledgewatch/freeze/campaign.yaml
  local begun=$SECONDS
  pledgewatch rehearse -c /etc/pledgewatch/freeze/campaign.yaml >/tmp/rehearsal.out 2>&1
  check "it is rehearsed within five minutes ($((SECONDS - begun)) s)" test $((SECONDS - begun)) -le 300
  check "... and what is missing is said" grep -q 'no sink is configured' /tmp/rehearsal.out
}

main_pid() { property MainPID; }
status_tells() { [[ $(property StatusText) == *"accounts watched"* ]]; }
is_new_pid() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ] && [ "$(property ActiveState)" = active ]; }

start_and_notify() {
  check "starts and says that it is ready" systemctl start "$unit"
  [ "$(property ActiveState)" = active ] || { journalctl --no-pager -u "$unit" | tail -n 20; finish; }
  check "is Type=notify and active" test "$(property ActiveState)" = active
  check "its status line is for people" wait_for 15 status_tells
  echo "      $(property StatusText)"
  check "runs as a user of its own" bash -c "! grep -q '^Uid:[[:space:]]*0' /proc/$(main_pid)/status"
  check "its credentials are not in its environment" bash -c "! tr '\0' '\n' </proc/$(main_pid)/environ | grep -qi whsec"
}

reload() {
  sed -i 's/^actor,/actor,/; s/mastodon,/mastodonn,/' "$campaign/roster.csv"
  systemctl reload "$unit"
  check "a reload with a mistake is refused loudly" wait_for 10 bash -c "journalctl -u $unit | grep -q reload_refused"
  check "... and the old roster goes on" test "$(property ActiveState)" = active
  sed -i 's/mastodonn,/mastodon,/' "$campaign/roster.csv"
  systemctl reload "$unit"
  check "a mended reload is taken" wait_for 10 bash -c "journalctl -u $unit | grep -q ' reloaded'"
}

watchdog() {
  local before
  before=$(main_pid)
  kill -STOP "$before"
  check "a stopped loop is killed by the watchdog and starts again" wait_for 25 is_new_pid "$before"
  check "... and the journal says so" bash -c "journalctl -u $unit | grep -qi watchdog"
}

crash() {
  local before
  before=$(main_pid)
  kill -9 "$before"
  check "a crash in the middle of the day is followed by a restart" wait_for 20 is_new_pid "$before"
}

stop_and_verify() {
  local begun=$SECONDS
  systemctl stop "$unit"
  check "stops within ten seconds ($((SECONDS - begun)) s)" test $((SECONDS - begun)) -le 10
  check "ended cleanly" test "$(property Result)" = success
  check "the log verifies" pledgewatch verify "$state/log" --key "$state/log/log.vkey"
  tail -n 1 /tmp/check.out | sed 's/^/      /'
  check "the file is checked beside the service, which alone has its secrets" pledgewatch check -c "$campaign/campaign.yaml"
  check "the day after has its report" pledgewatch report -c "$campaign/campaign.yaml" -o /tmp/report
  check "no secret is in the journal" bash -c \
    "journalctl | grep -qFf <(cat /srv/simulation/secrets/*) && exit 1; exit 0"
}

# The dashboard's port is systemd's: asking it starts the daemon, and no request is
# lost while it starts anew.
asks() { curl -fsS --max-time 20 -o /dev/null http://127.0.0.1:8420/healthz; }

socket_activation() {
  check "nothing listens while neither runs" bash -c "! curl -s --max-time 2 http://127.0.0.1:8420/healthz"
  check "the socket unit starts" systemctl start pledgewatch@demo.socket
  check "a request starts the daemon and is answered" asks
  check "... which is up" wait_for 20 test "$(property ActiveState)" = active
  local lost=0
  systemctl restart "$unit" &
  local restart=$!
  for _ in $(seq 40); do
    asks || lost=$((lost + 1))
    sleep 0.05
  done
  wait "$restart"
  check "no request is lost while it starts anew ($lost lost)" test "$lost" = 0
  systemctl stop pledgewatch@demo.socket "$unit"
}

# A second campaign, whose key a process without network holds.
signer() {
  local signed=/etc/pledgewatch/signed
  cp -r "$campaign" "$signed"
  sed -i -e 's|/var/lib/pledgewatch/demo|/var/lib/pledgewatch/signed|g' \
    -e 's|^log: {|log: { signer: /run/pledgewatch-signer/signed.sock,|' "$signed/campaign.yaml"
  cp -r "/etc/systemd/system/$unit.d" /etc/systemd/system/pledgewatch@signed.service.d
  check "the key is made" pledgewatch key new example.org/signed -o "$signed/log.key"
  check "... for its owner alone" test "$(stat -c '%a %U' "$signed/log.key")" = "600 root"
  systemctl daemon-reload
  systemctl start pledgewatch-signer@signed.socket
  check "a daemon without the key starts" systemctl start pledgewatch@signed.service
  check "... and the signer with it" wait_for 10 systemctl -q is-active pledgewatch-signer@signed.service
  local held
  held=$(systemctl show --property=MainPID --value pledgewatch-signer@signed.service)
  check "the signer has a network of its own, with nothing in it" bash -c \
    "test \"\$(readlink /proc/$held/ns/net)\" != \"\$(readlink /proc/1/ns/net)\" && test \$(wc -l </proc/$held/net/route) -le 1"
  check "checkpoints are signed" wait_for 20 test -s /var/lib/pledgewatch/signed/log/checkpoint
  check "no key lies in the daemon's folder" bash -c "! ls /var/lib/pledgewatch/signed/*.key"
  systemctl stop pledgewatch@signed.service pledgewatch-signer@signed.socket pledgewatch-signer@signed.service
  check "its log verifies" pledgewatch verify /var/lib/pledgewatch/signed/log --key /var/lib/pledgewatch/signed/log/log.vkey
}

# The same sandbox, another program: what it may not do.
sandbox() {
  chmod 755 /root /root/probe.sh
  sed -e 's|^ExecStart=.*|ExecStart=/bin/bash /usr/local/bin/probe.sh|' -e 's|^Type=notify|Type=oneshot|' \
    -e '/^WatchdogSec/d' -e '/^OnFailure/d' -e '/^Restart/d' -e 's|pledgewatch/%i|probe|' -e 's|^WorkingDirectory=.*||' \
    /lib/systemd/system/pledgewatch@.service >/etc/systemd/system/probe@.service
  install -m 755 /root/probe.sh /usr/local/bin/probe.sh
  systemctl daemon-reload
  check "the sandbox lets a program write to its state folder and nowhere else" systemctl start probe@demo.service
  journalctl --no-pager -o cat -u probe@demo.service | grep -E '^(ok|FAILS)' | sed 's/^/      /'
}

alert() {
  cat >"$campaign/on-failure" <<'HOOK'
#!/bin/sh
echo "telephone: $1 is down"
HOOK
  chmod 755 "$campaign/on-failure"
  systemctl start pledgewatch-alert@demo.service
  check "a failed campaign reaches the operator's own hook" bash -c \
    "journalctl -u pledgewatch-alert@demo.service | grep -q 'telephone: demo is down'"
}

check "the units are well-formed" systemd-analyze verify --man=no pledgewatch@demo.service pledgewatch-alert@demo.service
check "exposure is at most 1.2" systemd-analyze security --threshold=12 pledgewatch@demo.service
newcomer
set_scene
start_and_notify
reload
watchdog
crash
sleep 3
stop_and_verify
socket_activation
signer
sandbox
alert
finish
