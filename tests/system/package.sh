#!/bin/bash
# The Debian package: lintian finds no error, and the same tree gives the same
# bytes from another folder.
#   package.sh            lintian
#   package.sh twice      two builds, compared (takes as long as two builds)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/package
mkdir -p "$work"

if [ "${1:-}" != twice ]; then
  (cd "$root/build/release" && rm -f ./*.deb && cpack -G DEB >"$work/cpack.log" 2>&1)
  lintian --fail-on error "$root"/build/release/*.deb
  echo "lintian: no error in $(basename "$root"/build/release/*.deb)"
  exit 0
fi

SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH CCACHE_DISABLE=1
for name in first second; do
  rm -rf "${work:?}/$name"
  git clone -q "$root" "$work/$name/source"
  cmake -S "$work/$name/source" --preset release >"$work/$name.log" 2>&1
  cmake --build "$work/$name/source/build/release" >>"$work/$name.log" 2>&1
  (cd "$work/$name/source/build/release" && umask 022 && cpack -G DEB >>"$work/$name.log" 2>&1)
done
cmp "$work"/first/source/build/release/*.deb "$work"/second/source/build/release/*.deb
sha256sum "$work"/*/source/build/release/*.deb
