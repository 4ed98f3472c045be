// Every evidence file: framing and gzip members by warcio, block digests by Node's
// own SHA-256, the file's name its digest, requests beside their responses.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WARCParser } from 'warcio';

const folder = join(process.argv[2], 'state/evidence');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const must = (holds, what) => { if (!holds) throw new Error(what); };
let records = 0;
const files = readdirSync(folder);
must(files.length > 0, 'no evidence');
for (const name of files) {
  must(name === `${sha256(readFileSync(join(folder, name)))}.warc.gz`, `${name} is not its digest`);
  const types = [];
  const ids = new Set();
  for await (const record of new WARCParser(createReadStream(join(folder, name)), { parseHttp: false })) {
    const block = await record.readFully(false);
    const headers = record.warcHeaders.headers;
    must(record.warcHeaders.statusline === 'WARC/1.1', `${name}: ${record.warcHeaders.statusline}`);
    must(headers.get('WARC-Block-Digest') === `sha256:${sha256(block)}`, `${name}: a block digest`);
    must(Number(headers.get('Content-Length')) === block.length, `${name}: a length`);
    must(/^<urn:uuid:[0-9a-f-]{36}>$/.test(headers.get('WARC-Record-ID')), `${name}: an id`);
    must(!ids.has(headers.get('WARC-Record-ID')), `${name}: an id twice`);
    const partner = headers.get('WARC-Concurrent-To');
    ids.add(headers.get('WARC-Record-ID'));
    if (record.warcType === 'metadata') must(ids.has(partner), `${name}: a lone record`);
    types.push(record.warcType);
    ++records;
  }
  must(types[0] === 'warcinfo' && types.filter((t) => t === 'response').length === 2, `${name}: ${types}`);
}
console.log(`warcio reads ${files.length} files, ${records} records, every digest right`);
