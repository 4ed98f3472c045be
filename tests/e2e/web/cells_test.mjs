// Ten thousand accounts on the board in Chromium: how long until it is drawn, what an
// update costs the page's script, how many bytes travel. The accounts are feeds of this
// process; their cells change as the daemon comes round to them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, before, after } from 'node:test';
import { chromium } from 'playwright-core';
import { lineOf, program, root, wait } from './campaign.mjs';

const accounts = 10_000;
const shots = path.join(root, 'build/e2e_web');
let folder;
let daemon;
let address;
let browser;
let feeds;

function writeCampaign(port) {
  const opened = new Date(Date.now() - 60_000).toISOString().slice(0, 19);
  const later = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);
  const rows = ['actor,platform,handle,zone,status'];
  for (let i = 0; i < accounts; ++i) {
    rows.push(`Actor number ${i},feed,http://127.0.0.1:${port}/feed/${i}.xml,UTC,confirmed`);
  }
  writeFileSync(path.join(folder, 'roster.csv'), `${rows.join('\n')}\n`);
  copyFileSync(path.join(root, 'rules/packs/freeze.yaml'), path.join(folder, 'freeze.yaml'));
  writeFileSync(path.join(folder, 'campaign.yaml'), `campaign:
  name: ten thousand
  window: { start: ${opened}, end: ${later}, zone: UTC }
  default_zone: UTC
  surfaces: [post]
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  feed: { allow_hosts: [127.0.0.1], allow_ports: [${port}], interval: 1h }
web: { listen: "127.0.0.1:0", anonymous: reader }
store: state
`);
}

before(async () => {
  mkdirSync(shots, { recursive: true });
  folder = mkdtempSync(path.join(tmpdir(), 'pledgewatch-cells.'));
  feeds = http.createServer((request, answer) => {
    answer.setHeader('content-type', 'application/rss+xml');
    answer.end(`<rss version="2.0"><channel><title>${request.url}</title></channel></rss>`);
  });
  await new Promise((resolve) => { feeds.listen(0, '127.0.0.1', resolve); });
  writeCampaign(feeds.address().port);
  daemon = spawn(program, ['run', '-c', `${folder}/campaign.yaml`], { stdio: ['ignore', 'ignore', 'pipe'] });
  [, address] = await lineOf(daemon, 'stderr', /at=(http:\S+)/, 60);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});
after(async () => {
  await browser?.close();
  if (daemon) {
    const ended = new Promise((resolve) => { daemon.once('exit', resolve); });
    daemon.kill('SIGTERM');
    await ended;
  }
  feeds?.close();
  feeds?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

// Runs before the page's own script: what every event of the stream costs it.
function watchEvents() {
  window.told = [];
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
  }).observe({ type: 'longtask', buffered: true });
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function listenAndMeasure(type, act) {
    add.call(this, type, (event) => {
      const start = performance.now();
      act(event);
      const changes = type === 'cells' ? JSON.parse(event.data).changes.length : 0;
      window.told.push({ type, bytes: event.data.length, script: performance.now() - start, changes });
    });
  };
}

const most = (values) => values.reduce((a, b) => Math.max(a, b), 0);
const rounded = (value) => Math.round(value * 10) / 10;

async function measure(viewport, scale) {
  const context = await browser.newContext({ viewport, deviceScaleFactor: scale });
  const page = await context.newPage();
  await page.addInitScript(watchEvents);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const bytes = {};
  const urls = {};
  session.on('Network.responseReceived', ({ requestId, response }) => { urls[requestId] = new URL(response.url).pathname; });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const name = urls[requestId] ?? 'other';
    bytes[name] ??= encodedDataLength;
  });
  await page.goto(address);
  await page.locator('#live.is-live').waitFor();
  await page.waitForFunction('map.drawnAt > 0 && map.cells.length === 10000');
  const times = await page.evaluate(`({
    firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    mapDrawn: map.drawnAt,
  })`);
  await page.evaluate(() => { window.told.length = 0; window.longTasks.length = 0; });
  await wait(15_000);
  const { told, longTasks } = await page.evaluate(() => ({ told: window.told, longTasks: window.longTasks }));
  const cells = told.filter((event) => event.type === 'cells');
  const changes = cells.reduce((sum, event) => sum + event.changes, 0);
  const figures = {
    firstPaintMs: rounded(times.firstPaint), mapDrawnMs: rounded(times.mapDrawn),
    pageBytes: bytes['/'], cellsBytes: bytes['/api/v1/cells'], scriptBytes: bytes['/assets/pledgewatch.js'],
    updates: cells.length, changes, bytesPerUpdate: Math.round(cells.reduce((sum, event) => sum + event.bytes, 0) / Math.max(1, cells.length)),
    worstUpdateMs: rounded(most(cells.map((event) => event.script))),
    worstBoardMs: rounded(most(told.filter((event) => event.type === 'board').map((event) => event.script))),
    longTasks: longTasks.length, longestTaskMs: rounded(most(longTasks)),
  };
  return { page, context, figures };
}

test('ten thousand cells are drawn, and stay in step with the server', async () => {
  for (const [name, viewport, scale] of [['desktop', { width: 1920, height: 1080 }, 1], ['phone', { width: 390, height: 844 }, 3]]) {
    const { page, context, figures } = await measure(viewport, scale);
    console.log(`10,000 cells, ${name}: ${JSON.stringify(figures)}`);
    await page.screenshot({ path: path.join(shots, `cells-${name}.png`) });
    assert.ok(figures.pageBytes < 200_000, 'the page itself is small whatever the roster');
    assert.ok(figures.cellsBytes < 250_000, 'all names in a quarter of a megabyte on the wire');
    assert.ok(figures.updates > 0 && figures.changes > 0, 'cells change meanwhile');
    assert.ok(figures.bytesPerUpdate < figures.cellsBytes / 10, 'an update is a fraction of the whole');
    // What the page shows is what the server says now.
    await page.waitForFunction(
      `fetch('/api/v1/cells').then((answer) => answer.json()).then((told) => told.states === map.letters.join(''))`,
      undefined, { polling: 1000, timeout: 60_000 });
    await context.close();
  }
});
