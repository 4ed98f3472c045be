// Meta's own SDK for Node against `pledgewatch simulate`: it was written by nobody
// here, and whatever it reads is what the simulated platforms really say.
//
//   node meta.mjs PLEDGEWATCH
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sdk from 'facebook-nodejs-business-sdk';

const { FacebookAdsApi, Page, IGUser } = sdk;
const pledgewatch = process.argv[2];
let checks = 0;
const check = (value, what) => { assert.ok(value, what); ++checks; };
const same = (a, b, what) => { assert.deepEqual(a, b, what); ++checks; };

// Starts the simulation and gives its address once it says that it is ready.
async function simulate(folder) {
  const child = spawn(pledgewatch, ['simulate', '-o', folder, '--seed', '7', '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /simulating at (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
    if (address) return { child, address: address[1] };
  }
  throw new Error('pledgewatch simulate ended before it was ready');
}

// The SDK's address is a constant of its class; nothing else of it is touched.
function direct(address) {
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => address, configurable: true });
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    // Some of its paths wrap the answer, some hand it on.
    return error.response?.error ?? error.response ?? error;
  }
  throw new assert.AssertionError({ message: 'no refusal' });
}

// All pages of a cursor, by the SDK's own paging.
async function read_all(cursor) {
  const items = [...cursor];
  let pages = 1;
  while (cursor.hasNext()) {
    await cursor.next();
    items.push(...cursor);
    ++pages;
  }
  return { items, pages };
}

async function check_page(name) {
  const page = await new Page(name).get(['id', 'name', 'username', 'link']);
  check(/^\d{16}$/.test(page.id), 'a Page has a numeric id');
  same(page.username, name, 'and the name it was asked by');
  const fields = ['id', 'created_time', 'message', 'story', 'status_type', 'permalink_url',
    'is_published', 'backdated_time', 'from', 'attachments', 'shares'];
  const { items, pages } = await read_all(await new Page(page.id).getPosts(fields, { limit: 2 }));
  check(items.length >= 3, 'a Page has its posts');
  check(pages >= 2, 'on more than one page');
  same(new Set(items.map((post) => post.id)).size, items.length, 'each of them once');
  for (const post of items) {
    check(post.id.startsWith(`${page.id}_`), 'a post belongs to its Page');
    check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/.test(post.created_time), 'times as Graph prints them');
    check(post.is_published === true, 'published ones alone');
  }
  return page.id;
}

async function check_instagram(name, user_id) {
  const media = 'media.limit(5){id,caption,media_type,media_product_type,permalink,timestamp,like_count}';
  const user = await new IGUser(user_id).get([`business_discovery.username(${name}){id,username,media_count,${media}}`]);
  const found = user.business_discovery;
  same(found.username, name, 'the account that was asked about');
  check(found.media.data.length > 0, 'with its media');
  for (const item of found.media.data) check(item.id && item.timestamp, 'each with id and time');
}

async function check_refusals() {
  const gone = await refusal(new Page('nobody.here').get(['id']));
  same(gone.code, 803, 'an unknown name');
  const absent = await refusal(new Page('999999999999999').getPosts(['id']));
  same([absent.code, absent.error_subcode], [100, 33], 'an unknown id');
  FacebookAdsApi.init('not-a-token');
  const token = await refusal(new Page('999999999999999').getPosts(['id']));
  same(token.code, 190, 'an unknown token');
}

const folder = await mkdtemp(join(tmpdir(), 'pledgewatch-meta-'));
const { child, address } = await simulate(folder);
try {
  const token = (await readFile(join(folder, 'secrets/instagram-a'), 'utf8')).trim();
  const roster = await readFile(join(folder, 'roster.csv'), 'utf8');
  const names = roster.split('\n').map((line) => line.split(','))
    .filter((row) => row.includes('instagram')).map((row) => row[row.indexOf('instagram') + 1]);
  check(names.length >= 10, 'the campaign has accounts');

  FacebookAdsApi.init(token);
  direct(`${address}/facebook`);
  const ids = [];
  for (const name of names.slice(0, 5)) ids.push(await check_page(name));
  same(new Set(ids).size, 5, 'five Pages');
  const api = FacebookAdsApi.getDefaultApi();
  const many = await api.call('GET', ['posts'], { ids: ids.join(','), fields: 'id,message', limit: 2 });
  same(Object.keys(many).sort(), [...ids].sort(), 'several Pages in one request');

  direct(`${address}/facebook_ads`);
  const ads = await api.call('GET', ['ads_archive'], {
    search_page_ids: JSON.stringify(ids.slice(0, 2)), ad_reached_countries: JSON.stringify(['ALL']),
    ad_active_status: 'ALL', fields: 'id,page_id,ad_delivery_start_time,ad_delivery_stop_time' });
  check(ads.data.length >= 4, 'ads of both');
  same(new Set(ads.data.map((ad) => ad.page_id)), new Set(ids.slice(0, 2)), 'and of nobody else');

  direct(`${address}/threads`);
  const threads = await api.call('GET', ['profile_posts'], { username: names[0], limit: 2 });
  check(threads.data.length > 0 && threads.data.every((post) => post.media_product_type === 'THREADS'),
    'posts of a profile');

  direct(`${address}/instagram`);
  await check_instagram(names[0], '17841400000000001');
  direct(`${address}/facebook`);
  await check_refusals();
  console.log(`facebook-nodejs-business-sdk: ${checks} checks passed`);
} finally {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  await rm(folder, { recursive: true, force: true });
}
