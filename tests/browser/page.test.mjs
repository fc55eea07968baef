// The chat page against the mock of the sandbox: writing, hearing, recording, files, buttons, going away
// and coming back, narrow screens.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, afterEach, before, beforeEach } from 'node:test';

import { open_browser, open_page, screenshot } from './browser.mjs';
import { start_mock } from './mock_sandbox.mjs';
import { sound } from './mock_service.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'page-test-'));
const microphone = path.join(folder, 'microphone.wav');
writeFileSync(microphone, sound(20));

let browser;
let mock;
let page;

before(async () => { browser = await open_browser({ microphone }); });
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => { mock = await start_mock(); });
afterEach(async () => {
  const problems = page?.problems ?? [];
  await page?.context().close();
  page = null;
  await mock.close();
  assert.deepEqual(problems, []);
});

const open = async (options) => { page = await open_page(browser, mock.url, options); };
const write = async (text) => {
  await page.fill('#composer-text', text);
  await page.press('#composer-text', 'Enter');
};
const bubbles = (from) => page.locator(`.message.from-${from}`);
const uploads = () => mock.service.calls.filter((call) => call.path.endsWith('/files'));

test('the first example becomes a voice that can be heard', async () => {
  await open();
  await page.click('[data-example=hello]');
  await page.waitForSelector('.from-bot .voice[data-seconds]');
  assert.equal(await bubbles('user').locator('.words').innerText(), 'Привет, мир');
  assert.equal(await page.isVisible('#hint'), false);
  assert.ok(Number(await page.getAttribute('.from-bot .voice', 'data-seconds')) > 0.5);
  await page.click('.from-bot .voice .play');
  await page.waitForFunction(() => document.querySelector('.voice .waveform').getAttribute('aria-valuetext').startsWith('0:01'));
  await page.waitForSelector('.voice .play[aria-label=Play]');
});

test('the waveform shows the sound', async () => {
  await open();
  await write('hello');
  await page.waitForSelector('.from-bot .voice[data-seconds]');
  const heights = await page.$eval('.from-bot canvas.waveform', (canvas) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    return Array.from({ length: width }, (_, x) => Array.from({ length: height }, (__, y) => pixels[(y * width + x) * 4 + 3] > 60).filter(Boolean).length);
  });
  assert.ok(Math.max(...heights) > 15);
  assert.ok(heights.some((height) => height > 0 && height < 6));
});

test('Enter sends and Shift+Enter makes a new line', async () => {
  await open();
  await page.fill('#composer-text', 'one');
  await page.press('#composer-text', 'Shift+Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await bubbles('user').waitFor();
  assert.equal(await bubbles('user').locator('.words').innerText(), 'one\ntwo');
  assert.equal(await page.inputValue('#composer-text'), '');
});

test('what people write stays text', async () => {
  const wicked = '<img src=x onerror="document.title=1"> <b>&amp;</b> javascript:alert(1)';
  await open();
  await write(wicked);
  await bubbles('user').waitFor();
  assert.equal(await bubbles('user').locator('.words').innerText(), wicked);
  assert.equal(await page.locator('.messages img, .messages b, .people img, .messages a').count(), 0);
  assert.equal(await page.locator('.person-last').first().innerText(), `You: ${wicked}`.slice(0, 80));
});

test('the command menu is chosen from by keyboard', async () => {
  await open();
  await page.click('#open-commands');
  assert.deepEqual(await page.locator('#command-menu b').allInnerTexts(), ['/start', '/balance', '/voice', '/help']);
  assert.equal(await page.locator('#command-menu span').first().innerText(), 'Начать');
  await page.keyboard.press('Escape');
  assert.equal(await page.isVisible('#command-menu'), false);
  await page.click('#composer-text');
  await page.keyboard.type('/');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await bubbles('user').waitFor();
  assert.equal(await bubbles('user').locator('.words').innerText(), '/balance');
  assert.equal(await page.inputValue('#composer-text'), '');
});

test('a button is pressed, its answer shows, and the message is marked as edited', async () => {
  await open();
  await write('/voice');
  await page.click('.keyboard button:has-text("Rms")');
  await page.waitForSelector('.toast.answer');
  assert.equal(await page.locator('.toast').innerText(), 'You chose v:rms');
  await page.waitForSelector('.from-bot .edited');
  assert.equal(await bubbles('bot').locator('.words').innerText(), 'Voice: v:rms');
});

test('a command in the bot\'s answer is sent by a click', async () => {
  await open();
  await write('/start');
  await page.click('.from-bot .command:has-text("/balance")');
  await page.waitForFunction(() => document.querySelectorAll('.from-user').length === 2);
  assert.equal(await bubbles('user').last().locator('.words').innerText(), '/balance');
});

test('a reply quotes what it answers', async () => {
  await open();
  await write('first');
  await bubbles('user').dblclick();
  assert.equal(await page.locator('#quote-bar .quote-text').innerText(), 'first');
  await write('second');
  await page.waitForSelector('.from-user .quote');
  assert.equal(await page.locator('.from-user .quote-text').innerText(), 'first');
  assert.equal(await page.isVisible('#quote-bar'), false);
});

test('the microphone is recorded and sent as a voice with its length', async () => {
  await open();
  await page.click('#record');
  await page.waitForSelector('#recording:visible');
  await page.waitForFunction(() => document.querySelector('#record-time').textContent === '0:02');
  await screenshot(page, 'recording');
  await page.click('#record-send');
  await page.waitForSelector('.from-user .voice[data-seconds]');
  const [upload] = uploads();
  assert.equal(upload.query.kind, 'voice');
  assert.match(upload.query.mime, /^audio\/(ogg|webm)$/);
  const seconds = Number(await page.getAttribute('.from-user .voice', 'data-seconds'));
  assert.ok(seconds > 1.5, `${seconds}`);
  assert.ok(Math.abs(seconds - Number(upload.query.duration)) < 1.5, `${seconds} ${upload.query.duration}`);
  await page.waitForSelector('.from-bot');
});

test('a recording that is thrown away is not sent', async () => {
  await open();
  await page.click('#record');
  await page.waitForSelector('#recording:visible');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#writing:visible');
  assert.equal(uploads().length, 0);
});

const picked = [
  ['speech.wav', 'audio/wav', 'audio', '3'],
  ['clip.mp4', 'video/mp4', 'video', undefined],
  ['letter.pdf', 'application/pdf', 'document', undefined],
  ['noted.opus', '', 'audio', undefined],
];
for (const [name, mimeType, kind, duration] of picked) {
  test(`a picked ${name} is sent as ${kind}`, async () => {
    await open();
    await page.setInputFiles('#file-input', { name, mimeType, buffer: kind === 'audio' && duration ? sound(3) : Buffer.from('not really') });
    await bubbles('user').waitFor();
    const [upload] = uploads();
    assert.equal(upload.query.kind, kind);
    assert.equal(upload.query.name, name);
    assert.equal(upload.query.duration, duration);
    if (kind === 'video') page.problems.length = 0;
  });
}

test('an empty file is refused', async () => {
  await open();
  await page.setInputFiles('#file-input', { name: 'nothing.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0) });
  await page.waitForSelector('.toast.problem');
  assert.equal(uploads().length, 0);
});

test('a sound that cannot be decoded says so and can still be downloaded', async () => {
  await open();
  mock.service.chats.get(1001).put({ kind: 'voice', file: mock.service.keep(Buffer.from('noise'), 'v.ogg', 'audio/ogg', 3) });
  await page.waitForSelector('.voice.broken');
  assert.equal(await page.locator('.voice-time').innerText(), 'This browser cannot play it');
  assert.equal(await page.getAttribute('.download', 'download'), 'v.ogg');
});

test('each user has a chat of their own and unread messages are counted', async () => {
  await open();
  await write('from Anna');
  await page.waitForSelector('.from-bot');
  await page.click('[data-user="1002"]');
  await page.waitForSelector('#hint:visible');
  assert.equal(await bubbles('user').count(), 0);
  mock.service.chats.get(1001).put({ text: 'one more thing' });
  await page.waitForSelector('[data-user="1001"] .badge', { timeout: 15000 });
  assert.equal(await page.locator('[data-user="1001"] .badge').innerText(), '1');
  await page.click('[data-user="1001"]');
  await page.waitForFunction(() => document.querySelector('.message:last-child .words')?.textContent === 'one more thing');
  assert.equal(await page.locator('[data-user="1001"] .badge').count(), 0);
});

test('a new user can be added and the switches reach the server', async () => {
  await open();
  await page.click('#people-add');
  await page.waitForSelector('.person[data-user="1004"][aria-current]');
  await page.click('#open-settings');
  await page.click('.switch:has-text("Forbids voice")');
  await page.waitForFunction(() => document.querySelectorAll('.switch input:checked').length === 1);
  assert.equal(mock.service.users.get(1004).forbids_voice, true);
});

test('a deleted message disappears', async () => {
  await open();
  const chat = mock.service.chats.get(1001);
  const { id } = chat.put({ text: 'Working on it…' });
  await page.waitForSelector(`[data-id="${id}"]`);
  chat.remove(id);
  await page.waitForSelector(`[data-id="${id}"]`, { state: 'detached' });
});

test('the chat action shows and goes away by itself', async () => {
  await open();
  mock.service.chats.get(1001).do('record_voice', 1200);
  await page.waitForSelector('#action:visible');
  assert.equal(await page.locator('#chat-status').innerText(), 'records a voice…');
  await page.waitForSelector('#action', { state: 'hidden' });
});

test('a reader of old messages is not torn away by a new one', async () => {
  await open();
  const chat = mock.service.chats.get(1001);
  for (let count = 0; count < 40; ++count) chat.put({ text: `line ${count}` });
  await page.waitForSelector('[data-id="40"]');
  await page.$eval('#stream', (stream) => { stream.scrollTop = 0; });
  await page.waitForSelector('#to-bottom:visible');
  chat.put({ text: 'news' });
  await page.waitForFunction(() => document.querySelector('#unread').textContent === '1');
  assert.equal(await page.$eval('#stream', (stream) => stream.scrollTop), 0);
  await page.click('#to-bottom');
  await page.waitForSelector('#to-bottom', { state: 'hidden' });
});

test('while the server is away the page says so, keeps the draft, and comes back by itself', async () => {
  await open();
  await write('before');
  await page.waitForSelector('.from-bot .voice');
  const { port } = mock;
  await mock.close();
  await page.waitForSelector('#offline:visible');
  await write('lost?');
  await page.waitForSelector('.toast.problem');
  await page.waitForFunction(() => document.querySelector('#composer-text').value === 'lost?');
  await screenshot(page, 'server-away');
  // A server that knows nothing of what was before.
  mock = await start_mock({ port });
  await page.waitForSelector('#offline', { state: 'hidden', timeout: 20000 });
  await page.waitForFunction(() => document.querySelectorAll('.message').length === 0);
  await page.press('#composer-text', 'Enter');
  await page.waitForSelector('.from-bot .voice');
  assert.equal(await bubbles('user').innerText().then((text) => text.split('\n')[0]), 'lost?');
  page.problems.length = 0;
});

test('a text that is too long for one message is cut as Telegram does', async () => {
  await open();
  await write(`${'a'.repeat(4095)}😀${'b'.repeat(10)}`);
  await page.waitForFunction(() => document.querySelectorAll('.from-user').length === 2);
  const texts = await bubbles('user').locator('.words').allInnerTexts();
  assert.equal(texts[0], 'a'.repeat(4095));
  assert.equal(texts[1], `😀${'b'.repeat(10)}`);
});

test('on a phone nothing is wider than the screen and the story is a drawer', async () => {
  await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });
  await write('Привет, мир');
  await page.waitForSelector('.from-bot .voice[data-seconds]');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.equal(await page.isVisible('#backstage'), false);
  await page.click('#open-backstage');
  await page.waitForSelector('.step.done[data-step=settlement]:visible');
  await page.waitForTimeout(300);
  await screenshot(page, 'phone-drawer-dark');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#backstage', { state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'open-backstage');
  await screenshot(page, 'phone-chat-dark');
});

test('the page speaks the language of the browser', async () => {
  await open({ locale: 'ru-RU' });
  assert.equal(await page.getAttribute('html', 'lang'), 'ru');
  assert.equal(await page.locator('#tab-break').innerText(), 'Сломать');
  assert.equal(await page.getAttribute('#composer-text', 'placeholder'), 'Сообщение');
});

test('everything that can be pressed has a name', async () => {
  await open();
  await write('/voice');
  await page.waitForSelector('.keyboard');
  await write('hello');
  await page.waitForSelector('.from-bot .voice');
  const nameless = await page.$$eval('button, a, input, textarea, [role=slider]', (nodes) => nodes
    .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.closest('label') || node.hidden))
    .map((node) => node.outerHTML.slice(0, 120)));
  assert.deepEqual(nameless, []);
});
