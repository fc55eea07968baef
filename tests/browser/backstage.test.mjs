// "Behind the scenes" against the mock: the story of a task, and the experiments with their judgement.

import assert from 'node:assert/strict';
import test, { after, afterEach, before, beforeEach } from 'node:test';

import { open_browser, open_page, screenshot } from './browser.mjs';
import { start_mock } from './mock_sandbox.mjs';

let browser;
let mock;
let page;

before(async () => { browser = await open_browser(); });
after(() => browser.close());
beforeEach(async () => { mock = await start_mock(); });
afterEach(async () => {
  const problems = page.problems;
  await page.context().close();
  await mock.close();
  assert.deepEqual(problems, []);
});

const open = async (options) => { page = await open_page(browser, mock.url, options); };
const write = async (text) => {
  await page.fill('#composer-text', text);
  await page.press('#composer-text', 'Enter');
};
const figure = (name) => page.locator(`[data-figure=${name}]`).innerText();
const step = (name) => page.locator(`[data-step=${name}] .step-detail`).innerText();
const experiment = async (kind) => {
  await page.click('#tab-break');
  await page.click(`[data-break=${kind}]`);
};
const ending = (state) => page.waitForSelector(`.report.${state}`, { timeout: 60000 });
const tale = () => page.locator('.tale li span').allInnerTexts();
const promises = () => page.$$eval('.promises li', (items) => Object.fromEntries(items.map((item) => [item.dataset.check, item.className])));
const all_kept = { lost: 'kept', twice: 'kept', overdrawn: 'kept', books: 'kept' };

test('the story tells price, hold, queue, provider, settlement and delivery', async () => {
  await open();
  await page.waitForSelector('#account .empty');
  await write('Привет, мир');
  await page.waitForSelector('.step.active[data-step=hold]');
  assert.equal(await figure('held'), '2');
  assert.equal(await figure('available'), '18');
  await page.waitForSelector('.step.done[data-step=delivery]');
  assert.equal(await step('price'), '11 characters × 0.1 = 1.1 → 2 credits');
  assert.equal(await step('hold'), '2 credits were set aside; resolved');
  assert.equal(await step('provider'), 'local answered at the first attempt');
  assert.equal(await step('settlement'), 'charged 2 credits, once');
  assert.equal(await figure('balance'), '18');
  assert.deepEqual(await page.locator('.ledger .amount').allInnerTexts(), ['Credits', '−2', '+20']);
  assert.deepEqual(await page.locator('.ledger .after').allInnerTexts(), ['Balance', '18', '20']);
  assert.match(await page.locator('.verdict.good').innerText(), /Ledger sum = balances ✓/);
  await screenshot(page, 'desktop-story-light');
});

test('an earlier task can be looked at and the newest is followed again', async () => {
  await open();
  await write('the first one');
  await page.waitForSelector('.step.done[data-step=delivery]');
  await write('and the second');
  await page.waitForFunction(() => document.querySelectorAll('.pill').length === 2);
  await page.locator('.pill').nth(1).click();
  assert.equal(await step('price'), '13 characters × 0.1 = 1.3 → 2 credits');
  await write('third');
  await page.waitForFunction(() => document.querySelector('[data-step=price] .step-detail').textContent.startsWith('5 characters'));
});

test('a broken ledger is said so in red', async () => {
  await open();
  mock.service.broken_books = true;
  await page.waitForSelector('.verdict.bad');
  assert.match(await page.locator('.verdict').innerText(), /The ledger is broken: 2 violations/);
});

test('without a service behind the sandbox the panel says what is missing', async () => {
  mock.service.without_service = true;
  await open();
  await page.waitForSelector('.verdict:has-text("No service behind this sandbox")');
  assert.equal(await page.isVisible('.tabs'), false);
  page.problems.length = 0;
});

test('the tabs are moved between by keyboard', async () => {
  await open();
  await page.focus('#tab-story');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.isVisible('#panel-break'), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-break');
});

test('a worker that dies in mid-task loses nothing and the provider works again', async () => {
  await open({ colorScheme: 'dark' });
  await experiment('kill');
  await ending('kept');
  assert.deepEqual(await promises(), all_kept);
  const lines = await tale();
  assert.ok(lines.includes('The worker was killed while it worked'));
  assert.ok(lines.includes('A worker takes it, attempt 2'));
  assert.ok(lines.includes('Done: 1 credit charged'));
  assert.equal(mock.service.mode, 'ok');
  await screenshot(page, 'desktop-kill-dark');
});

test('an update that is delivered again changes nothing', async () => {
  await open();
  await write('hello');
  await page.waitForSelector('.from-bot .voice');
  await experiment('repeat');
  await ending('kept');
  assert.deepEqual(await promises(), all_kept);
});

test('a repeated update that runs again is caught', async () => {
  await open();
  await write('hello');
  await page.waitForSelector('.from-bot .voice');
  mock.service.repeat = (chat) => { mock.service.receive(chat, { text: 'hello' }); return true; };
  await experiment('repeat');
  await ending('broken');
  assert.equal((await promises()).twice, 'broken');
});

test('a task that is charged twice is caught', async () => {
  await open();
  mock.service.charge_twice = true;
  await experiment('flood');
  await ending('broken');
  assert.equal((await promises()).twice, 'broken');
  assert.match(await page.locator('.report-end').innerText(), /bug/);
});

test('a failing provider is tried again and nothing is charged', async () => {
  await open();
  await experiment('fail');
  await ending('kept');
  const lines = await tale();
  assert.ok(lines.includes('Attempt 1 failed; it will be tried again'));
  assert.ok(lines.includes('Ended without a charge: the provider failed'));
  await page.waitForSelector('[data-break=fail][aria-pressed=true]');
  await page.click('[data-mode=ok]');
  await page.waitForSelector('#provider-mode.mode-ok');
});

test('a hanging provider ends when it is back to normal', async () => {
  await open();
  await experiment('hang');
  await page.waitForSelector('.tale :has-text("attempt 1")');
  assert.equal((await promises()).lost, 'open');
  await page.click('[data-mode=ok]');
  await ending('kept');
});

test('silence is not sold', async () => {
  await open();
  await experiment('silence');
  await ending('kept');
  assert.ok((await tale()).includes('Ended without a charge: nobody speaks in it'));
});

test('the watching can be ended', async () => {
  await open();
  await experiment('hang');
  await page.click('[data-stop]');
  await ending('stopped');
});

test('fifty at once: what the credits cover runs, every message is answered', async () => {
  await open();
  await experiment('fifty');
  await ending('kept');
  assert.deepEqual(await promises(), all_kept);
  assert.match(await page.locator('[data-check=lost]').innerText(), /50 of 50 answered/);
  assert.equal(await figure('balance'), '0');
  await screenshot(page, 'desktop-fifty-light');
});

test('who has no credits left is told so instead of starting an experiment', async () => {
  await open();
  await write('hello');
  await page.waitForSelector('.from-bot .voice');
  mock.service.chats.get(1001).account.balance = 0;
  await experiment('kill');
  await ending('failed');
  assert.match(await page.locator('.report-end').innerText(), /no credits left/);
});
