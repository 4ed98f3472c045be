// npm's smtp-server receives the mail that libcurl sends: STARTTLS and TLS from the
// start, log-in, replies of every kind, and certificates that are not to be trusted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checkOnline, folder, outboxOf, secretFile } from './campaign.mjs';

const { SMTPServer } = createRequire(import.meta.url)('smtp-server');
const password = 'canary-password-4711';

// A certificate for `name`, signed by itself.
function certificate(file, name) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', join(folder, file + '.key'),
    '-out', join(folder, file + '.pem')], { stdio: 'ignore' });
  return { key: readFileSync(join(folder, file + '.key')), cert: readFileSync(join(folder, file + '.pem')) };
}
const ours = certificate('ours', 'localhost');
const strangers = certificate('strangers', 'localhost');
const misnamed = certificate('misnamed', 'mail.example.org');
execFileSync('sh', ['-c', 'cat ours.pem misnamed.pem >ca.pem'], { cwd: folder });
const trust = `http: { ca_file: ${join(folder, 'ca.pem')} }`;

const servers = [];
process.on('exit', () => servers.forEach((server) => server.close()));

// A server that keeps what it was sent; `replies(step, count)` may refuse with an Error.
async function mailServer(tls, options = {}, replies = () => undefined) {
  const seen = { mails: [], sessions: 0, plainAuth: 0 };
  let count = 0;
  const refusal = (step) => {
    const code = replies(step, count);
    if (!code) return null;
    const error = new Error(`refused at ${step}`);
    error.responseCode = code;
    return error;
  };
  const server = new SMTPServer({
    authOptional: true, disableReverseLookup: true, logger: false, ...tls, ...options,
    onConnect(session, done) { ++seen.sessions; ++count; done(); },
    onAuth(auth, session, done) {
      if (!session.secure) ++seen.plainAuth;
      if (auth.username === 'desk' && auth.password === password) return done(null, { user: 'desk' });
      const error = new Error('no');
      error.responseCode = 535;
      return done(error);
    },
    onRcptTo(address, session, done) { done(refusal(`rcpt ${address.address}`)); },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const error = refusal('data');
        if (!error)
          seen.mails.push({ text: Buffer.concat(chunks).toString('utf8'), secure: session.secure,
            user: session.user, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((to) => to.address) });
        done(error);
      });
    },
  });
  server.on('error', () => {});
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  return { seen, port: server.server.address().port };
}

const sink = (name, { port }, more = {}) => ({
  name, type: 'email', url: `smtp://localhost:${port}`, allow_hosts: ['localhost'], allow_ports: [port], timeout: '5s',
  from: 'Freeze Desk <desk@freeze.example>', to: ['Ana <ana@example.org>', 'ben@example.net'], ...more,
});
const login = { user: 'desk', secret: secretFile('password', password) };

const plain = await mailServer(ours);
const logged = await mailServer(ours, { authOptional: false });
const early = await mailServer({ ...ours, secure: true });
const bare = await mailServer({}, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
const strange = await mailServer(strangers);
const wrongName = await mailServer(misnamed);
const guarded = await mailServer(ours);
const checks = [
  [sink('starttls', plain), true, /^$/],
  [sink('login', logged, login), true, /^$/],
  [sink('tls from the start', early, { url: `smtps://localhost:${early.port}` }), true, /^$/],
  [sink('wrong password', logged, { ...login, secret: secretFile('wrong', 'not-the-password') }), false, /rejected: 535/],
  [sink('no STARTTLS', bare, login), false, /STARTTLS|TLS/],
  [sink('stranger', strange, login), false, /certificate/],
  [sink('other name', wrongName, login), false, /certificate|subject name/],
  [sink('guarded', guarded, { ...login, allow_hosts: [] }), false, /loopback/],
];
const answer = await checkOnline(checks.map(([one]) => one), trust);
assert.equal(answer.code, 1);
for (const [i, [one, accepted, said]] of checks.entries()) {
  assert.equal(answer.sinks[i].sink, one.name);
  assert.equal(answer.sinks[i].accepted, accepted, JSON.stringify(answer.sinks[i]));
  assert.match(answer.sinks[i].said ?? '', said);
}
assert.ok(!JSON.stringify(answer).includes(password), 'a password is told');
// Nothing was said where the certificate did not fit, and no connection made where the
// address did not.
for (const server of [strange, wrongName, bare, guarded]) {
  assert.equal(server.seen.mails.length, 0);
  assert.equal(server.seen.plainAuth, 0);
}
assert.equal(guarded.seen.sessions, 0);
for (const [server, user] of [[plain, undefined], [logged, 'desk'], [early, undefined]]) {
  assert.equal(server.seen.mails.length, 1);
  const [mail] = server.seen.mails;
  assert.equal(mail.secure, true);
  assert.equal(mail.user || undefined, user);
  assert.equal(mail.from, 'desk@freeze.example');
  assert.deepEqual(mail.to, ['ana@example.org', 'ben@example.net']);
  const [head, body] = mail.text.split('\r\n\r\n');
  assert.match(head, /^Message-ID: <test_[0-9a-f]{16}@freeze\.example>$/m);
  assert.match(head, /^Auto-Submitted: auto-generated\r?$/m);
  assert.match(head, /^To: "Ana"\r\n <ana@example\.org>,\r\n ben@example\.net\r?$/m);
  assert.match(body, /nobody posted anything/);
}

// What the outbox makes of each reply.
const busy = await mailServer(ours, {}, (step, count) => (step === 'data' && count === 1 ? 451 : 0));
const never = await mailServer(ours, {}, (step) => (step === 'data' ? 554 : 0));
const oneGone = await mailServer(ours, {}, (step) => (step === 'rcpt ben@example.net' ? 550 : 0));
const allGone = await mailServer(ours, {}, (step) => (step.startsWith('rcpt') ? 550 : 0));
const sinks = [
  sink('accepts', plain), sink('busy once', busy), sink('never', never), sink('one reader gone', oneGone),
  sink('all readers gone', allGone), sink('wrong password', logged, { ...login, secret: secretFile('wrong', 'not-the-password') }),
  sink('stranger', strange),
];
const expected = {
  accepts: ['delivered', [250]],
  'busy once': ['delivered', [451, 250]],
  never: ['dead', [554]],
  'one reader gone': ['delivered', [250]],
  'all readers gone': ['dead', [550]],
  'wrong password': ['ready', [535]],
  stranger: ['ready', [0]],
};
const list = await outboxOf(sinks, (all) => Object.entries(expected).every(([name, [state, codes]]) => {
  const row = all.find((one) => one.sink === name);
  return row && row.state === state && row.attempts.length >= codes.length;
}), trust);
for (const [name, [state, codes]] of Object.entries(expected)) {
  const row = list.find((one) => one.sink === name);
  assert.equal(row.state, state, JSON.stringify(row));
  assert.deepEqual(row.attempts.slice(0, codes.length).map((attempt) => attempt.status), codes, JSON.stringify(row));
  assert.equal(row.maybe_duplicate, false, JSON.stringify(row));
}
const partly = list.find((one) => one.sink === 'one reader gone');
assert.match(partly.attempts[0].detail, /^accepted: 550/);
assert.deepEqual(oneGone.seen.mails[0].to, ['ana@example.org']);
assert.equal(busy.seen.mails.filter((mail) => mail.text.includes('has started')).length, 1);
assert.match(list.find((one) => one.sink === 'stranger').attempts[0].detail, /^target_refused: mail: .*certificate/);
assert.ok(!JSON.stringify(list).includes(password), 'a password is told');
console.log(`mail: ${checks.length} log-ins and certificates, ${sinks.length} replies, each with its outcome`);
process.exit(0);
