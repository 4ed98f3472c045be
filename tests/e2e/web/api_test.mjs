// The API as its document says, checked by others' programs: the document by
// @seriousme/openapi-schema-validator, every route's answer by ajv, /metrics by
// Debian's promtool and a Prometheus that scrapes it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test, before, after } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { startCampaign, until } from './campaign.mjs';

let campaign;
let document;
const get = (target, headers = {}) => fetch(campaign.address + target, { headers });
const json = async (target) => (await get(target)).json();

before(async () => {
  campaign = await startCampaign({ accounts: 20, day: 60 });
  document = await json('/api/v1/openapi.json');
  await until('a finding', 70, async () => (await json('/api/v1/findings')).total > 0);
});
after(() => campaign?.stop());

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.equal(result.valid, true, JSON.stringify(result.errors));
  assert.equal(validator.version, '3.1');
});

// A value for each parameter that a path needs.
async function filled(route) {
  const finding = (await json('/api/v1/findings?limit=1')).items[0].id;
  return route.replace('{number}', '1').replace('{id}', finding).replace('{path}', 'tile/0/000');
}

test('every documented route answers as documented', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'document');
  let asked = 0;
  for (const [route, methods] of Object.entries(document.paths)) {
    if (route === '/events' || !methods.get) continue;
    const target = await filled(route);
    const answer = await get(target);
    const media = answer.headers.get('content-type').split(';')[0];
    const described = methods.get.responses[String(answer.status)];
    assert.ok(described, `${target}: ${answer.status} is not documented`);
    assert.ok(described.content[media], `${target}: ${media} is not documented`);
    const text = await answer.text();
    if (media.endsWith('json')) {
      const place = `document#/paths/${route.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}`
        + `/get/responses/${answer.status}/content/${media.replaceAll('/', '~1').replaceAll('+', '%2B')}/schema`;
      const valid = ajv.validate({ $ref: place }, JSON.parse(text));
      assert.ok(valid, `${target}: ${ajv.errorsText()}`);
    }
    asked += 1;
  }
  assert.ok(asked >= 19, `${asked} routes`);
});

// What the document calls a review is what the daemon takes for one, and nothing else.
test('a review is taken exactly when the document says that it is one', async () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  ajv.addSchema(document, 'document');
  const isReview = ajv.compile({ $ref: 'document#/components/schemas/ReviewAsk' });
  const isProblem = ajv.compile({ $ref: 'document#/components/schemas/Problem' });
  const bodies = [
    {}, [], null, 7, 'text', { decision: 'confirmed' }, { decision: 'confirmed', reason: 'seen' },
    { decision: 'confirmed', reason: 7 }, { decision: 'maybe' }, { decision: 'dismissed' },
    { decision: 'dismissed', reason: '' }, { decision: 'dismissed', reason: 'a repost' },
    { decision: 'open' }, { decision: 'open', reason: 'I was wrong' }, { decision: 'confirmed', extra: 1 },
    { act: 'note' }, { act: 'note', reason: 'asked them' }, { act: 'answer', reason: 'It was scheduled.' },
    { act: 'assign', assignee: 'ben' }, { act: 'assign' }, { act: 'erase', reason: 'x' },
    { act: 'decide', decision: 'confirmed' }, { act: 'decide' },
    { decision: 'confirmed', reason: 'x'.repeat(4000) }, { decision: 'confirmed', reason: 'x'.repeat(4001) },
  ];
  const target = await filled('/api/v1/findings/{id}/reviews');
  for (const body of bodies) {
    const answer = await fetch(campaign.address + target, {
      method: 'POST', body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${campaign.secret('reviewer-ben')}` },
    });
    const told = await answer.json();
    assert.equal(answer.status, isReview(body) ? 201 : 422, `${JSON.stringify(body).slice(0, 100)}: ${JSON.stringify(told)}`);
    if (answer.status === 422) assert.ok(isProblem(told), JSON.stringify(told));
  }
});

test('pages of a list join to the whole, and nothing comes twice', async () => {
  const whole = (await json('/api/v1/accounts?limit=500')).items.map((item) => item.number);
  const joined = [];
  for (let after = '', pages = 0; after !== null && pages < 50; ++pages) {
    const page = await json(`/api/v1/accounts?limit=7${after && `&after=${after}`}`);
    joined.push(...page.items.map((item) => item.number));
    after = page.next;
  }
  assert.deepEqual(joined, whole);
  assert.ok(whole.length >= 19);
});

test('an unchanged answer is not sent again', async () => {
  const first = await get('/api/v1/openapi.json');
  const again = await get('/api/v1/openapi.json', { 'if-none-match': first.headers.get('etag') });
  assert.equal(again.status, 304);
});

test('promtool has nothing to say against the metrics, and Prometheus reads them', async () => {
  const text = await (await get('/metrics')).text();
  execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
  const port = 20000 + (process.pid % 20000);
  const file = `${campaign.folder}/prometheus.yml`;
  writeFileSync(file, `scrape_configs:\n  - job_name: pledgewatch\n    scrape_interval: 1s\n    scrape_timeout: 1s\n`
    + `    static_configs: [{ targets: ['${new URL(campaign.address).host}'] }]\n`);
  const prometheus = spawn('prometheus', [`--config.file=${file}`, `--storage.tsdb.path=${campaign.folder}/tsdb`,
    `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  try {
    const query = `http://127.0.0.1:${port}/api/v1/query?query=`;
    const value = await until('a scrape', 30, async () => {
      const answer = await fetch(`${query}sum(pledgewatch_looks_total)`).then((a) => a.json(), () => null);
      return answer?.data?.result?.[0]?.value?.[1];
    });
    assert.ok(Number(value) > 0);
    const up = await fetch(`${query}up`).then((a) => a.json());
    assert.equal(up.data.result[0].value[1], '1');
  } finally {
    prometheus.kill('SIGKILL');
    await new Promise((resolve) => prometheus.once('exit', resolve));
  }
});

test('tiles are not public while the campaign runs; the checkpoint is', async () => {
  assert.equal((await get('/log/tile/0/000.p/1')).status, 403);
  const checkpoint = await (await get('/log/checkpoint')).text();
  assert.match(checkpoint, /^pledgewatch\/demo-day\n\d+\n/);
});
