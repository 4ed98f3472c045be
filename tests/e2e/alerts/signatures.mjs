// npm's standardwebhooks, the specification's own library, verifies what we sign.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { checkOnline, local, receiver, secretFile } from './campaign.mjs';

const { Webhook } = createRequire(import.meta.url)('standardwebhooks');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const seen = [];
const server = await receiver((request, body) => {
  seen.push({ path: request.url, headers: request.headers, body });
  return { status: 204 };
});
const url = (path) => `http://127.0.0.1:${server.port}${path}`;
const key = secretFile('hook', secret);
const answer = await checkOnline([
  local(server.port, { name: 'plain', type: 'webhook', url: url('/plain'), secret: key }),
  local(server.port, { name: 'events', type: 'webhook', url: url('/events'), secret: key, format: 'cloudevents' }),
]);
server.close();
assert.equal(answer.code, 0, JSON.stringify(answer));
assert.deepEqual(answer.sinks.map((sink) => sink.accepted), [true, true]);
assert.equal(seen.length, 2);
const webhook = new Webhook(secret);
for (const { headers, body } of seen) {
  assert.doesNotThrow(() => webhook.verify(body, headers));
  assert.throws(() => webhook.verify(body.replace('test', 'tess'), headers));
  assert.throws(() => webhook.verify(body, { ...headers, 'webhook-id': 'other' }));
  assert.throws(() => new Webhook('whsec_' + Buffer.alloc(24).toString('base64')).verify(body, headers));
}
const plain = JSON.parse(seen[0].body);
assert.equal(plain.type, 'pledgewatch.test');
const event = JSON.parse(seen[1].body);
assert.equal(seen[1].headers['content-type'], 'application/cloudevents+json');
// CloudEvents 1.0, required attributes.
assert.equal(event.specversion, '1.0');
for (const name of ['id', 'source', 'type']) assert.ok(event[name].length > 0, name);
assert.ok(!Number.isNaN(Date.parse(event.time)));
assert.equal(event.id, seen[1].headers['webhook-id']);
console.log('signatures: 2 of 2 webhooks verified by standardwebhooks, 6 forgeries refused');
