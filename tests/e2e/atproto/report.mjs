// What a written report says, read from its JSON form.
import fs from 'node:fs';
import path from 'node:path';

// handle → verdict, of every account in report.json.
export function verdictsIn(folder) {
  const report = JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8'));
  const verdicts = new Map();
  const visit = (value) => {
    if (typeof value !== 'object' || value === null) return;
    const handle = value.handle ?? value.account?.handle ?? value.account;
    if (typeof handle === 'string' && typeof value.verdict === 'string') {
      verdicts.set(handle.replace(/^bluesky:@?/, ''), value.verdict);
    }
    Object.values(value).forEach(visit);
  };
  visit(report);
  return verdicts;
}
