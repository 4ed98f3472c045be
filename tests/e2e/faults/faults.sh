#!/bin/bash
# faults.sh DRIVER PROGRAM: system calls of a growing log fail (a full disk, a broken one,
# the process killed), once or for good; then files are torn. After each the driver runs
# again without a fault, and the log must be a longer one of the same history: everything
# that was said to be stored is there, every checkpoint that was told is extended.
set -euo pipefail
driver=$(readlink -f "$1")
program=$(readlink -f "$2")
command -v strace >/dev/null || { echo "no strace here: apt-get install strace"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "this machine does not let a process be traced"; exit 77; }
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
die() { echo "faults: $what: $*" >&2; tail -n 3 "$work"/*.txt >&2; exit 1; }

# What the interrupted run told must hold after the next one.
hold() {
  local folder=$1 said count what_said size
  said=$(awk '$1 == "leaves" { print $2 }' "$work/run.txt" | tail -n 1)
  "$driver" "$folder" 3 >"$work/again.txt" 2>"$work/again_err.txt" || die "the next run fails"
  count=$(awk '$1 == "leaves" { print $2; exit }' "$work/again.txt")
  [ "$count" -ge "${said:-0}" ] || die "$said leaves were committed, $count are left"
  while read -r what_said size; do
    [ "$what_said" = note ] || continue
    "$program" verify "$folder/log" --key "$folder/log/log.vkey" --anchor "$folder/told/$size" \
      >"$work/verify.txt" </dev/null || die "the checkpoint of $size leaves is contradicted"
  done <"$work/run.txt"
  "$program" verify "$folder/log" --key "$folder/log/log.vkey" >"$work/verify.txt" || die "the log does not verify"
}

rounds=9
runs=0 struck=0
strike() { # INJECTION
  what=$1
  rm -rf "$work/f"
  mkdir "$work/f"
  "$driver" "$work/f" 2 >/dev/null
  # In a shell of its own, whose word of a killed process nobody needs.
  (strace -f -o "$work/trace.txt" -e "inject=$1" "$driver" "$work/f" "$rounds" >"$work/run.txt" 2>"$work/run_err.txt" ||
    true) 2>/dev/null
  runs=$((runs + 1))
  if grep -qE 'INJECTED|killed by SIGKILL' "$work/trace.txt"; then struck=$((struck + 1)); fi
  hold "$work/f"
}

for call in write pwrite64 fsync fdatasync rename openat ftruncate; do
  for n in 2 5 11 23 47; do
    strike "$call:error=EIO:when=$n"
    strike "$call:error=ENOSPC:when=$n+"
  done
done
for call in write pwrite64 fsync rename unlink; do
  for n in 1 4 10 22 46; do strike "$call:signal=SIGKILL:when=$n"; done
done
[ "$struck" -ge $((runs * 3 / 4)) ] || die "only $struck of $runs runs met their fault"

# The last write of each file cut short, or followed by what never was written.
tear() { # FILE BYTES
  what="the last $2 bytes of $1 torn"
  truncate -s "-$2" "$work/f/$1"
  : >"$work/run.txt"
  hold "$work/f"
  runs=$((runs + 1))
}
what='a torn end'
for bytes in 1 40 100; do tear log/checkpoints "$bytes"; done
for bytes in 1 100; do
  tear "log/$(cd "$work/f/log" && find tile/entries -name '*' -type f -path '*.p/*' | head -n 1)" "$bytes"
  tear "log/$(cd "$work/f/log" && find tile/0 -type f -path '*.p/*' | head -n 1)" 32
done
echo "half a file" >"$work/f/log/checkpoint.tmp"
head -c 100 /dev/urandom >>"$work/f/store.db-wal"
hold "$work/f"
if [ -e "$work/f/log/checkpoint.tmp" ]; then die "what the crash left is still there"; fi
echo "$runs faults, $struck met in flight: no committed leaf lost, no told checkpoint contradicted"
