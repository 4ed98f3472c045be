// Saves what a real AppView and PDS answer, for the connector's tests:
//
//   tests/e2e/atproto/run.sh --capture FOLDER
//
// Bodies are written as they came, with an index of request, status and the
// headers that a client may read. The accounts are invented; nothing is
// scrubbed.
import fs from 'node:fs';
import path from 'node:path';

import { NetworkClient } from './network_client.mjs';

const keptHeaders = /^(content-type|date|age|etag|last-modified|cache-control|retry-after|ratelimit-.*|atproto-.*|vary)$/;

const [folder, temporary] = process.argv.slice(2);
const accounts = [
  { handle: 'rita.test', posts: ['first, before', 'second, before', 'third', 'fourth', 'fifth'] },
  { handle: 'sam.test', posts: ['Sam writes too'] },
  { handle: 'quiet.test', posts: [] },
  { handle: 'gone.test', posts: ['here for a while'] },
  { handle: 'banned.test', posts: ['here for a while'] },
];
let network = await NetworkClient.start(temporary, { accounts });
const { accounts: dids, posts } = network;
const index = [];

const save = async (file, base, method, parameters) => {
  const target = `/xrpc/${method}?${new URLSearchParams(parameters)}`;
  const response = await fetch(`${base}${target}`);
  const body = Buffer.from(await response.arrayBuffer());
  const headers = [...response.headers].filter(([name]) => keptHeaders.test(name));
  fs.writeFileSync(path.join(folder, `real_${file}.json`), body);
  index.push({
    file: `real_${file}.json`,
    request: target,
    status: response.status,
    headers: Object.fromEntries(headers),
  });
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
};

const feed = (file, parameters) =>
  save(file, network.base, 'app.bsky.feed.getAuthorFeed', parameters);
const pds = `http://127.0.0.1:${network.pds}`;

const sams = posts['sam.test'][0].uri;
await network.command('repost', 'rita.test', sams);
await network.command('reply', 'rita.test', sams, 'An answer to Sam 🙂');
await network.command('quote', 'rita.test', sams, 'Quoting Sam');
await network.command('backdate', 'rita.test', 'From last year, it claims', '2025-11-24T12:00:00Z');
const deleted = await network.command('post', 'rita.test', 'Soon deleted');
await feed('feed_before_delete', { actor: dids['rita.test'] });
await network.command('delete', 'rita.test', deleted.uri);

await feed('feed', { actor: dids['rita.test'] });
await network.command('pin', 'rita.test', posts['rita.test'][1].uri);
await feed('feed_pinned', { actor: dids['rita.test'], includePins: true });
await feed('feed_by_handle', { actor: 'rita.test' });
const first = await feed('feed_page1', { actor: dids['rita.test'], limit: 2 });
const second = await feed('feed_page2', { actor: dids['rita.test'], limit: 2, cursor: first.cursor });
let page = second;
for (let count = 0; page.cursor && count < 20; count += 1) {
  page = await feed('feed_page_last', { actor: dids['rita.test'], limit: 2, cursor: page.cursor });
}
index.splice(0, index.length, ...new Map(index.map((entry) => [entry.file, entry])).values());
await feed('feed_empty', { actor: dids['quiet.test'] });
await feed('feed_unknown_did', { actor: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa' });
await feed('feed_unknown_handle', { actor: 'nobody.test' });
await feed('feed_bad_actor', { actor: 'not an actor' });
await feed('feed_bad_cursor', { actor: dids['rita.test'], cursor: 'nonsense' });
await feed('feed_bad_limit', { actor: dids['rita.test'], limit: 1000 });
await network.command('deactivate', 'gone.test');
await feed('feed_deactivated', { actor: dids['gone.test'] });
await network.command('takedown', 'banned.test');
await feed('feed_takedown', { actor: dids['banned.test'] });
for (const [name, handle] of [['', 'rita.test'], ['_deactivated', 'gone.test'], ['_takedown', 'banned.test']]) {
  await save(`profile${name}`, network.base, 'app.bsky.actor.getProfile', { actor: dids[handle] });
}
const resolve = (file, handle) =>
  save(file, network.base, 'com.atproto.identity.resolveHandle', { handle });
await resolve('resolve', 'rita.test');
await resolve('resolve_unknown', 'nobody.test');
await resolve('resolve_bad', 'not a handle');
await resolve('resolve_deactivated', 'gone.test');
await resolve('resolve_takedown', 'banned.test');
await save('unknown_method', network.base, 'app.bsky.feed.noSuchMethod', {});
await save('commit', pds, 'com.atproto.sync.getLatestCommit', { did: dids['rita.test'] });
await save('commit_deactivated', pds, 'com.atproto.sync.getLatestCommit', { did: dids['gone.test'] });
await save('records', pds, 'com.atproto.repo.listRecords', {
  repo: dids['rita.test'],
  collection: 'app.bsky.feed.post',
  limit: 3,
});
await network.stop();

// The same once more with an epoch, as a large AppView runs: here indexedAt is
// the AppView's own clock, also for a backdated post.
network = await NetworkClient.start(temporary, { accounts: accounts.slice(0, 1), epoch: true });
await network.command('backdate', 'rita.test', 'From last year, it claims', '2025-11-24T12:00:00Z');
await network.command('backdate', 'rita.test', 'From next year, it claims', '2027-11-24T12:00:00Z');
await feed('feed_epoch', { actor: network.accounts['rita.test'] });
fs.writeFileSync(path.join(folder, 'real_index.json'), `${JSON.stringify(index, null, 1)}\n`);
for (const { file, request, status } of index) console.log(status, file, decodeURIComponent(request));
await network.stop();
