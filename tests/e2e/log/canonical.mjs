// Every leaf, object, report and random text of ours is, byte for byte, what npm's
// canonicalize makes of its value.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';

const sample = process.argv[2];
let compared = 0;
const compare = (text, what) => {
  const theirs = canonicalize(JSON.parse(text));
  if (theirs !== text) throw new Error(`${what}: ours ${text}\ntheirs ${theirs}`);
  ++compared;
};

function* leaves(bundle) {
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    yield bundle.subarray(at + 2, at + 2 + length).toString('utf8');
    at += 2 + length;
  }
}

const bundles = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
for (const file of bundles(join(sample, 'log/tile/entries'))) {
  for (const leaf of leaves(readFileSync(file))) compare(leaf, file);
}
const objects = join(sample, 'log/objects');
for (const name of readdirSync(objects)) {
  const text = readFileSync(join(objects, name), 'utf8');
  if (name.endsWith('.json') && text.startsWith('{')) compare(text, name);
}
compare(readFileSync(join(sample, 'report/report.json'), 'utf8').trimEnd(), 'report.json');
for (const line of readFileSync(join(sample, 'canonical.txt'), 'utf8').split('\n')) {
  if (line) compare(line, 'canonical.txt');
}
console.log(`canonicalize agrees on ${compared} texts`);
