// Five hundred browsers that listen, and one client that never finishes its
// request: polling goes on as before, memory stays where it was.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { startCampaign, wait } from './campaign.mjs';

const listeners = 500;

const residentMegabytes = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function metric(address, pattern) {
  const text = await (await fetch(`${address}/metrics`)).text();
  return text.split('\n').filter((line) => pattern.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

// Looks a second, and the worst lateness seen, over `seconds`.
async function rate(address, seconds) {
  const before = await metric(address, /^pledgewatch_looks_total/);
  const start = performance.now();
  let late = 0;
  for (let i = 0; i < seconds * 2; ++i) {
    await wait(500);
    late = Math.max(late, await metric(address, /^pledgewatch_schedule_lateness_seconds/));
  }
  const looks = await metric(address, /^pledgewatch_looks_total/) - before;
  return { perSecond: looks / ((performance.now() - start) / 1000), late };
}

function listen(address, heard) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${address}/events`, { agent: false }, (answer) => {
      assert.equal(answer.statusCode, 200);
      answer.on('data', (bytes) => { heard.bytes += bytes.length; });
      answer.on('error', () => {});
      resolve(request);
    });
    request.on('error', (error) => { if (!request.destroyed) reject(error); });
  });
}

// One byte a second, for ever.
function slowLoris(address) {
  const { hostname, port } = new URL(address);
  const socket = net.connect(Number(port), hostname);
  const ended = new Promise((resolve) => { socket.once('close', () => resolve(Date.now())); });
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  const timer = setInterval(() => socket.write('a'), 1000);
  return { ended: ended.finally(() => clearInterval(timer)) };
}

test('five hundred listeners and a slow loris delay no look', async (t) => {
  const campaign = await startCampaign({ accounts: 200, day: 120 });
  t.after(() => campaign.stop());
  await wait(12_000);
  // As long as the crowd's, since looks at several accounts together come in bursts.
  const alone = await rate(campaign.address, 20);
  const heard = { bytes: 0 };
  const requests = await Promise.all(Array.from({ length: listeners }, () => listen(campaign.address, heard)));
  const loris = slowLoris(campaign.address);
  const started = Date.now();
  await wait(3000);
  const memoryBefore = residentMegabytes(campaign.daemon.pid);
  const crowded = await rate(campaign.address, 20);
  const memoryAfter = residentMegabytes(campaign.daemon.pid);
  assert.equal(await metric(campaign.address, /^pledgewatch_web_streams /), listeners);
  const lorisLived = (await loris.ended - started) / 1000;
  for (const request of requests) request.destroy();
  console.log(JSON.stringify({ alone, crowded, memoryBefore, memoryAfter, lorisLived, megabytesTold: heard.bytes / 1e6 }));
  assert.ok(heard.bytes > listeners * 1000, 'every listener is told');
  assert.ok(crowded.perSecond > alone.perSecond * 0.9, 'as many looks as before');
  assert.ok(crowded.late < 1, 'no turn is late by a second');
  assert.ok(memoryAfter - memoryBefore < 20, 'memory is flat');
  assert.ok(lorisLived < 15, 'the slow one is let go');
});
