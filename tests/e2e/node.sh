#!/bin/bash
# Makes Node 20 and the pinned npm packages ready, and prints the path of the
# node program. Does nothing when all is in place. Progress goes to stderr.
#
# Debian 12 has Node 18. Where 20 is missing, npm's node-linux-* package brings
# the program and the headers that native modules need. better-sqlite3 is built
# from source: its ready-made binaries lie outside any package registry.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tests=$root/tests
cache=$root/build/node
node_version=20.20.2

say() { echo "tests/e2e/node.sh: $*" >&2; }
die() { say "$*"; exit 1; }

major_of() { "$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'; }

# Newer lines than 20 are not taken: the pinned packages are known to run on 20.
is_wanted() { [ "$(major_of "$1")" = 20 ]; }

cached_node() { find "$cache/node_modules" -path '*/bin/node' -type f 2>/dev/null | head -n 1; }

fetch_node() {
  local machine
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) die "no Node $node_version for $(uname -m) on npm: install Node 20 by hand" ;;
  esac
  say "fetching Node $node_version into build/node"
  mkdir -p "$cache"
  npm install --prefix "$cache" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "node-linux-$machine@$node_version" >&2
}

choose_node() {
  local node
  node=$(command -v node || true)
  if [ -n "$node" ] && is_wanted "$node"; then echo "$node"; return; fi
  node=$(cached_node)
  if [ -z "$node" ]; then
    fetch_node
    node=$(cached_node)
  fi
  is_wanted "$node" || die "Node $node_version does not run here"
  echo "$node"
}

# The folder that holds include/node of this very program.
headers_of() {
  local prefix
  prefix=$(dirname "$(dirname "$(readlink -f "$1")")")
  [ -e "$prefix/include/node/node.h" ] || return 1
  echo "$prefix"
}

install_packages() {
  local node=$1 headers
  headers=$(headers_of "$node") || {
    say "$node came without headers"
    [ -n "$(cached_node)" ] || fetch_node
    headers=$(headers_of "$(cached_node)")
  }
  say "npm ci in tests/ (530 packages, about 360 MB)"
  cd "$tests"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  say "building better-sqlite3 from source (about a minute)"
  build_sqlite "$node" "$headers" >"$tests/node_modules/build.log" 2>&1 ||
    { tail -n 40 "$tests/node_modules/build.log" >&2; die "better-sqlite3 did not build"; }
}

# By our own node-gyp: Debian's links every module with its libnode, which beside
# another Node's own corrupts memory.
build_sqlite() {
  local node=$1 headers=$2
  PATH="$(dirname "$node"):$PATH" JOBS=2 "$node" "$tests/node_modules/node-gyp/bin/node-gyp.js" rebuild --release \
    --nodedir="$headers" --directory="$tests/node_modules/better-sqlite3"
  "$node" -e "new (require('$tests/node_modules/better-sqlite3'))(':memory:').prepare('select 1').get()"
}

command -v npm >/dev/null || die "no npm: apt-get install npm"
node=$(choose_node)
stamp="$("$node" --version) $(sha256sum "$tests/package-lock.json" | cut -d' ' -f1)"
stamp_file=$tests/node_modules/.pledgewatch_stamp
if [ "$(cat "$stamp_file" 2>/dev/null)" != "$stamp" ]; then
  install_packages "$node"
  echo "$stamp" >"$stamp_file"
fi
echo "$node"
