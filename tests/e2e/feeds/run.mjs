// The daemon reads two feeds from nginx. What did not change is answered 304 to the
// ETag that came with it, what did change comes packed with gzip, and of both exactly
// the post that was published in the window is told.
//
//   node run.mjs PLEDGEWATCH FOLDER      (see run.sh)
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Daemon } from '../atproto/daemon.mjs';
import { newSecret, Receiver } from '../atproto/receiver.mjs';
import { FeedSite } from './site.mjs';

const [program, folder] = process.argv.slice(2);
const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const local = (instant) => new Date(instant).toISOString().slice(0, 19);
const lead = 6;
const length = 14;

const campaign = (site, receiver, start) => `campaign:
  name: feeds
  window: { start: ${local(start)}, end: ${local(start + length * 1000)}, zone: UTC }
  default_zone: UTC
  surfaces: [post]
  sweep: 3s
  sweep_again: 6s
  closes: 10s
roster: pledges.csv
rules: [ rules.yaml ]
connectors:
  feed: { allow_hosts: [ 127.0.0.1 ], allow_ports: [ ${site.port} ], interval: 1s, interval_floor: 1s, lag: 0s, host_budget: 1000/m }
sinks:
  - { name: organisers, type: webhook, url: "http://127.0.0.1:${receiver.port}/hook", allow_hosts: [ 127.0.0.1 ], allow_ports: [ ${receiver.port} ], secret: { file: hook.secret } }
http: { contact: "mailto:test@example.org", deadline: 5s }
store: state
`;

const rules = `rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared)
    severity: breach
    mode: alert
    summary: "\${actor.name} posted a \${post.surface}"
`;

function writeCampaign(site, receiver, secret, start) {
  const file = (name, text, mode = 0o644) => fs.writeFileSync(path.join(folder, name), text, { mode });
  const rows = ['ann', 'bea'].map((name) => `${name},feed,${site.url(name)},UTC,confirmed`);
  file('pledges.csv', `actor,platform,handle,zone,status\n${rows.join('\n')}\n`);
  file('rules.yaml', rules);
  file('hook.secret', `${secret}\n`, 0o600);
  file('campaign.yaml', campaign(site, receiver, start));
  return path.join(folder, 'campaign.yaml');
}

// What is wrong with how a feed was asked for, given how often it changed.
function faultsOf(name, asks, changes) {
  const faults = [];
  const whole = asks.filter(({ status }) => status === 200);
  const same = asks.filter(({ status }) => status === 304);
  if (whole.length !== 1 + changes) faults.push(`${name}: ${whole.length} answers of 200, ${1 + changes} wanted`);
  if (whole.some(({ coding }) => coding !== 'gzip')) faults.push(`${name}: an answer was not packed`);
  if (whole.some(({ etag }) => !etag)) faults.push(`${name}: an answer had no ETag`);
  if (same.length < 8) faults.push(`${name}: only ${same.length} answers of 304`);
  let given = '';
  for (const ask of asks) {
    if (ask.if_none_match !== given) faults.push(`${name}: asked with '${ask.if_none_match}' after '${given}'`);
    if (ask.status === 200) given = ask.etag;
  }
  return faults;
}

async function main() {
  const site = await FeedSite.start(folder);
  const old = ['one', 'two'].map((id, i) => ({ id, at: new Date(Date.now() - (i + 1) * 86_400_000) }));
  for (const name of ['ann', 'bea']) site.publish(name, old);
  const secret = newSecret();
  const receiver = await Receiver.start(secret, 0);
  const start = Math.ceil(Date.now() / 1000 + lead) * 1000;
  const file = writeCampaign(site, receiver, secret, start);
  const daemon = new Daemon(path.resolve(program), folder, file);
  await sleep(start + 4_000 - Date.now());
  site.publish('ann', [{ id: 'three', at: new Date() }, ...old]);
  await sleep(start + length * 1000 - Date.now());

  const faults = [...faultsOf('ann', site.asked('ann'), 1), ...faultsOf('bea', site.asked('bea'), 0)];
  const findings = receiver.delivered.filter(({ message }) => message?.type?.startsWith('pledgewatch.finding'));
  if (findings.length !== 1 || !findings[0].body.includes('ann')) {
    faults.push(`${findings.length} findings, the one of ann wanted: ${findings.map(({ body }) => body)}`);
  }
  if (!daemon.runs) faults.push(`the daemon ended: ${JSON.stringify(daemon.end)}`);
  await daemon.terminate();
  receiver.stop();
  site.stop();
  const unchanged = ['ann', 'bea'].flatMap((name) => site.asked(name)).filter(({ status }) => status === 304).length;
  say(`1 planned, ${findings.length} told, ${unchanged} answers of 304`);
  if (faults.length === 0) return say('passed');
  console.log(`\nFAILED\n${faults.map((fault) => `- ${fault}`).join('\n')}\n\nthe daemon's log ends with:\n${daemon.tail()}`);
  process.exitCode = 1;
}

await main();
