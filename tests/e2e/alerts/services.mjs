// Receivers shaped like the chat services: every request has the documented form,
// and every documented error is understood as what it is.
import assert from 'node:assert/strict';
import { checkOnline, local, receiver, secretFile } from './campaign.mjs';

const token = 'secret-token-0123456789abcdef00';

// name: [type, path, answer, accepted]
const cases = {
  'slack ok': ['slack', '/s/ok', { body: 'ok' }, true],
  'slack lies': ['slack', '/s/lies', { body: 'no_text' }, false],
  'slack archived': ['slack', '/s/gone', { status: 410, body: 'channel_is_archived' }, false],
  'slack rate': ['slack', '/s/429', { status: 429, headers: { 'retry-after': '30' } }, false],
  'mattermost ok': ['mattermost', '/m/ok', { body: 'ok' }, true],
  'mattermost page': ['mattermost', '/m/page', { body: '<html>sign in</html>' }, false],
  'teams ok': ['teams', '/t/ok', { status: 202 }, true],
  'teams 429 in 200': ['teams', '/t/429',
    { body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429' }, false],
  'teams big': ['teams', '/t/413', { status: 413 }, false],
  'discord ok': ['discord', '/d/ok', { status: 200, body: '{"id":"1"}' }, true],
  'discord rate': ['discord', '/d/429',
    { status: 429, body: '{"message":"You are being rate limited.","retry_after":0.65,"global":false}' }, false],
  'discord gone': ['discord', '/d/404', { status: 404, body: '{"message":"Unknown Webhook","code":10015}' }, false],
  'telegram ok': ['telegram', '/ok', { body: '{"ok":true,"result":{"message_id":5}}' }, true],
  'telegram rate': ['telegram', '/429',
    { status: 429, body: '{"ok":false,"error_code":429,"parameters":{"retry_after":3}}' }, false],
  'telegram moved': ['telegram', '/moved',
    { status: 400, body: '{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-1009}}' }, false],
  'telegram says no': ['telegram', '/no', { body: '{"ok":false,"error_code":403}' }, false],
  'matrix ok': ['matrix', '/x/ok', { body: '{"event_id":"$1"}' }, true],
  'matrix rate': ['matrix', '/x/429',
    { status: 429, body: '{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":900}' }, false],
  'matrix empty': ['matrix', '/x/empty', { body: '{}' }, false],
  'pagerduty ok': ['pagerduty', '/p/ok', { status: 202, body: '{"status":"success"}' }, true],
  'pagerduty bad': ['pagerduty', '/p/400', { status: 400, body: '{"status":"invalid event"}' }, false],
  'ntfy ok': ['ntfy', '/topic', { body: '{"id":"x"}' }, true],
  'ntfy rate': ['ntfy', '/full', { status: 429 }, false],
};

const checks = {
  slack: ({ json }) => assert.ok(json.text && json.blocks.length <= 50 && json.blocks[0].text.text.length <= 150),
  mattermost: ({ json }) => assert.ok([...json.text].length <= 16383),
  teams: ({ json, body }) => {
    assert.equal(json.type, 'message');
    assert.equal(json.attachments[0].contentType, 'application/vnd.microsoft.card.adaptive');
    assert.equal(json.attachments[0].content.type, 'AdaptiveCard');
    assert.ok(body.length < 28_000);
  },
  discord: ({ json, request }) => {
    assert.ok(request.url.endsWith('wait=true'));
    assert.deepEqual(json.allowed_mentions, { parse: [] });
    assert.ok(json.embeds.length <= 10 && json.embeds[0].title.length <= 256);
  },
  telegram: ({ json, request }) => {
    assert.ok(request.url.endsWith(`/bot${token}/sendMessage`));
    assert.equal(json.chat_id, '-100200300');
    assert.ok(json.text.length > 0 && json.text.length <= 4096);
  },
  matrix: ({ json, request }) => {
    assert.equal(request.method, 'PUT');
    assert.match(request.url, /\/_matrix\/client\/v3\/rooms\/%21room%3Aexample\.org\/send\/m\.room\.message\/test_[0-9a-f]{16}$/);
    assert.equal(request.headers.authorization, `Bearer ${token}`);
    assert.equal(json.msgtype, 'm.text');
  },
  pagerduty: ({ json, request }) => {
    assert.ok(request.url.endsWith('/v2/enqueue'));
    assert.equal(json.routing_key, token);
    assert.equal(json.event_action, 'trigger');
    assert.ok(json.dedup_key.length <= 255 && json.payload.summary.length <= 1024);
    assert.ok(['critical', 'error', 'warning', 'info'].includes(json.payload.severity));
    assert.ok(json.payload.source);
  },
  ntfy: ({ request, body }) => {
    assert.ok(Buffer.byteLength(body) <= 4096);
    assert.ok(Number(request.headers.priority) >= 1 && Number(request.headers.priority) <= 5);
  },
};

let checked = 0;
const faults = [];
const server = await receiver((request, body) => {
  const path = request.url.replace(/\?.*/, '');
  const found = Object.values(cases).find(([type, prefix]) =>
    path === prefix || (path.startsWith(prefix + '/') && ['telegram', 'matrix', 'pagerduty'].includes(type)));
  if (!found) return { status: 500, body: `no case for ${request.url}` };
  try {
    const json = found[0] === 'ntfy' ? undefined : JSON.parse(body);
    checks[found[0]]({ json, request, body });
    ++checked;
  } catch (error) {
    faults.push(`${request.url}: ${error.message}`);
  }
  return found[2];
});
const sinks = Object.entries(cases).map(([name, [type, path]]) => {
  const sink = local(server.port, { name, type, url: `http://127.0.0.1:${server.port}${path}` });
  if (['telegram', 'matrix', 'pagerduty', 'ntfy'].includes(type)) sink.secret = secretFile('token', token);
  if (type === 'telegram') sink.to = '-100200300';
  if (type === 'matrix') sink.to = '!room:example.org';
  return sink;
});
const answer = await checkOnline(sinks);
server.close();
assert.deepEqual(faults, []);
assert.equal(answer.code, 1);
assert.equal(checked, sinks.length);
for (const sink of answer.sinks) {
  assert.equal(sink.accepted, cases[sink.sink][3], `${sink.sink}: ${JSON.stringify(sink)}`);
  assert.ok(!JSON.stringify(sink).includes(token), 'a secret is told');
}
console.log(`services: ${checked} requests in the documented form, ${checked} answers understood`);
