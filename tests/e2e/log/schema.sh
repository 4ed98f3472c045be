#!/bin/bash
# schema.sh SAMPLE: the report beside its own published schema, by npm's ajv.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec "$(../node.sh)" schema.mjs "$1"
