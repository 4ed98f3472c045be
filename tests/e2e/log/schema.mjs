// The sample's report and the golden one against the published JSON Schema, by npm's
// ajv; the same report with one thing wrong does not pass; and every column of the
// CSV is described, in order (W3C CSV on the Web).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';

const sample = process.argv[2];
const read = (path) => readFileSync(path, 'utf8');
const beside = (name) => read(join(sample, 'report', name));
const validate = new Ajv.default({ allErrors: true, strictTypes: false }).compile(JSON.parse(beside('report.schema.json')));
const passes = (report) => validate(report) || false;

for (const text of [beside('report.json'), read('../../ledger/golden/report.json')]) {
  if (!passes(JSON.parse(text))) throw new Error(JSON.stringify(validate.errors.slice(0, 3)));
}

const spoilt = {
  'a member that is not described': (r) => { r.verdicts.accounts[0].mood = 'good'; },
  'a verdict of another name': (r) => { r.verdicts.accounts[0].verdict = 'innocent'; },
  'a time in a zone': (r) => { r.verdicts.as_of = '2020-09-16T12:00:00+02:00'; },
  'no sentences': (r) => { delete r.sentences; },
  'a count below zero': (r) => { r.verdicts.actors_judged = -1; },
  'the text of an erased post': (r) => { Object.assign(r.findings[0], { erased: true, text: 'x' }); },
  'no text of one that stands': (r) => { r.findings[0].erased = false; delete r.findings[0].text; },
};
for (const [what, spoil] of Object.entries(spoilt)) {
  const report = JSON.parse(read('../../ledger/golden/report.json'));
  spoil(report);
  if (passes(report)) throw new Error(`${what} passes`);
}

const header = beside('report.csv').split('\r\n')[0].split(',').map((cell) => cell.replaceAll('"', ''));
const columns = JSON.parse(beside('report.csv-metadata.json')).tableSchema.columns.map((column) => column.name);
if (header.join() !== columns.join()) throw new Error(`columns: ${header}\ndescribed: ${columns}`);
console.log(`two reports pass, ${Object.keys(spoilt).length} spoilt ones do not; ${columns.length} columns are described`);
