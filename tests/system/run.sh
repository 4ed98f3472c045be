#!/bin/bash
# The package on a real systemd: a Debian root is made, the package installed,
# the machine booted in a container without network, and inside.sh judges it
# from within. Needs root. Prints one line a check; fails with the first that
# does not hold at the end.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/system
base=$work/base
box=$work/box

say() { echo "system: $*"; }
die() { say "$*"; exit 1; }

[ "$(id -u)" -eq 0 ] || { say "skipped: not root"; exit 77; }

make_base() {
  [ -e "$base/.complete" ] && return
  say "making a Debian root (once, about a minute)"
  rm -rf "$base"
  mkdir -p "$work"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,ca-certificates,tzdata,curl \
    bookworm "$base" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log"; die "debootstrap failed"; }
  for name in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/auth.conf.d; do
    if [ -e "$name" ]; then cp -a "$name" "$base/$(dirname "$name")/"; fi
  done
  cp -L /etc/resolv.conf /etc/hosts "$base/etc/" 2>/dev/null || true
  touch "$base/.complete"
}

make_package() {
  say "building the package"
  (cd "$root/build/release" && rm -f ./*.deb && cpack -G DEB >"$work/cpack.log" 2>&1) ||
    { tail -n 20 "$work/cpack.log"; die "cpack failed"; }
  package=$(echo "$root"/build/release/*.deb)
}

install_package() {
  say "installing $(basename "$package")"
  rm -rf "$box"
  cp -a --reflink=auto "$base" "$box"
  cp "$package" "$box/root/pledgewatch.deb"
  {
    chroot "$box" apt-get -q update
    chroot "$box" env DEBIAN_FRONTEND=noninteractive \
      apt-get -q install -y --no-install-recommends /root/pledgewatch.deb
  } >"$work/install.log" 2>&1 || { tail -n 20 "$work/install.log"; die "the package does not install"; }
}

# The checks run as a unit of the booted machine, which then powers off.
plant_checks() {
  cp "$root/tests/system/inside.sh" "$root/tests/system/probe.sh" "$box/root/"
  cat >"$box/etc/systemd/system/checks.service" <<'UNIT'
[Unit]
Description=the checks
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /root/inside.sh
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=file:/root/checks.log
StandardError=append:/root/checks.log
TimeoutStartSec=400
[Install]
WantedBy=default.target
UNIT
  chroot "$box" systemctl enable checks.service >"$work/enable.log" 2>&1
  # Nothing of the machine's own that could wait for hardware.
  chroot "$box" systemctl mask systemd-networkd-wait-online.service getty.target console-getty.service \
    >>"$work/enable.log" 2>&1
}

boot() {
  say "booting it"
  timeout 500 systemd-nspawn --register=no --keep-unit --boot --private-network --quiet \
    --directory="$box" --machine=pledgewatch-test --console=pipe </dev/null >"$work/boot.log" 2>&1 || true
}

make_base
make_package
install_package
plant_checks
boot
cat "$box/root/checks.log" 2>/dev/null || { tail -n 40 "$work/boot.log"; die "the machine did not run the checks"; }
grep -q '^all checks hold$' "$box/root/checks.log" || die "see build/system/box/root for the journal"
