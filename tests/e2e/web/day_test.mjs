// An organiser's demo day in Chromium: the board fills, a finding appears within two
// seconds of its look, two people review it by keyboard and by form, it reaches the
// public sink. Every page is checked by axe; screenshots lie in build/e2e_web.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test, before, after } from 'node:test';
import { chromium } from 'playwright-core';
import { root, startCampaign, until, wait } from './campaign.mjs';

const shots = path.join(root, 'build/e2e_web');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const desktop = { width: 1920, height: 1080 };
const phone = { width: 390, height: 844 };
let campaign;
let browser;
const troubles = [];  // of any page: errors, refused scripts, requests elsewhere

async function open(who, { viewport = desktop, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1, bypassCSP: false });
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') troubles.push(`${page.url()}: ${message.text()}`); });
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(campaign.address)) troubles.push(`asked elsewhere: ${request.url()}`);
  });
  if (who) {
    await page.goto(`${campaign.address}/sign-in`);
    await page.getByLabel('Your token').fill(campaign.secret(`reviewer-${who}`));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/review');
  }
  return page;
}

const shoot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: false });

// axe runs in a world of its own, past the page's policy.
async function checkWithAxe(page, name) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  await session.send('Runtime.evaluate', { expression: axeSource, contextId: executionContextId });
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(" ") + ": " + n.failureSummary)])))',
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
  });
  assert.equal(result.value, '[]', `${name}: ${result.value}`);
}

before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  campaign = await startCampaign({ accounts: 60, day: 75 });
});
after(async () => {
  await browser?.close();
  await campaign?.stop();
});

test('the board fills by itself', async () => {
  const page = await open();
  await page.goto(campaign.address);
  await page.locator('#live.is-live').waitFor();
  await shoot(page, 'before-desktop');
  await checkWithAxe(page, 'board before');
  await page.locator('#phase', { hasText: 'Running' }).waitFor({ timeout: 30_000 });
  await page.locator('.count-quiet').first().waitFor({ timeout: 10_000 });
  assert.equal(await page.getByText(/\bkept\b/i).filter({ visible: true }).count(), 1, 'only the legend says kept');
  const canvas = page.locator('#map');
  assert.ok((await canvas.boundingBox()).height > 100);
  await page.close();
});

test('a finding is on the board within two seconds of its look', async () => {
  const page = await open();
  await page.goto(campaign.address);
  await page.locator('#live.is-live').waitFor();
  // When each finding was first seen on the page, by the page itself.
  await page.evaluate(() => {
    window.firstSeen = {};
    const note = () => {
      for (const link of document.querySelectorAll('#latest a')) {
        window.firstSeen[link.hash.slice(3)] ??= Date.now();
      }
    };
    new MutationObserver(note).observe(document.getElementById('latest'), { childList: true, subtree: true });
  });
  const seen = await until('three findings', 60, async () => {
    const found = await page.evaluate(() => window.firstSeen);
    return Object.keys(found).length >= 3 ? found : null;
  });
  const told = await (await fetch(`${campaign.address}/api/v1/findings`)).json();
  const delays = told.items.filter((item) => seen[item.id]).map((item) => seen[item.id] - Date.parse(item.found_at));
  console.log(`findings on the board after ${delays.join(', ')} ms`);
  assert.ok(delays.length >= 3);
  assert.ok(Math.max(...delays) < 2000, String(delays));
  await page.locator('#latest li').first().waitFor();
  await shoot(page, 'board-desktop-light');
  await checkWithAxe(page, 'board');
  await page.close();
});

test('the board in the dark, on a phone, and without script', async () => {
  const dark = await open(null, { colorScheme: 'dark' });
  await dark.goto(campaign.address);
  await dark.locator('#live.is-live').waitFor();
  await wait(500);
  await shoot(dark, 'board-desktop-dark');
  await checkWithAxe(dark, 'board in the dark');
  await dark.close();
  const small = await open(null, { viewport: phone });
  await small.goto(campaign.address);
  await small.locator('#live.is-live').waitFor();
  await wait(500);
  await shoot(small, 'board-phone');
  await small.locator('#accounts').scrollIntoViewIfNeeded();
  await shoot(small, 'accounts-phone');
  await checkWithAxe(small, 'board on a phone');
  assert.ok(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await small.close();
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: desktop });
  const plain = await context.newPage();
  await plain.goto(`${campaign.address}/?platform=instagram`);
  assert.ok(await plain.locator('#rows tr').count() >= 20);
  await plain.getByLabel('Search').fill('zzzz-nobody');
  await plain.getByRole('button', { name: 'Show' }).click();
  assert.equal(await plain.locator('#rows tr').count(), 0);
  await context.close();
});

test('filter, search and only mine work on the map and the table', async () => {
  const page = await open();
  await page.goto(campaign.address);
  await page.locator('#map-frame').waitFor();
  const first = page.locator('#rows th a').first();
  const name = await first.textContent();
  await page.getByLabel('Search').fill(name);
  await until('the rows', 5, async () => (await page.locator('#rows tr').count()) < 20);
  await page.goto(campaign.address + await first.getAttribute('href'));
  await page.getByRole('button', { name: 'Add to mine' }).click();
  await shoot(page, 'account-desktop');
  await checkWithAxe(page, 'account');
  await page.goto(campaign.address);
  await page.getByLabel('only mine').check();
  await until('my one row', 5, async () => (await page.locator('#rows tr').count()) === 1);
  await page.locator('#map').focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('#map-tip').textContent(), /—/);
  await page.close();
});

test('two people review, and the public sink is told', async () => {
  const ann = await open('ann');
  await ann.locator('.case.is-current').waitFor();
  await ann.keyboard.press('j');
  await ann.keyboard.press('k');
  const id = await ann.locator('.case.is-current').getAttribute('id');
  await shoot(ann, 'review-desktop');
  await checkWithAxe(ann, 'review');
  assert.equal(campaign.received().filter((line) => line.hook === 'press').length, 0);
  await Promise.all([ann.waitForNavigation(), ann.keyboard.press('c')]);
  await ann.locator(`#${id} .standing`, { hasText: '1 of 2 people confirm' }).waitFor();
  const ben = await open('ben', { viewport: phone });
  await ben.locator(`#${id}`).scrollIntoViewIfNeeded();
  await ben.locator(`#${id}`).getByLabel('Note').fill('I see it too.');
  await shoot(ben, 'review-phone');
  await checkWithAxe(ben, 'review on a phone');
  await ben.locator(`#${id}`).getByRole('button', { name: /Confirm/ }).click();
  await until('the public sink', 20, () => campaign.received().some((line) => line.hook === 'press' && line.status >= 200 && line.status < 300));
  const finding = await (await fetch(`${campaign.address}/api/v1/findings/${id.slice(2)}`)).json();
  assert.equal(finding.state, 'confirmed');
  assert.deepEqual(finding.review.words.map((word) => word.reviewer).sort(), ['ann', 'ben']);
  await ann.goto(campaign.address);
  await ann.locator('.count-broken strong', { hasText: /[1-9]/ }).waitFor({ timeout: 5000 });
  await ann.close();
  await ben.close();
});

test('people who disagree are shown', async () => {
  const ann = await open('ann');
  const id = await ann.locator('.case').last().getAttribute('id');
  await ann.locator(`#${id}`).getByLabel('Note').fill('A repost of their own statement.');
  await ann.locator(`#${id}`).getByRole('button', { name: /Dismiss/ }).click();
  const ben = await open('ben');
  await ben.goto(`${campaign.address}/api/v1/findings/${id.slice(2)}`);
  await ben.goto(`${campaign.address}/review`);
  const still = await ben.locator(`#${id}`).count();
  if (still) {
    await ben.locator(`#${id}`).getByRole('button', { name: /Confirm/ }).click();
  } else {
    const answer = await fetch(`${campaign.address}/api/v1/${id.slice(2) && `findings/${id.slice(2)}/reviews`}`, {
      method: 'POST', body: JSON.stringify({ decision: 'confirmed', reason: 'It is no statement.' }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${campaign.secret('reviewer-ben')}` },
    });
    assert.equal(answer.status, 201);
  }
  await ben.goto(`${campaign.address}/review`);
  await ben.locator(`#${id} .standing`, { hasText: 'People disagree' }).waitFor();
  await ben.locator(`#${id}`).scrollIntoViewIfNeeded();
  await shoot(ben, 'review-disagree');
  await ann.close();
  await ben.close();
});

test('health in plain words, sign-in, and what everybody sees', async () => {
  const page = await open();
  await page.goto(`${campaign.address}/health`);
  await shoot(page, 'health-desktop');
  await checkWithAxe(page, 'health');
  await page.goto(`${campaign.address}/sign-in`);
  await checkWithAxe(page, 'sign-in');
  await page.goto(`${campaign.address}/accounts/999999`);
  await checkWithAxe(page, 'an error');
  await page.close();
});

test('when the window is over, verdicts come with their denominators', async () => {
  const page = await open();
  await page.goto(campaign.address);
  await page.locator('#phase', { hasText: /Closed|over/ }).waitFor({ timeout: 120_000 });
  await page.locator('.count-kept').waitFor({ timeout: 30_000 });
  await page.locator('#phase', { hasText: 'Closed' }).waitFor({ timeout: 60_000 });
  await wait(1500);
  await shoot(page, 'closed-desktop');
  await checkWithAxe(page, 'board closed');
  assert.match(await page.locator('.count-kept').textContent(), /of \d+.*on .*longest gap/);
  await page.close();
});

test('no page complained or asked elsewhere', () => {
  const own = troubles.filter((line) => !line.includes('404') && !line.includes('401'));
  assert.deepEqual(own, []);
});
