// A real AT Protocol network (PLC, PDS, AppView of the reference
// implementation) on loopback, driven by lines.
//
//   DB_POSTGRES_URL=… REDIS_HOST=… node network.mjs PLAN.json
//
// PLAN.json: {"accounts": [{"handle": "a.test", "posts": ["oldest", …]}],
// "epoch": false}. With "epoch" the AppView's indexedAt is when it indexed a
// record; without, it is the earlier of that and the poster's own createdAt,
// as the reference implementation does for rows before its configured epoch.
// First line out: {"ready": true, "bsky": PORT, "pds": PORT, "plc": PORT,
// "accounts": {HANDLE: DID}, "seconds": …}. Then one line in, one JSON line
// out, each after everything written is indexed. An error is a line with
// "error"; it ends nothing.
//
//   post HANDLE TEXT…             repost HANDLE URI
//   reply HANDLE URI TEXT…        delete HANDLE URI
//   backdate HANDLE TEXT… ISO     quote HANDLE URI TEXT…
//   deactivate HANDLE             takedown HANDLE
//   pin HANDLE URI                stop
import './loopback.mjs';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import readline from 'node:readline';

// Only JSON lines go out on stdout: whatever a library prints is diagnostics.
console.log = console.error;

const { TestNetwork, RecordRef } = await import('@atproto/dev-env');

const answer = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

const freePort = async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

const started = process.hrtime.bigint();
const plan = JSON.parse(await fs.readFile(process.argv[2], 'utf8'));
const ports = { plc: await freePort(), pds: await freePort(), bsky: await freePort() };
// Its own schema, so that two networks can follow each other in one database.
// The AppView takes letters only: digits of the process id become letters.
const schema = `pw_${[...String(process.pid)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
const network = await TestNetwork.create({
  plc: { port: ports.plc },
  pds: { port: ports.pds },
  bsky: { port: ports.bsky, ...(plan.epoch ? { indexedAtEpoch: new Date(0) } : {}) },
  dbPostgresSchema: schema,
});
const client = network.getSeedClient();
const dids = {};
const known = new Map(); // uri → RecordRef of every record written here

const remember = ({ uri, cid }) => {
  const ref = new RecordRef(uri, cid);
  known.set(ref.uriStr, ref);
  return { uri: ref.uriStr, cid: ref.cidStr };
};
const did = (handle) => dids[handle] ?? fail(`no account ${handle}`);
const ref = (uri) => known.get(uri) ?? fail(`no record ${uri} was written here`);
const fail = (text) => {
  throw new Error(text);
};

const post = async (handle, text, more = {}) =>
  remember((await client.post(did(handle), text, undefined, undefined, undefined, more)).ref);

const commands = {
  post: (handle, ...words) => post(handle, words.join(' ')),
  backdate: (handle, ...words) => {
    const createdAt = new Date(words.pop()).toISOString();
    return post(handle, words.join(' '), { createdAt });
  },
  reply: async (handle, uri, ...words) =>
    remember((await client.reply(did(handle), ref(uri), ref(uri), words.join(' '))).ref),
  quote: async (handle, uri, ...words) =>
    remember(
      (await client.post(did(handle), words.join(' '), undefined, undefined, ref(uri))).ref,
    ),
  repost: async (handle, uri) => remember(await client.repost(did(handle), ref(uri))),
  delete: async (handle, uri) => {
    await client.deletePost(did(handle), ref(uri).uri);
    return { uri };
  },
  pin: async (handle, uri) => {
    const profile = { $type: 'app.bsky.actor.profile', pinnedPost: ref(uri).raw };
    return remember((await client.updateProfile(did(handle), profile)).ref);
  },
  deactivate: async (handle) => {
    await client.agent.com.atproto.server.deactivateAccount(
      {},
      { encoding: 'application/json', headers: client.getHeaders(did(handle)) },
    );
    return { did: did(handle) };
  },
  takedown: async (handle) => {
    await network.bsky.ctx.dataplane.takedownActor({ did: did(handle), ref: 'test' });
    return { did: did(handle) };
  },
};

for (const { handle, posts } of plan.accounts) {
  const shortName = handle.split('.')[0];
  const account = await client.createAccount(shortName, {
    handle,
    email: `${shortName}@example.com`,
    password: `password-of-${shortName}`,
  });
  dids[handle] = account.did;
  for (const text of posts) await post(handle, text);
}
await network.processAll();
answer({
  ready: true,
  ...ports,
  accounts: dids,
  posts: Object.fromEntries(
    Object.entries(dids).map(([handle, id]) => [
      handle,
      [...known.values()].filter((record) => record.uri.host === id).map((record) => record.raw),
    ]),
  ),
  seconds: Number(process.hrtime.bigint() - started) / 1e9,
  megabytes: Math.round(process.memoryUsage().rss / 1e6),
});

const obey = async (line) => {
  const [name, ...words] = line.split(' ');
  const command = Object.hasOwn(commands, name) ? commands[name] : fail(`no command ${name}`);
  const result = await command(...words);
  await network.processAll();
  return { ...result, at: new Date().toISOString() };
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  if (line === 'stop') break;
  if (line === '') continue;
  answer(await obey(line).catch((error) => ({ error: String(error.message ?? error), line })));
}
// Closing in order can hang on a library's own timer; the databases are thrown
// away by the caller, so that a short grace is enough.
setTimeout(() => process.exit(0), 3000).unref();
await network.close().catch((error) => console.error(error));
process.exit(0);
