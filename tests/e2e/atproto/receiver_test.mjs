// The receiver's own signature check against the vectors of Standard Webhooks
// (upstream test, also npm standardwebhooks), so that it judges the daemon's.
import assert from 'node:assert/strict';

import { complaint } from './receiver.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const good = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const sent = 1614265330;
const row = (signature, seconds = sent, body = '{"test": 2432232314}', more = {}) => [
  { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': `${sent}`, 'webhook-signature': signature, ...more },
  body,
  seconds,
];

const rows = [
  ['the upstream vector', true, row(good)],
  ['a list with a good entry', true, row(`v1,AAAA v2,x ${good}`)],
  ['300 s late', true, row(good, sent + 300)],
  ['301 s late', false, row(good, sent + 301)],
  ['301 s early', false, row(good, sent - 301)],
  ['a changed body', false, row(good, sent, '{"test": 2432232315}')],
  ['a cut signature', false, row(good.slice(0, 11))],
  ['an empty signature', false, row('v1,')],
  ['another version', false, row(good.replace('v1', 'v2'))],
  ['no signature', false, row(undefined)],
  ['no id', false, row(good, sent, undefined, { 'webhook-id': undefined })],
  ['an id with a dot', false, row(good, sent, undefined, { 'webhook-id': 'a.b' })],
  ['a timestamp in words', false, row(good, sent, undefined, { 'webhook-timestamp': 'now' })],
];

for (const [what, accepted, [headers, body, now]] of rows) {
  assert.equal(complaint(secret, headers, body, now) === '', accepted, what);
}
console.log(`${rows.length} rows hold`);
