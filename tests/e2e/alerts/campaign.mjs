// A campaign with the sinks of a check, in a folder of its own; `check --online`
// over it, as JSON.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export const program = process.argv[2];
export const folder = mkdtempSync(join(tmpdir(), 'pledgewatch-alerts-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

// The site of the one who pledged: `check --online` looks at it.
const feed = createServer((_, answer) => {
  answer.setHeader('content-type', 'application/rss+xml');
  answer.end('<rss version="2.0"><channel><title>a</title></channel></rss>');
});
feed.listen(0, '127.0.0.1').unref();
await once(feed, 'listening');

// `more` is further sections of the file.
const campaign = (sinks, more = '') => `campaign:
  name: freeze
  window: { start: 2030-09-16T00:00, end: 2030-09-17T00:00, zone: UTC }
roster: pledges.csv
rules: [ rules.yaml ]
connectors: { feed: { allow_hosts: [127.0.0.1], allow_ports: [${feed.address().port}] } }
sinks: ${JSON.stringify(sinks)}
store: ${join(folder, 'state')}
${more}
`;
const rules = `rules:
  - name: posted
    when: pledge.window.covers(post.appeared)
    severity: breach
    summary: "posted"
`;

export function secretFile(name, value) {
  writeFileSync(join(folder, name), value + '\n');
  return { file: name };
}

// Sinks on loopback; `port` is the receiver's.
export function local(port, sink) {
  return { allow_hosts: ['127.0.0.1'], allow_ports: [port], timeout: '5s', ...sink };
}

function writeFiles(sinks, more) {
  writeFileSync(join(folder, 'campaign.yaml'), campaign(sinks, more));
  writeFileSync(join(folder, 'rules.yaml'), rules);
  writeFileSync(join(folder, 'pledges.csv'),
    `actor,platform,handle,zone,status,source\nAna,feed,http://127.0.0.1:${feed.address().port}/a,UTC,confirmed,letter\n`);
}

// What the program prints as JSON, with its exit code.
function ask(words) {
  return new Promise((resolve, reject) => {
    execFile(program, [...words, '-c', join(folder, 'campaign.yaml'), '--json'],
      { timeout: 120_000 }, (error, out, err) => {
        try {
          resolve({ code: error ? error.code : 0, answer: JSON.parse(out) });
        } catch {
          reject(new Error(`no JSON of ${words}: ${out}${err}`));
        }
      });
  });
}

// The answer of `pledgewatch check --online --json`.
export async function checkOnline(sinks, more) {
  writeFiles(sinks, more);
  const { code, answer } = await ask(['check', '--online']);
  return { code, ...answer };
}

// A daemon whose operators' sinks are these: it tells each of its start. `until` is
// asked about `pledgewatch outbox list` until it says yes; the list is the result.
export async function outboxOf(sinks, done, more) {
  writeFiles(sinks.map((sink) => ({ ...sink, operators: true })), more);
  const daemon = spawn(program, ['run', '-c', join(folder, 'campaign.yaml')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  daemon.stderr.on('data', (chunk) => { said += chunk; });
  const ended = new Promise((resolve) => { daemon.on('exit', resolve); });
  const list = async () => (await ask(['outbox', 'list'])).answer;
  try {
    await until('the outbox is as expected', async () => done(await list()), 60);
    return await list();
  } catch (error) {
    throw new Error(`${error.message}\n${said}\n${JSON.stringify(await list(), null, 1)}`);
  } finally {
    daemon.kill('SIGTERM');
    await ended;
  }
}

// An HTTP server on a free port of loopback; `answer(request, body)` gives
// { status, headers, body }, or nothing to hang up.
export async function receiver(answer) {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const said = answer(request, Buffer.concat(chunks).toString('utf8'));
      if (!said) return request.socket.destroy();
      response.writeHead(said.status ?? 200, said.headers ?? {});
      response.end(said.body ?? '');
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: server.address().port, close: () => server.close() };
}

// A port that was free a moment ago.
export async function freePort() {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export async function until(what, condition, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition().catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
