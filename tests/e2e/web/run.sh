#!/bin/bash
# One of the tests in this folder, on the real daemon: run.sh day|api|load|cells.
# Exit code 77 means: skipped, since something that it needs is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for program in chromium promtool prometheus npm; do
  command -v "$program" >/dev/null || { echo "skipped: no $program (./dev test --e2e installs it)"; exit 77; }
done
exec "$("$here/../node.sh")" --test-concurrency=1 --test-force-exit --test "$here/$1_test.mjs"
