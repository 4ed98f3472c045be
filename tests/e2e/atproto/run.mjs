// The AT Protocol test: the daemon watches real accounts of a real network
// through a short boycott, and must find exactly what was planned.
//
//   node run.mjs PLEDGEWATCH FOLDER      (see run.sh)
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { writeCampaign } from './campaign.mjs';
import { Daemon, runCommand } from './daemon.mjs';
import { NetworkClient } from './network_client.mjs';
import { newSecret, Receiver } from './receiver.mjs';
import { verdictsIn } from './report.mjs';

// Seconds. `lead` is from the daemon's start to the window's.
const lead = 20;
const length = 40;
const interval = 2;
const [sweep, sweepAgain, closes] = [8, 14, 20];
const statement = '#FreezeStatement';
// From a post to the organisers' webhook: looks every 2 s, the first delivery's
// retry after 5 s, and a loaded machine.
const patience = 25;

// An account's own server proves silence by its revision, and lists every record.
const nothing = ['kept'];
const standing = ['pending']; // a breach that awaits review

// Who does what. `plays`: [second after the window's start, command, argument…,
// what must come of it]; "@a" as argument is the first baseline post of a.
const rows = [
  { handle: 'poster.test', before: ['old one', 'old two'], verdicts: standing, plays: [
    [6, 'post', 'Buy our shoes today', 'breach'],
    [22, 'quote', '@silent', 'How right they were', 'breach'],
  ] },
  { handle: 'replier.test', before: ['hello'], verdicts: standing, plays: [
    [9, 'reply', '@poster', 'I want these shoes', 'breach'],
  ] },
  { handle: 'reposter.test', before: ['hello'], verdicts: standing, plays: [
    [12, 'repost', '@silent', 'breach'],
  ] },
  { handle: 'backdater.test', before: ['hello'], verdicts: standing, plays: [
    [8, 'backdate', 'I wrote this last year', '2025-11-24T12:00:00Z', 'breach'],
  ] },
  { handle: 'futurist.test', before: [], verdicts: standing, plays: [
    [14, 'backdate', 'I write this next year', '2027-11-24T12:00:00Z', 'breach'],
  ] },
  { handle: 'deleter.test', before: ['hello'], verdicts: standing, plays: [
    [10, 'post', 'Nobody saw this', 'breach'],
    [18, 'delete', 'last', 'nothing'],
  ] },
  { handle: 'speaker.test', before: [], verdicts: standing, plays: [
    [7, 'post', `We stand with you ${statement}`, 'nothing'],
    [20, 'post', `And once more ${statement}`, 'breach'],
  ] },
  { handle: 'early.test', before: ['hello'], verdicts: nothing, plays: [
    [-8, 'post', 'Quickly, before it starts', 'nothing'],
  ] },
  { handle: 'late.test', before: ['hello'], verdicts: nothing, plays: [
    [length + 6, 'post', 'At last it is over', 'nothing'],
  ] },
  { handle: 'tidier.test', before: ['hello', 'regretted'], verdicts: nothing, plays: [
    [11, 'delete', '@tidier', 'nothing'],
  ] },
  { handle: 'leaver.test', before: ['hello'], verdicts: ['unproven'], plays: [
    [16, 'deactivate', 'nothing'],
  ] },
  { handle: 'silent.test', before: ['day one', 'day two', 'day three'], verdicts: nothing, plays: [] },
  { handle: 'newborn.test', before: [], verdicts: nothing, plays: [] },
  { handle: 'stranger.test', before: ['not in the roster'], verdicts: null, plays: [
    [13, 'post', 'I never pledged', 'nothing'],
  ] },
];

const [program, folder] = process.argv.slice(2);
const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const until = (instant) => sleep(Math.max(0, instant - Date.now()));

// Plays every row in time order. Returns the planned breaches: {handle, uri,
// what, at}.
async function play(network, start) {
  const breaches = [];
  const last = {};
  const resolved = (handle, word) => {
    if (word === 'last') return last[handle];
    return word.startsWith('@') ? network.posts[`${word.slice(1)}.test`][0].uri : word;
  };
  const all = rows.flatMap(({ handle, plays }) => plays.map((line) => ({ handle, line })));
  all.sort((a, b) => a.line[0] - b.line[0]);
  for (const { handle, line } of all) {
    const [second, command, ...words] = line;
    const expected = words.pop();
    await until(start + second * 1000);
    const written = words.map((word) => resolved(handle, word));
    const { uri } = await network.command(command, handle, ...written);
    last[handle] = uri;
    say(`${second} s: ${handle} ${command} ${written.join(' ')}`);
    if (expected === 'breach') breaches.push({ handle, uri, what: command, at: Date.now() });
  }
  return breaches;
}

const recordKey = (uri) => uri.slice(uri.lastIndexOf('/') + 1);
const tells = (attempt, breach) => attempt.body.includes(recordKey(breach.uri));

async function waitForWebhooks(receiver, breaches, deadline) {
  const missing = () =>
    breaches.filter((breach) => !receiver.delivered.some((attempt) => tells(attempt, breach)));
  while (missing().length > 0 && Date.now() < deadline) await sleep(200);
  return missing();
}

// Every complaint about what arrived, as sentences.
function judgeWebhooks(receiver, breaches) {
  const faults = receiver.attempts
    .filter((attempt) => attempt.complaint)
    .map((attempt) => `webhook ${attempt.id}: ${attempt.complaint}`);
  const findings = receiver.delivered.filter(({ message }) => message?.type?.startsWith('pledgewatch.finding'));
  for (const { handle, what, uri, at } of breaches) {
    const told = findings.filter((attempt) => tells(attempt, { uri }));
    if (told.length === 0) faults.push(`missed: ${handle} ${what} ${uri}`);
    if (told.length > 1) faults.push(`told ${told.length} times: ${handle} ${what} ${uri}`);
    const seconds = (told[0]?.at - at) / 1000;
    if (seconds > patience) faults.push(`told after ${seconds} s: ${handle} ${what} ${uri}`);
    if (told.length > 0) say(`${handle} ${what}: told after ${seconds.toFixed(1)} s`);
  }
  for (const attempt of findings) {
    if (!breaches.some((breach) => tells(attempt, breach))) faults.push(`false: ${attempt.body}`);
  }
  const ids = receiver.delivered.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) faults.push('one webhook-id was delivered twice');
  const refused = receiver.attempts.filter(({ status }) => status === 503);
  for (const { id } of refused) {
    if (!ids.includes(id)) faults.push(`refused once and never delivered: ${id}`);
  }
  return faults;
}

function judgeReport(network) {
  const output = path.join(folder, 'report');
  const campaign = path.join(folder, 'campaign.yaml');
  const report = runCommand(program, 'report', '-c', campaign, '-o', output);
  if (report.code !== 0) return [`report ended with ${report.code}: ${report.text}`];
  const faults = [];
  const verdicts = verdictsIn(output);
  for (const { handle, verdicts: allowed } of rows) {
    const verdict = verdicts.get(handle);
    say(`${handle}: ${verdict ?? 'not in the report'}`);
    if (allowed === null && verdict !== undefined) faults.push(`${handle} never pledged: ${verdict}`);
    if (allowed !== null && !allowed.includes(verdict)) {
      faults.push(`${handle} is ${verdict}, not ${allowed.join(' or ')}`);
    }
  }
  const stranger = network.accounts['stranger.test'];
  for (const file of fs.readdirSync(output)) {
    const full = path.join(output, file);
    if (fs.statSync(full).isFile() && fs.readFileSync(full, 'utf8').includes(stranger)) {
      faults.push(`${file} names an account that never pledged`);
    }
  }
  return faults;
}

function judgeLog() {
  const log = path.join(folder, 'state', 'log');
  const verify = (where) =>
    runCommand(program, 'verify', where, '--key', path.join(log, 'log.vkey'));
  const good = verify(log);
  say(`verify: ${good.text.trim().split('\n').at(-1)}`);
  if (good.code !== 0) return [`verify ended with ${good.code}: ${good.text}`];
  const forged = verify(forgedCopy(log));
  return forged.code === 1 ? [] : [`verify of a forged log ended with ${forged.code}: ${forged.text}`];
}

// A copy of the log with one bit changed in every file of leaves.
function forgedCopy(log) {
  const copy = path.join(folder, 'forged');
  fs.cpSync(log, copy, { recursive: true });
  const entries = fs
    .readdirSync(path.join(copy, 'tile'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.path.includes('entries'))
    .map((entry) => path.join(entry.path, entry.name));
  for (const file of entries) {
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    fs.writeFileSync(file, bytes);
  }
  return copy;
}

// A window starts at a whole second.
const windowStart = () => Math.ceil(Date.now() / 1000 + lead) * 1000;

async function main() {
  if (!fs.existsSync(program)) throw new Error(`no ${program}: ./dev build`);
  say('starting the AT Protocol network');
  const accounts = rows.map(({ handle, before }) => ({ handle, posts: before }));
  const network = await NetworkClient.start(folder, { accounts });
  say(`network ready after ${network.seconds.toFixed(1)} s at ${network.base}`);
  const secret = newSecret();
  const receiver = await Receiver.start(secret, 1);
  const start = windowStart();
  const end = start + length * 1000;
  const file = writeCampaign(folder, {
    start, end, interval, sweep, sweepAgain, closes, statement, secret,
    appviewPort: network.bsky,
    plcPort: network.plc,
    pdsPort: network.pds,
    receiverPort: receiver.port,
    handles: rows.filter(({ verdicts }) => verdicts !== null).map(({ handle }) => handle),
  });
  const daemon = new Daemon(path.resolve(program), folder, file);
  let faults;
  try {
    faults = await judge({ network, receiver, daemon, start, end });
  } catch (error) {
    faults = [error.stack];
  } finally {
    await daemon.terminate();
    receiver.stop();
    await network.stop();
  }
  if (faults.length === 0) return say('passed');
  console.log(`\nFAILED\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  console.log(`\nthe daemon's log ends with:\n${daemon.tail()}`);
  console.log(`\nthe campaign:\n${fs.readFileSync(file, 'utf8')}`);
  process.exitCode = 1;
}

async function judge({ network, receiver, daemon, start, end }) {
  const gone = (async () => {
    while (daemon.runs) await sleep(100);
    if (Date.now() < end) throw new Error(`the daemon ended early: ${JSON.stringify(daemon.end)}`);
  })();
  gone.catch(() => {}); // told by the race below, or harmless after it
  const never = new Promise(() => {});
  const breaches = await Promise.race([play(network, start), gone.then(() => never)]);
  const missing = await waitForWebhooks(receiver, breaches, Date.now() + patience * 1000);
  say(`${breaches.length - missing.length} of ${breaches.length} planned breaches told`);
  await until(end + (closes + 5) * 1000);
  const stopped = Date.now();
  const { code, signal } = await daemon.terminate();
  say(`SIGTERM: ended with ${code ?? signal} after ${Date.now() - stopped} ms`);
  const faults = code === 0 ? [] : [`the daemon ended with ${code ?? signal}`];
  return [...faults, ...judgeWebhooks(receiver, breaches), ...judgeReport(network), ...judgeLog()];
}

// A play that is cut short must not keep the process waiting for its next line.
await main();
process.exit();
