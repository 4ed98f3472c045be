#!/bin/bash
# sabotage.sh SAMPLE PROGRAM: the verify command's answer, by its exit code and by
# the file that it names, to a folder that somebody changed.
set -euo pipefail
sample=$1 program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key=$(cat "$sample/log/log.vkey")

# check CODE WORDS: of the folder as it is now.
check() {
  local code=0
  "$program" verify "$work/log" --key "$key" --evidence "$work/state/evidence" >"$work/answer" || code=$?
  if [ "$code" != "$1" ] || ! grep -qF -- "$2" "$work/answer"; then
    echo "wanted code $1 and '$2', got $code:"
    cat "$work/answer"
    exit 1
  fi
}
fresh() {
  rm -rf "$work/log" "$work/state"
  cp -r "$sample/log" "$work/log"
  mkdir "$work/state"
  cp -r "$sample/state/evidence" "$work/state/evidence"
}
flip() { printf '\xff' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

fresh; check 0 'consistent; not anchored'
flip "$work/log/tile/entries/000" 700; check 1 'DAMAGED: tile/entries/000, byte'
fresh; flip "$work/log/tile/0/000" 33; check 1 'DAMAGED: tile/0/000'
fresh; flip "$work/log/checkpoint" 40; check 1 'DAMAGED: checkpoint: not the last note'
fresh; rm "$work/log/tile/entries/001"; check 1 'DAMAGED: tile/entries/001, leaf 256: missing'
fresh; rm "$work"/log/objects/*.json; check 1 'missing: the terms that this leaf names'
fresh; truncate -s -1 "$work/log/checkpoints"; check 1 'DAMAGED: checkpoints, byte'
fresh; echo hello >"$work/log/extra"; check 1 'DAMAGED: extra: a file that is no part of a log'
fresh; "$program" key new example.org/other -o "$work/key" >"$work/log/log.vkey"; check 1 'DAMAGED: log.vkey: not the key that was given'
rm "$work/key"
fresh; warc=$(find "$work/state/evidence" -name '*.warc.gz' | head -n 1)
flip "$warc" 30; check 1 'its bytes do not have the digest that the log names'
rm "$warc"; check 1 'missing, and not erased'
fresh
code=0; "$program" verify "$work/log" --key "$key" --anchor "$work/log/checkpoint" | grep -q 'it extends the checkpoint' || code=$?
[ "$code" = 0 ] || { echo "the anchor is not believed"; exit 1; }
code=0; "$program" verify "$work/nowhere" --key "$key" 2>/dev/null || code=$?
[ "$code" = 2 ] || { echo "a folder that is not there gives $code"; exit 1; }
echo "eleven sabotages, each called by its name"
