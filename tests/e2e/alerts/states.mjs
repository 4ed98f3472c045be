// Receivers shaped like the chat services answer each documented error, programs end
// in every way, and the outbox of a daemon that runs says what became of the message:
// again later, when, given up, or the sink switched off.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { folder, local, outboxOf, receiver, secretFile } from './campaign.mjs';

const token = 'secret-token-0123456789abcdef00';
const json = (status, body, headers = {}) => ({ status, headers, body: JSON.stringify(body) });

// name: [type, answers in turn (the last repeats), state, result and first detail]
const cases = {
  // docs.slack.dev, "Sending messages using incoming webhooks", errors.
  'slack ok': ['slack', [{ body: 'ok' }], 'delivered', 'accepted'],
  'slack no_text': ['slack', [{ status: 400, body: 'no_text' }], 'dead', 'aborted'],
  'slack invalid_payload': ['slack', [{ status: 400, body: 'invalid_payload' }], 'dead', 'aborted'],
  'slack too_many_attachments': ['slack', [{ status: 400, body: 'too_many_attachments' }], 'dead', 'aborted'],
  'slack invalid_token': ['slack', [{ status: 403, body: 'invalid_token' }], 'ready', 'rejected'],
  'slack action_prohibited': ['slack', [{ status: 403, body: 'action_prohibited' }], 'ready', 'sink_gone'],
  'slack channel_not_found': ['slack', [{ status: 404, body: 'channel_not_found' }], 'ready', 'rejected'],
  'slack no_service': ['slack', [{ status: 404, body: 'no_service' }], 'ready', 'sink_gone'],
  'slack channel_is_archived': ['slack', [{ status: 410, body: 'channel_is_archived' }], 'ready', 'sink_gone'],
  'slack rate': ['slack', [{ status: 429, headers: { 'retry-after': '6' } }, { body: 'ok' }], 'delivered', 'throttled'],
  'slack rollup_error': ['slack', [{ status: 500, body: 'rollup_error' }, { body: 'ok' }], 'delivered', 'server_failed'],
  // learn.microsoft.com, "Create an Incoming Webhook": the status may stand in the text.
  'teams ok': ['teams', [{ status: 202 }], 'delivered', 'accepted'],
  'teams 400': ['teams', [{ status: 400, body: 'Bad payload received by generic incoming webhook.' }], 'dead', 'aborted'],
  'teams 404': ['teams', [{ status: 404 }], 'ready', 'rejected'],
  'teams 413': ['teams', [{ status: 413 }], 'dead', 'aborted'],
  'teams 429': ['teams', [{ status: 429 }, { status: 202 }], 'delivered', 'throttled'],
  'teams 429 in 200': ['teams', [{ body: 'Microsoft Teams endpoint returned HTTP error 429' }, { body: '1' }],
    'delivered', 'throttled'],
  'teams 403 in 200': ['teams', [{ body: 'Microsoft Teams endpoint returned HTTP error 403' }], 'ready', 'rejected'],
  'teams 502': ['teams', [{ status: 502 }, { status: 202 }], 'delivered', 'throttled'],
  // Client-Server API v1.11, "Standard error response" and the send endpoint's errors.
  'matrix ok': ['matrix', [json(200, { event_id: '$1' })], 'delivered', 'accepted'],
  'matrix M_BAD_JSON': ['matrix', [json(400, { errcode: 'M_BAD_JSON' })], 'dead', 'aborted'],
  'matrix M_TOO_LARGE': ['matrix', [json(413, { errcode: 'M_TOO_LARGE' })], 'dead', 'aborted'],
  'matrix M_UNKNOWN_TOKEN': ['matrix', [json(401, { errcode: 'M_UNKNOWN_TOKEN' })], 'ready', 'rejected'],
  'matrix M_FORBIDDEN': ['matrix', [json(403, { errcode: 'M_FORBIDDEN' })], 'ready', 'rejected'],
  'matrix M_NOT_FOUND': ['matrix', [json(404, { errcode: 'M_NOT_FOUND' })], 'ready', 'rejected'],
  'matrix M_LIMIT_EXCEEDED': ['matrix',
    [json(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 900 }), json(200, { event_id: '$1' })], 'delivered', 'throttled'],
  'matrix M_UNKNOWN': ['matrix', [json(500, { errcode: 'M_UNKNOWN' }), json(200, { event_id: '$1' })], 'delivered', 'server_failed'],
  'matrix no event': ['matrix', [json(200, {}), json(200, { event_id: '$1' })], 'delivered', 'throttled'],
  // PagerDuty, "Events API v2 overview", response codes.
  'pagerduty ok': ['pagerduty', [json(202, { status: 'success' })], 'delivered', 'accepted'],
  'pagerduty 400': ['pagerduty', [json(400, { status: 'invalid event' })], 'dead', 'aborted'],
  'pagerduty 429': ['pagerduty', [json(429, { status: 'throttle exceeded' }), json(202, {})], 'delivered', 'throttled'],
  'pagerduty 500': ['pagerduty', [json(500, {}), json(202, {})], 'delivered', 'server_failed'],
  'pagerduty hangs up': ['pagerduty', [null, json(202, {})], 'delivered', 'no_answer'],
  // discord.com/developers, "Opcodes and Status Codes", "Rate Limits".
  'discord ok': ['discord', [json(200, { id: '1' })], 'delivered', 'accepted'],
  'discord 50035': ['discord', [json(400, { code: 50035, message: 'Invalid Form Body' })], 'dead', 'aborted'],
  'discord 50027': ['discord', [json(401, { code: 50027, message: 'Invalid Webhook Token' })], 'ready', 'rejected'],
  'discord 10015': ['discord', [json(404, { code: 10015, message: 'Unknown Webhook' })], 'ready', 'sink_gone'],
  'discord rate': ['discord', [json(429, { retry_after: 0.65, global: false }), json(200, { id: '1' })], 'delivered', 'throttled'],
};

// name: [script, state, detail of the first attempt]
const programs = {
  'exec ok': [`cat >${folder}/told; env >${folder}/env`, 'delivered', 'accepted'],
  'exec 65': ['exit 65', 'dead', 'aborted: exit 65'],
  'exec 1': ['echo out of order >&2; exit 1', 'ready', 'server_failed: exit 1: out of order'],
  'exec hangs': ['sleep 1000', 'ready', 'no_answer'],
};

const asked = {};
const repeats = {};
const server = await receiver((request, body) => {
  const name = decodeURIComponent(request.url.split(/[/?]/)[1]);
  const answers = cases[name][1];
  // Only the first message counts, should the day bring another.
  if (!body.includes('has started')) return answers.at(-1);
  asked[name] = (asked[name] ?? 0) + 1;
  // What is sent again is the same message: same bytes but for the note that it may be a duplicate.
  const same = body.replace(/\\*\(may be a duplicate\\*\) /g, '');
  repeats[name] = (repeats[name] ?? new Set()).add(same);
  return answers[Math.min(asked[name], answers.length) - 1];
});
const sinks = Object.entries(cases).map(([name, [type]]) => {
  const url = `http://127.0.0.1:${server.port}/${encodeURIComponent(name)}`;
  const sink = local(server.port, { name, type, url });
  if (['matrix', 'pagerduty'].includes(type)) sink.secret = secretFile('token', token);
  if (type === 'matrix') sink.to = '!room:example.org';
  return sink;
});
for (const [name, [script]] of Object.entries(programs))
  sinks.push({ name, type: 'exec', command: ['/bin/sh', '-c', script], timeout: '2s' });
const rowOf = (list, name) => list.find((row) => row.sink === name);
const list = await outboxOf(sinks, (all) => Object.entries(cases).every(([name, [, answers, state]]) => {
  const row = rowOf(all, name);
  const tries = state === 'delivered' ? answers.length : 1;
  return row && row.state === state && row.attempts.length >= tries && row.attempts.every((one) => one.detail !== '');
}) && Object.entries(programs).every(([name, [, state]]) => {
  const row = rowOf(all, name);
  return row && row.state === state && row.attempts.length >= 1 && row.attempts[0].detail !== '';
}), 'allow_exec: true');
server.close();
for (const [name, [, state, first]] of Object.entries(programs)) {
  const row = rowOf(list, name);
  assert.equal(row.state, state, JSON.stringify(row));
  assert.ok(row.attempts[0].detail.startsWith(first), `${name}: ${JSON.stringify(row.attempts)}`);
}
assert.equal(JSON.parse(readFileSync(join(folder, 'told'))).type, 'pledgewatch.operators');
const names = readFileSync(join(folder, 'env'), 'utf8').trim().split('\n').map((line) => line.replace(/=.*/, ''));
for (const name of names)
  assert.ok(['PATH', 'LANG', 'PLEDGEWATCH_DELIVERY', 'PWD', 'SHLVL', '_', 'OLDPWD'].includes(name), `${name} is inherited`);
for (const [name, [, answers, state, first]] of Object.entries(cases)) {
  const row = rowOf(list, name);
  assert.equal(row.state, state, JSON.stringify(row));
  assert.ok(row.attempts[0].detail.startsWith(first), `${name}: ${JSON.stringify(row.attempts)}`);
  // An error that is final, or that switches the sink off, is not asked again.
  if (state === 'dead' || first === 'sink_gone') assert.equal(asked[name], 1, name);
  if (state === 'delivered') assert.equal(asked[name], answers.length, name);
  assert.equal(repeats[name].size, 1, `${name}: not the same message again`);
  // Five seconds at least, more where the service asks for it.
  if (answers.length > 1) {
    const [one, two] = row.attempts.map((attempt) => Date.parse(attempt.started));
    assert.ok(two - one >= (name === 'slack rate' ? 6_000 : 5_000), `${name}: again after ${two - one} ms`);
  }
  assert.equal(row.maybe_duplicate, ['pagerduty hangs up', 'teams 502', 'matrix no event'].includes(name), name);
}
assert.ok(!JSON.stringify(list).includes(token), 'a secret is told');
console.log(`states: ${sinks.length} sinks, each documented answer with its state in the outbox`);
process.exit(0);
