// npm's @atproto/api reads the simulated Bluesky, whose answers it checks against
// the lexicons: handles, profiles, author feeds, and the server that an account
// lives on.
import assert from 'node:assert/strict';

import { AtpAgent, XRPCError } from '@atproto/api';

import { withSimulation } from './simulation.mjs';

async function feedOf(agent, actor) {
  const items = [];
  let cursor;
  do {
    const { data } = await agent.app.bsky.feed.getAuthorFeed({ actor, limit: 10, cursor });
    items.push(...data.feed);
    cursor = data.cursor;
  } while (cursor && items.length < 2000);
  return items;
}

async function recordsOf(agent, repo, collection) {
  const records = [];
  let cursor;
  for (;;) {
    const { data } = await agent.com.atproto.repo.listRecords({ repo, collection, limit: 10, cursor });
    if (data.records.length === 0) return records;
    records.push(...data.records);
    cursor = data.cursor;
  }
}

await withSimulation(async (simulation) => {
  const agent = new AtpAgent({ service: await simulation.front('/bluesky') });
  let posts = 0;
  let reposts = 0;
  let readable = 0;
  const accounts = simulation.accounts('bluesky');
  for (const { handle } of accounts) {
    let did;
    try {
      ({ data: { did } } = await agent.com.atproto.identity.resolveHandle({ handle }));
    } catch (error) {
      assert.ok(error instanceof XRPCError, String(error));
      continue;
    }
    assert.match(did, /^did:plc:[a-z2-7]{24}$/);
    let feed;
    try {
      feed = await feedOf(agent, did);
    } catch (error) {
      assert.ok(error instanceof XRPCError, String(error));
      assert.equal(error.status, 400, `${handle}: ${error.validationError ?? error}`);
      await assert.rejects(agent.com.atproto.sync.getLatestCommit({ did }), XRPCError);
      continue;
    }
    ++readable;
    const { data: before } = await agent.com.atproto.sync.getLatestCommit({ did });
    const kept = await recordsOf(agent, did, 'app.bsky.feed.post');
    const repeated = await recordsOf(agent, did, 'app.bsky.feed.repost');
    const { data: after } = await agent.com.atproto.sync.getLatestCommit({ did });
    const { data: status } = await agent.com.atproto.sync.getRepoStatus({ did });
    assert.equal(status.active, true);
    if (before.rev === after.rev && feed.length === kept.length + repeated.length) {
      const inFeed = new Set(feed.filter(({ reason }) => !reason).map(({ post }) => post.uri));
      for (const { uri } of kept) assert.ok(inFeed.has(uri), `${uri} is not in the feed`);
    }
    if (kept.length > 0) {
      const [, , repo, collection, rkey] = kept[0].uri.split('/');
      const { data: one } = await agent.com.atproto.repo.getRecord({ repo, collection, rkey });
      assert.equal(one.uri, kept[0].uri);
    }
    const document = await (await fetch(`${agent.service ?? agent.serviceUrl}`.replace(/\/$/, '') + `/${did}`)).json();
    assert.equal(document.id, did);
    assert.ok(document.service.some(({ type }) => type === 'AtprotoPersonalDataServer'));
    posts += kept.length;
    reposts += repeated.length;
  }
  assert.ok(readable > 0 && posts > 10, `${readable} accounts, ${posts} posts`);
  await assert.rejects(agent.com.atproto.identity.resolveHandle({ handle: 'nobody.example' }), XRPCError);
  return `@atproto/api: ${accounts.length} accounts, ${posts} posts, ${reposts} reposts`;
});
