#!/bin/bash
# What a program in the daemon's sandbox can and cannot do; ends with 1 when
# anything is other than it should be.
# shellcheck disable=SC2016,SC2317  # passed on to other shells, called by name
faults=0
may() { if "${@:2}" 2>/dev/null; then echo "ok    may $1"; else echo "FAILS may not $1"; faults=1; fi; }
may_not() { if "${@:2}" 2>/dev/null; then echo "FAILS may $1"; faults=1; else echo "ok    may not $1"; fi; }
touch_in() { : >"$1/probe.$$" && rm -f "$1/probe.$$"; }

may "write to its state folder" touch_in "$STATE_DIRECTORY"
for folder in /usr/bin /etc /var/lib /var/log /root /home /srv /boot /opt /run; do
  may_not "write to $folder" touch_in "$folder"
done
may_not "mount a file system" mount -t tmpfs none /mnt
may_not "change the host's name" bash -c 'hostname changed || echo changed >/proc/sys/kernel/hostname'
may_not "set the clock" date -s 2001-01-01
may_not "change an owner" bash -c 'touch "$STATE_DIRECTORY/o" && chown 0:0 "$STATE_DIRECTORY/o"'
may_not "make a namespace" unshare --mount true
may_not "see another user's processes" bash -c 'ls /proc | grep -qx 1 && kill -0 1'
may_not "read the kernel's log" dmesg
may_not "gain rights by a set-user-id program" bash -c 'cp /bin/true "$STATE_DIRECTORY/s" && chmod u+s "$STATE_DIRECTORY/s"'
exit "$faults"
