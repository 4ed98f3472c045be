// The ActivityPub test: the daemon reads a real server that answers signed requests
// alone, and must find exactly what was published in the window; unsigned, it must
// say that it is refused, and never that nothing was seen.
//
//   node run.mjs PLEDGEWATCH FOLDER      (see run.sh)
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Daemon } from '../atproto/daemon.mjs';
import { newSecret, Receiver } from '../atproto/receiver.mjs';
import { writeCampaign } from './campaign.mjs';
import { ActivityPubServer, domain } from './server.mjs';

const [program, folder] = process.argv.slice(2);
const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const until = (instant) => sleep(Math.max(0, instant - Date.now()));
const lead = 8;
const length = 20;

const told = (receiver, id) =>
  receiver.delivered.filter(({ body, message }) =>
    message?.type?.startsWith('pledgewatch.finding') && body.includes(`/notes/${id}`));

async function play(server, start) {
  await until(start + 4_000);
  server.publish('breach', 'note', '<p>Buy our <b>shoes</b></p>');
  await until(start + 6_000);
  server.publish('secret', 'note', '<p>for followers</p>', true);
  server.publish('boost', 'announce', 'https://other.example/notes/1');
  await until(start + 8_000);
  // A burst over a page's end between two looks.
  for (let i = 0; i < 7; ++i) server.publish(`burst-${i}`, 'note', `<p>burst ${i}</p>`);
  return ['breach', 'boost', ...Array.from({ length: 7 }, (_, i) => `burst-${i}`)];
}

async function main() {
  const server = await ActivityPubServer.start();
  for (let i = 0; i < 8; ++i) server.publish(`old-${i}`, 'note', `<p>old ${i}</p>`);
  const secret = newSecret();
  const receiver = await Receiver.start(secret, 0);
  const start = Math.ceil(Date.now() / 1000 + lead) * 1000;
  const setup = {
    start, end: start + length * 1000, secret, domain,
    base: server.base, port: server.port, receiverPort: receiver.port,
  };
  const signed = writeCampaign(path.join(folder, 'signed'), {
    ...setup, keyId: server.keyId, pem: await server.pem(),
  });
  const unsigned = writeCampaign(path.join(folder, 'unsigned'), setup);
  const reader = new Daemon(path.resolve(program), path.dirname(signed), signed);
  const stranger = new Daemon(path.resolve(program), path.dirname(unsigned), unsigned);
  const faults = [];
  const expected = await play(server, start);
  const deadline = Date.now() + 15_000;
  while (expected.some((id) => told(receiver, id).length === 0) && Date.now() < deadline) await sleep(200);
  await sleep(2_000);
  for (const id of expected) {
    const times = told(receiver, id).length;
    if (times !== 1) faults.push(`${id} was told ${times} times`);
  }
  const findings = receiver.delivered.filter(({ message }) => message?.type?.startsWith('pledgewatch.finding'));
  if (findings.length !== expected.length) faults.push(`${findings.length} findings, planned ${expected.length}`);
  if (findings.some(({ body }) => body.includes('followers'))) faults.push('a followers-only note was told');
  if (server.signed < 10) faults.push(`only ${server.signed} requests were signed and verified`);
  if (server.unsigned < 1) faults.push('the unsigned reader was never refused');
  if (!stranger.tail(200).includes('refused')) faults.push('the unsigned reader does not say that it is refused');
  for (const daemon of [reader, stranger]) {
    if (!daemon.runs) faults.push(`a daemon ended: ${JSON.stringify(daemon.end)}`);
    await daemon.terminate();
  }
  receiver.stop();
  server.stop();
  say(`${expected.length} planned, ${findings.length} told, ${server.signed} signed reads, ${server.unsigned} refused`);
  if (faults.length === 0) return say('passed');
  console.log(`\nFAILED\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  console.log(`\nthe daemon's log ends with:\n${reader.tail()}\nthe stranger's:\n${stranger.tail(20)}`);
  console.log(`\nrequests:\n${server.requests.slice(-20).join('\n')}`);
  process.exitCode = 1;
}

await main();
