#!/bin/bash
# go.sh SAMPLE: every checkpoint, leaf and proof by golang.org/x/mod/sumdb, as
# Debian packages it; no module proxy is asked.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/go"
command -v go >/dev/null || { echo "no Go here: apt-get install golang-go golang-golang-x-mod-dev"; exit 77; }
cache=$(mktemp -d)
trap 'chmod -R u+w "$cache"; rm -rf "$cache"' EXIT
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$cache GOFLAGS='' go run check.go "$1"
