// A demo campaign with the real daemon on simulated platforms, in a folder that is
// gone afterwards. Used by the tests beside it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const program = process.env.PLEDGEWATCH ?? path.join(root, 'build/release/pledgewatch');

// Resolves with the first line that `pattern` matches; rejects when the process
// ends before, or after `seconds`.
export function lineOf(child, stream, pattern, seconds) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`no ${pattern} within ${seconds} s:\n${text}`)), seconds * 1000);
    child[stream].on('data', (bytes) => {
      text += bytes;
      const match = pattern.exec(text);
      if (match) { clearTimeout(timer); resolve(match); }
    });
    child.once('exit', () => { clearTimeout(timer); reject(new Error(`ended without ${pattern}:\n${text}`)); });
  });
}

export async function startCampaign({ accounts = 60, day = 60, untilClosed = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pledgewatch-web.'));
  const children = [];
  const start = (...args) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  const stop = async () => {
    // The daemon before its platforms; none may outlive the test.
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const simulator = start('simulate', '-o', folder, '--accounts', String(accounts), '--day', String(day));
    const [, , windowEnd] = await lineOf(simulator, 'stdout', /window (\S+) to (\S+), campaign/, 30);
    const run = ['run', '-c', `${folder}/campaign.yaml`, ...(untilClosed ? ['--until-closed'] : [])];
    const daemon = start(...run);
    let journal = '';
    daemon.stderr.on('data', (bytes) => { journal += bytes; });
    const [, address] = await lineOf(daemon, 'stderr', /at=(http:\S+)/, 30);
    return {
      address, folder, daemon, stop, windowEnd: Date.parse(windowEnd),
      journal: () => journal,
      socket: `${folder}/state/pledgewatch.sock`,
      secret: (name) => {
        const file = `${folder}/secrets/${name}`;
        return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
      },
      received: () => readFileSync(`${folder}/received.jsonl`, 'utf8').split('\n').filter(Boolean).map(JSON.parse),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// Asks `question` until it has an answer that is not empty.
export async function until(what, seconds, question) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await wait(200);
  }
}
