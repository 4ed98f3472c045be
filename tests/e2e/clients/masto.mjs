// npm's masto@6 reads the simulated Mastodon: accounts by name, many and by id,
// timelines with its own paginator, and what is not there.
import assert from 'node:assert/strict';

import { createRestAPIClient, MastoHttpError } from 'masto';

import { withSimulation } from './simulation.mjs';

const pagesOf = async (statuses) => {
  const pages = [];
  for await (const page of statuses) {
    pages.push(page);
    if (page.length === 0 || pages.length > 50) break;
  }
  return pages;
};

await withSimulation(async (simulation) => {
  const accounts = simulation.accounts('mastodon');
  assert.ok(accounts.length > 1);
  let read = 0;
  let repeats = 0;
  for (const { handle } of accounts) {
    const [name, host] = handle.replace(/^@/, '').split('@');
    const client = createRestAPIClient({ url: await simulation.front(`/mastodon/${host}`) });
    const instance = await client.v1.instance.fetch().catch(() => client.v2.instance.fetch());
    assert.equal(instance.domain ?? instance.uri, host);
    let account;
    try {
      account = await client.v1.accounts.lookup({ acct: name });
    } catch (error) {
      assert.ok(error instanceof MastoHttpError, String(error));
      assert.equal(error.statusCode, 404);
      continue;
    }
    assert.equal(account.username, name);
    assert.equal(typeof account.id, 'string');
    const many = await client.v1.accounts.list({ id: [account.id] });
    assert.deepEqual(many.map(({ id }) => id), [account.id]);
    const by_id = await client.v1.accounts.$select(account.id).fetch();
    assert.equal(by_id.statusesCount, account.statusesCount);
    const pages = await pagesOf(client.v1.accounts.$select(account.id).statuses.list({ limit: 5 }));
    const ids = pages.flat().map(({ id }) => BigInt(id));
    assert.deepEqual(ids, [...ids].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)), handle);
    assert.equal(new Set(ids).size, ids.length, `${handle}: a status twice`);
    for (const status of pages.flat()) {
      assert.ok(!Number.isNaN(Date.parse(status.createdAt)));
      assert.equal(status.account.id, account.id);
      if (status.reblog) ++repeats;
      ++read;
    }
    const own = await client.v1.accounts.$select(account.id).statuses.list({ excludeReblogs: true });
    assert.ok(own.every(({ reblog }) => !reblog));
  }
  assert.ok(read > 20, `${read} statuses`);
  const client = createRestAPIClient({
    url: await simulation.front(`/mastodon/${accounts[0].handle.split('@').at(-1)}`),
  });
  await assert.rejects(client.v1.accounts.lookup({ acct: 'nobody_at_all' }), MastoHttpError);
  return `masto: ${accounts.length} accounts, ${read} statuses, ${repeats} of them boosts`;
});
