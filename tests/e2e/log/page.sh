#!/bin/bash
# page.sh SAMPLE: the report by html-validate, by axe in headless Chromium without
# network or script, and as pictures for people in build/report_pictures.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
command -v chromium >/dev/null || { echo "no Chromium here: apt-get install chromium"; exit 77; }
pictures=$(cd ../../.. && pwd)/build/report_pictures
mkdir -p "$pictures"
"$(../node.sh)" page.mjs "$1" "$pictures"
