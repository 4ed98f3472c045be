#!/bin/bash
# canonical.sh SAMPLE: our canonical JSON beside npm's canonicalize.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec "$(../node.sh)" canonical.mjs "$1"
