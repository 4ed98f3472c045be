// The program under test as a child process.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export class Daemon {
  #child;
  #ended;

  constructor(program, folder, campaignFile) {
    this.log = path.join(folder, 'daemon.log');
    const log = fs.openSync(this.log, 'w');
    this.#child = spawn(program, ['run', '-c', campaignFile], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve({ error: error.message }));
      this.#child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#ended.then((end) => (this.end = end)); // {code, signal} or {error} once it ended
  }

  get runs() {
    return this.end === undefined;
  }

  // How it ended: {code, signal}; killed after `patience` milliseconds.
  async terminate(patience = 15_000) {
    if (this.runs) this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    const end = await this.#ended;
    clearTimeout(timer);
    return end;
  }

  tail(lines = 60) {
    return fs.readFileSync(this.log, 'utf8').split('\n').slice(-lines).join('\n');
  }
}

// One subcommand to its end: {code, text} with both streams in text.
export function runCommand(program, ...args) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status ?? signal ?? String(error), text: `${stdout ?? ''}${stderr ?? ''}` };
}
