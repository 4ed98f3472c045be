// The report as browsers and checkers see it: valid, accessible, at rest. It asks
// for nothing, runs nothing, and is readable on a phone, in the dark and on paper.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';

const [sample, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = join(sample, 'report');
const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
const fail = (text) => { console.error(text); process.exitCode = 1; };

const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });
for (const page of pages) {
  const report = await validator.validateFile(join(folder, page));
  for (const message of report.results.flatMap((result) => result.messages)) {
    fail(`${page}:${message.line}:${message.column}: ${message.ruleId}: ${message.message}`);
  }
}

const profile = mkdtempSync(join(tmpdir(), 'pw-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Everything that a page asks for beside itself is a fault.
async function open(name, options = {}) {
  const tab = await context.newPage();
  await tab.setViewportSize(options.size ?? { width: 1100, height: 900 });
  await tab.emulateMedia({ media: options.media ?? 'screen', colorScheme: options.scheme ?? 'light' });
  tab.on('request', (request) => {
    if (request.url() !== `file://${join(folder, name)}`) fail(`${name} asks for ${request.url()}`);
  });
  tab.on('console', (line) => fail(`${name} says ${line.text()}`));
  await tab.goto(`file://${join(folder, name)}`);
  return tab;
}

async function judge(name) {
  for (const scheme of ['light', 'dark']) {
    const tab = await open(name, { scheme });
    if (await tab.locator('script').count() > 0) fail(`${name} has a script`);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) fail(`${name} is ${wide} px wider than its window`);
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate(() => window.axe.run());
    for (const v of violations) fail(`${name}, ${scheme}: ${v.id}: ${v.help}: ${v.nodes[0].html}`);
    await tab.close();
  }
}

async function draw(name, as, options) {
  const tab = await open(name, options);
  await tab.screenshot({ path: join(pictures, `${as}.png`), fullPage: options.whole ?? false });
  await tab.close();
}

for (const page of pages) await judge(page);
const first = pages.includes('report.html') ? 'report.html' : pages[0];
await draw(first, 'report', { whole: true });
await draw(first, 'report_dark', { scheme: 'dark' });
await draw(first, 'report_phone', { size: { width: 390, height: 844 }, whole: true });
await draw(first, 'report_print', { media: 'print', whole: true });
await context.close();
rmSync(profile, { recursive: true, force: true });
if (!process.exitCode) console.log(`${pages.length} pages are valid, accessible and at rest`);
