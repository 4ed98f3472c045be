// The simulated platforms of `pledgewatch simulate` for clients that nobody here
// wrote. They expect a platform at the root of a host, so each gets a front of its
// own on loopback that adds the platform's path.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import readline from 'node:readline';

export class Simulation {
  #child;
  #fronts = [];

  // Ready when the platforms answer. Fields: base, folder, plan (plan.json).
  static async start(program, folder, accounts = 24) {
    const simulation = new Simulation();
    simulation.folder = folder;
    simulation.#child = spawn(program, ['simulate', '-o', folder, '--accounts', String(accounts), '--day', '120'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of readline.createInterface({ input: simulation.#child.stdout })) {
      const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (!found) continue;
      simulation.base = found[0];
      break;
    }
    if (!simulation.base) throw new Error('the simulation did not start');
    simulation.plan = JSON.parse(fs.readFileSync(path.join(folder, 'plan.json'), 'utf8'));
    return simulation;
  }

  accounts(platform) {
    return this.plan.accounts.filter((account) => account.platform === platform);
  }

  // An address whose root is `prefix` of the simulation. Links in answers have the
  // prefix already.
  async front(prefix) {
    const server = http.createServer((request, response) => {
      const onward = http.request(
        this.base + (request.url.startsWith(`${prefix}/`) ? '' : prefix) + request.url,
        { method: request.method, headers: { ...request.headers, host: new URL(this.base).host } },
        (answer) => {
          response.writeHead(answer.statusCode, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#fronts.push(server);
    return `http://127.0.0.1:${server.address().port}`;
  }

  async stop() {
    for (const server of this.#fronts) {
      server.close();
      server.closeAllConnections();
    }
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

// Runs `check` against a fresh simulation; exits with 1 and says why when it throws.
export async function withSimulation(check) {
  const [program, folder] = process.argv.slice(2);
  const simulation = await Simulation.start(path.resolve(program), folder);
  try {
    console.log(await check(simulation));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await simulation.stop();
  }
}
