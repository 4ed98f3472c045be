// Debian's `webhook` program receives our message and runs a command with it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checkOnline, folder, freePort, local, secretFile, until } from './campaign.mjs';

if (!existsSync('/usr/bin/webhook')) {
  console.log('hook: skipped, apt-get install webhook');
  process.exit(77);
}
const script = join(folder, 'take.sh');
writeFileSync(script, `#!/bin/sh\nprintf '%s' "$1" >${folder}/type\nprintf '%s' "$2" >${folder}/id\n`);
chmodSync(script, 0o755);
writeFileSync(join(folder, 'hooks.json'), JSON.stringify([{
  id: 'freeze',
  'execute-command': script,
  'pass-arguments-to-command': [
    { source: 'payload', name: 'type' },
    { source: 'header', name: 'Webhook-Id' },
  ],
  'trigger-rule': { match: { type: 'value', value: 'freeze', parameter: { source: 'payload', name: 'data.campaign' } } },
}]));
const port = await freePort();
const child = spawn('/usr/bin/webhook', ['-hooks', join(folder, 'hooks.json'), '-ip', '127.0.0.1', '-port', `${port}`],
  { stdio: 'ignore' });
process.on('exit', () => child.kill('SIGKILL'));
await until('webhook listens', async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
const answer = await checkOnline([local(port, {
  name: 'hook', type: 'webhook', url: `http://127.0.0.1:${port}/hooks/freeze`,
  secret: secretFile('hook', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
})]);
assert.equal(answer.code, 0, JSON.stringify(answer));
await until('the command ran', async () => existsSync(join(folder, 'id')));
assert.equal(readFileSync(join(folder, 'type'), 'utf8'), 'pledgewatch.test');
assert.match(readFileSync(join(folder, 'id'), 'utf8'), /^test_[0-9a-f]{16}$/);
console.log('hook: Debian\'s webhook received the message and ran its command');
process.exit(0);
