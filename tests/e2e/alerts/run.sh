#!/bin/bash
# run.sh CHECK PROGRAM: one of the checks beside this file with that pledgewatch.
set -euo pipefail
program=$(readlink -f "$2")
cd "$(dirname "$(readlink -f "$0")")"
exec "$(../node.sh)" "$1.mjs" "$program"
