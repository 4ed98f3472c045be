// Debian's prometheus-alertmanager takes our alert, and amtool lists it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checkOnline, folder, freePort, local, until } from './campaign.mjs';

const daemon = '/usr/bin/prometheus-alertmanager';
if (!existsSync(daemon)) {
  console.log('alertmanager: skipped, apt-get install prometheus-alertmanager');
  process.exit(77);
}
writeFileSync(join(folder, 'am.yml'), 'route: { receiver: none }\nreceivers: [ { name: none } ]\n');
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const child = spawn(daemon, [`--config.file=${join(folder, 'am.yml')}`, `--storage.path=${join(folder, 'am')}`,
  `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], { stdio: 'ignore' });
process.on('exit', () => child.kill('SIGKILL'));
await until('alertmanager is ready', async () => (await fetch(`${url}/-/ready`)).ok);
const answer = await checkOnline([local(port, { name: 'alerts', type: 'alertmanager', url })]);
assert.equal(answer.code, 0, JSON.stringify(answer));
const listed = JSON.parse(execFileSync('amtool',
  ['alert', 'query', 'alertname=PledgewatchTest', '--output=json', `--alertmanager.url=${url}`], { encoding: 'utf8' }));
assert.equal(listed.length, 1);
assert.equal(listed[0].labels.campaign, 'freeze');
assert.match(listed[0].annotations.summary, /test of pledgewatch/);
console.log('alertmanager: the alert is taken, and amtool lists it');
process.exit(0);
