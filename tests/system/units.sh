#!/bin/bash
# The units as they lie in the repository: well-formed, and as closed as promised.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for unit in "$root"/systemd/*@.*; do
  sed "s|/usr/bin/pledgewatch|$root/build/release/pledgewatch|" "$unit" >"$folder/$(basename "$unit")"
done
cd "$folder"
systemd-analyze verify --man=no ./*@.service ./*@.socket ./*@.timer
systemd-analyze security --offline=yes --threshold=12 ./pledgewatch@.service | tail -n 1
