#!/bin/bash
# openssl.sh SAMPLE: the checkpoint's signature by the recipe that the report
# prints, word for word; a changed text must fail.
set -euo pipefail
log=$1/log
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
sed '/^$/,$d' "$log/checkpoint" >body.txt
sed -n 's/^— [^ ]* //p' "$log/checkpoint" | head -n 1 | base64 -d | tail -c +5 >sig.bin
cut -d + -f 3- "$log/log.vkey" | base64 -d | tail -c +2 >key.bin
{ printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; cat key.bin; } >pub.der
openssl pkey -pubin -inform DER -in pub.der -out pub.pem
openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in body.txt -sigfile sig.bin
sed -i '2s/.*/1/' body.txt
if openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in body.txt -sigfile sig.bin; then
  echo "the signature holds for another text"
  exit 1
fi
