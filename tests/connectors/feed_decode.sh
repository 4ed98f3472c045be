#!/bin/bash
# `pledgewatch decode` as a person calls it: one JSON object a file, and exit
# codes that tell a file that is no feed from one that cannot be read.
set -uo pipefail
program=$1
captures=tests/connectors/captures
failures=0

# expect CODE TEXT CONNECTOR FILE...: the exit code, and a text that the output has.
expect() {
  local code=$1 text=$2 output answer
  shift 2
  output=$("$program" decode "$@" 2>&1)
  answer=$?
  if [ "$answer" -eq "$code" ] && [[ $output == *"$text"* ]]; then return; fi
  echo "decode $*: expected exit $code and '$text', got exit $answer and: ${output:0:400}"
  failures=$((failures + 1))
}

feed=$captures/feed/rss20.xml
expect 0 '"id":"https://brand.example/?p=42","url":"https://brand.example/p/42","title":"New drop"' feed "$feed"
expect 0 '"author":"Ann","published":"2026-09-16T14:03:27.000Z","updated":"2026-09-16T14:03:27.000Z"' feed "$feed"
expect 0 '"title":null' mastodon $captures/mastodon/replies.json
expect 0 '"author":"brandco"' mastodon $captures/mastodon/replies.json
expect 0 '"author":"riverbank.bakery"' instagram $captures/instagram/first_page.json
expect 1 '"error":' feed dev
expect 1 '"posts":[' feed dev "$feed"
expect 1 '"outcome":"malformed"' instagram "$feed"
expect 3 'no_such_file: error: cannot be read' feed no_such_file
expect 3 'tests: error: cannot be read' feed tests "$feed"
expect 2 "did you mean 'feed'?" fed "$feed"
lines=$("$program" decode feed "$feed" dev "$feed" | wc -l)
if [ "$lines" -ne 3 ]; then
  echo "decode: expected 3 lines for 3 files, got $lines"
  failures=$((failures + 1))
fi
[ "$failures" -eq 0 ] && echo "decode: all answers as expected"
exit $((failures > 0))
