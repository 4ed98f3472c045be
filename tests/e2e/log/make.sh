#!/bin/bash
# make.sh PROGRAM FOLDER: a fresh sample for the other checks.
set -euo pipefail
rm -rf "$2"
mkdir -p "$2"
exec "$1" "$2"
