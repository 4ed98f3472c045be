// npm's twitter-api-v2 reads the simulated X: users by name and id, timelines by
// its own paging, and the errors that come inside answers of status 200.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';

import { ApiResponseError, TwitterApi } from 'twitter-api-v2';

import { withSimulation } from './simulation.mjs';

const fields = { 'tweet.fields': ['created_at', 'author_id', 'referenced_tweets', 'in_reply_to_user_id'] };

// The client's address is a constant of its own: it keeps it, and only its
// connections lead to the simulation, without TLS.
function clientFor(token, front) {
  const { hostname, port } = new URL(front);
  const httpAgent = new https.Agent();
  httpAgent.createConnection = () => net.connect({ host: hostname, port: Number(port) });
  return new TwitterApi(token, { httpAgent }).readOnly;
}

async function timelineOf(client, id) {
  const timeline = await client.v2.userTimeline(id, { max_results: 5, ...fields, expansions: ['author_id'] });
  const posts = [];
  for await (const post of timeline) posts.push(post);
  return { posts, timeline };
}

const namesIn = (simulation) => simulation.accounts('mastodon')
  .map(({ handle }) => handle.split('@')[0].toLowerCase().replace(/[^a-z0-9]/g, '_').slice(0, 15).replace(/_+$/, ''));

await withSimulation(async (simulation) => {
  const token = fs.readFileSync(path.join(simulation.folder, 'secrets/instagram-a'), 'utf8').trim();
  const front = await simulation.front('/x');
  const client = clientFor(token, front);
  const names = namesIn(simulation);
  const found = await client.v2.usersByUsernames([...names, 'ghost_acct'], { 'user.fields': ['created_at', 'protected'] });
  assert.ok(found.data.length >= 3, `${found.data?.length} users`);
  assert.ok(found.errors.some(({ value, type }) => value === 'ghost_acct' && type.endsWith('/resource-not-found')));
  let posts = 0;
  let reposts = 0;
  let replies = 0;
  for (const { id, username } of found.data) {
    assert.match(id, /^\d{15,19}$/);
    const { data: same } = await client.v2.user(id);
    assert.equal(same.username, username);
    const { posts: read, timeline } = await timelineOf(client, id);
    assert.equal(new Set(read.map((post) => post.id)).size, read.length, 'each post once');
    for (const post of read) {
      assert.equal(post.author_id, id);
      assert.match(post.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
      // The id has the milliseconds of its making.
      const made = Number((BigInt(post.id) >> 22n) + 1288834974657n);
      assert.ok(Math.abs(made - Date.parse(post.created_at)) < 1000, post.id);
      for (const { type } of post.referenced_tweets ?? []) {
        reposts += type === 'retweeted' ? 1 : 0;
        replies += type === 'replied_to' ? 1 : 0;
      }
    }
    const order = read.map((post) => BigInt(post.edit_history_tweet_ids[0]));
    assert.deepEqual(order, [...order].sort((a, b) => (a > b ? -1 : 1)), 'newest first');
    if (read.length > 0) assert.equal(timeline.includes.userById(id).username, username);
    posts += read.length;
  }
  assert.ok(posts > 10, `${posts} posts`);
  const nobody = await client.v2.userByUsername('ghost_acct');
  assert.equal(nobody.data, undefined);
  assert.equal(nobody.errors[0].title, 'Not Found Error');
  const { rateLimit } = await client.v2.userTimeline(found.data[0].id, { max_results: 5 });
  assert.ok(rateLimit.limit > 0 && rateLimit.remaining >= 0 && rateLimit.reset > 1e9);
  await assert.rejects(client.v2.userTimeline(found.data[0].id, { max_results: 3 }),
    (error) => error instanceof ApiResponseError && error.code === 400);
  await assert.rejects(clientFor('not-a-token', front).v2.userByUsername(names[0]),
    (error) => error instanceof ApiResponseError && error.code === 401 && error.isAuthError);
  return `twitter-api-v2: ${found.data.length} users, ${posts} posts, ${reposts} reposts, ${replies} replies`;
});
