// The other end of network.mjs: starts the network as a child and speaks its
// lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('network.mjs', import.meta.url));

export class NetworkClient {
  #child;
  #lines;
  #closed = false;

  // Starts a network of `plan` (see network.mjs) that keeps its files under
  // `folder`. Fields: bsky, pds, plc (ports), accounts (handle → DID),
  // posts (handle → [{uri, cid}]), seconds, megabytes.
  static async start(folder, plan) {
    const network = new NetworkClient();
    const temporary = path.join(folder, 'network');
    fs.mkdirSync(temporary, { recursive: true });
    const planFile = path.join(folder, 'network_plan.json');
    fs.writeFileSync(planFile, JSON.stringify(plan));
    network.log = path.join(folder, 'network.log');
    const log = fs.openSync(network.log, 'w');
    network.#child = spawn(process.execPath, [script, planFile], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['pipe', 'pipe', log],
    });
    fs.closeSync(log);
    network.#child.on('exit', () => (network.#closed = true));
    network.#child.stdin.on('error', () => {}); // the next command says it better
    network.#lines = readline
      .createInterface({ input: network.#child.stdout })
      [Symbol.asyncIterator]();
    Object.assign(network, await network.#next('start'));
    return network;
  }

  get base() {
    return `http://127.0.0.1:${this.bsky}`;
  }

  // One command, answered when everything written is indexed.
  async command(...words) {
    if (this.#closed) throw new Error(`the network has ended, see ${this.log}`);
    this.#child.stdin.write(`${words.join(' ')}\n`);
    const answer = await this.#next(words[0]);
    if (answer.error) throw new Error(`network: ${words.join(' ')}: ${answer.error}`);
    return answer;
  }

  async stop() {
    if (this.#closed || !this.#child) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end('stop\n');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }

  async #next(what) {
    const { value, done } = await this.#lines.next();
    if (done) {
      const tail = fs.readFileSync(this.log, 'utf8').slice(-4000);
      throw new Error(`the network ended at "${what}":\n${tail}`);
    }
    return JSON.parse(value);
  }
}
