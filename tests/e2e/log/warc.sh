#!/bin/bash
# warc.sh SAMPLE: the evidence as npm's warcio reads it, digests computed anew.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec "$(../node.sh)" warc.mjs "$1"
