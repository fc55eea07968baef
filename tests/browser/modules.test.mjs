// The parts of the page that need no browser, and rules that its sources keep.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

import { project } from './browser.mjs';

const folder = path.join(project, 'web/sandbox');
const load = (name) => import(pathToFileURL(path.join(folder, name)));
const read = (name) => readFileSync(path.join(folder, name), 'utf8');
const sources = readdirSync(folder).filter((name) => name.endsWith('.js'));

const { cost_of, exact_cost } = await load('pricing.js');
const { Watch } = await load('checks.js');
const { Conversation } = await load('conversation.js');
const { default: english } = await load('texts_en.js');
const { default: russian } = await load('texts_ru.js');

const text_price = { per_unit_micro: 100000, min: 1 };
const voice_price = { per_unit_micro: 500000, min: 1 };

test('a price is rounded up once and never below the minimum', () => {
  assert.equal(cost_of('text', text_price, 11), 2);
  assert.equal(cost_of('text', text_price, 10), 1);
  assert.equal(cost_of('text', text_price, 1), 1);
  assert.equal(cost_of('voice', voice_price, 3290), 2);
  assert.equal(cost_of('voice', voice_price, 4000), 2);
  assert.equal(cost_of('voice', voice_price, 4001), 3);
  assert.equal(cost_of('text', { per_unit_micro: 333333, min: 0 }, 9_000_000_000), 2999997000);
  assert.equal(exact_cost('voice', voice_price, 3290), 1.645);
});

const plural_forms = { en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'] };
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();

test('both dictionaries have the same texts with the same placeholders', () => {
  assert.deepEqual(Object.keys(russian).sort(), Object.keys(english).sort());
  for (const key of Object.keys(english)) {
    const of = (text) => (typeof text === 'object' ? placeholders(text.other) : placeholders(text));
    if (key !== 'provider_done') assert.equal(of(russian[key]), of(english[key]), key);
  }
});

test('every plural has the forms of its language or treats all alike', () => {
  for (const [language, dictionary] of [['en', english], ['ru', russian]]) {
    for (const [key, text] of Object.entries(dictionary)) {
      if (typeof text !== 'object') { assert.ok(text.trim(), key); continue; }
      assert.ok(text.other, key);
      const alike = text.one === text.other;
      if (!alike) assert.deepEqual(Object.keys(text), plural_forms[language], `${language} ${key}`);
    }
  }
});

test('every text that the page asks for is in the dictionary, and none is left over', () => {
  const code = [...sources.filter((name) => !name.startsWith('texts_')).map(read), read('index.html')].join('\n');
  const asked = new Set([...code.matchAll(/(?:say|note)\('(\w+)'|data-(?:text|label|placeholder)="(\w+)"/g)].map((match) => match[1] ?? match[2]));
  for (const key of asked) assert.ok(key in english, key);
  const prefixes = [...code.matchAll(/`(\w+_)\$\{|say_name\('(\w+)'/g)].map((match) => match[1] ?? `${match[2]}_`);
  for (const key of Object.keys(english)) {
    const used = asked.has(key) || code.includes(`'${key}'`) || prefixes.some((prefix) => key.startsWith(prefix));
    assert.ok(used, `nobody says ${key}`);
  }
});

test('nothing that people write becomes markup, and the page loads nothing from elsewhere', () => {
  for (const name of sources) {
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/, name);
    assert.doesNotMatch(read(name), /from '(?!\.\/)|import\(/, name);
  }
  for (const name of readdirSync(folder)) assert.doesNotMatch(read(name).replaceAll('http://www.w3.org/2000/svg', '').replaceAll('http://localhost', ''), /https?:\/\/[a-z]/, name);
});

test('each file can be embedded under a name of its own', () => {
  const names = readdirSync(folder).map((name) => name.replace(/[^A-Za-z0-9]/g, '_'));
  assert.equal(new Set(names).size, names.length);
});

const story = (user, ledger, tasks = [], books = {}) => ({
  user: { registered: true, held: 0, ...user, available: user.available ?? user.balance }, ledger, tasks,
  books: { balanced: true, violations: 0, ...books },
});
const charge = (id, task, amount, balance_after) => ({ id, type: 'charge', task, amount, balance_after });

test('a right book is judged right', () => {
  const watch = new Watch(story({ balance: 20 }, [{ id: 5, type: 'grant', amount: 20, balance_after: 20 }]));
  watch.see(story({ balance: 20, available: 18 }, []));
  watch.see(story({ balance: 17 }, [charge(7, 'b', -1, 17), charge(6, 'a', -2, 18)], [{ id: 'a' }, { id: 'b' }]));
  assert.equal(watch.adds_up(), true);
  assert.deepEqual(watch.charged_twice(), []);
  assert.equal(watch.overdrawn(), false);
  assert.equal(watch.lowest, 17);
  assert.equal(watch.tasks.length, 2);
});

test('a task that a burst pushed out of the story is not waited for', () => {
  const watch = new Watch(story({ balance: 20 }, [], [{ id: 'old' }]));
  watch.see(story({ balance: 20 }, [], [{ id: 'a', status: 'processing' }, { id: 'old' }]));
  watch.see(story({ balance: 19 }, [], [{ id: 'b', status: 'completed' }, { id: 'old' }]));
  assert.deepEqual(watch.tasks.map(({ id }) => id), ['a', 'b']);
  assert.deepEqual(watch.shown_tasks, [{ id: 'b', status: 'completed' }]);
});

test('a task that is charged twice is noticed', () => {
  const watch = new Watch(story({ balance: 20 }, []));
  watch.see(story({ balance: 16 }, [charge(2, 'a', -2, 16), charge(1, 'a', -2, 18)]));
  assert.deepEqual(watch.charged_twice(), ['a']);
});

test('a balance that does not follow from the ledger is noticed', () => {
  const watch = new Watch(story({ balance: 20 }, []));
  watch.see(story({ balance: 19 }, [charge(1, 'a', -2, 18)]));
  assert.equal(watch.adds_up(), false);
  watch.see(story({ balance: 18 }, [charge(1, 'a', -2, 18)]));
  assert.equal(watch.adds_up(), true);
  watch.see(story({ balance: 17 }, []));
  assert.equal(watch.adds_up(), false);
});

test('who is registered during the experiment had no lowest balance before', () => {
  const watch = new Watch(story({ balance: 0, registered: false }, []));
  watch.see(story({ balance: 20, available: 19 }, []));
  assert.equal(watch.lowest, 19);
});

test('credits promised twice are noticed even if only for a moment', () => {
  const watch = new Watch(story({ balance: 1 }, []));
  watch.see(story({ balance: 1, available: -1 }, []));
  watch.see(story({ balance: 1 }, []));
  assert.equal(watch.overdrawn(), true);
});

const page = (sequence, messages, rest = {}) => ({ sequence, messages, deleted: [], action: null, toasts: [], ...rest });
const message = (id, sequence, text = 'a') => ({ id, sequence, text, from: 'bot' });

test('a conversation keeps what changed and forgets what was deleted', () => {
  const conversation = new Conversation({ id: 1, chat_id: 1 });
  conversation.take(page(2, [message(1, 1), message(2, 2)], { toasts: [{ sequence: 2, text: 'old' }] }), true);
  assert.equal(conversation.unread(), 2);
  conversation.mark_read();
  const change = conversation.take(page(5, [message(2, 4, 'b'), message(3, 5)], { deleted: [1], toasts: [{ sequence: 5, text: 'new' }] }), false);
  assert.deepEqual(change.changed, [2, 3]);
  assert.deepEqual(change.removed, [1]);
  assert.deepEqual(change.toasts.map(({ text }) => text), ['new']);
  assert.equal(conversation.unread(), 1);
  assert.equal(conversation.newest().id, 3);
});

test('after the server started anew only what it still knows remains', () => {
  const conversation = new Conversation({ id: 1, chat_id: 1 });
  conversation.take(page(9, [message(1, 1), message(2, 9)]), true);
  const change = conversation.take(page(1, [message(1, 1, 'other')]), true);
  assert.deepEqual(change, { changed: [1], removed: [2], toasts: [] });
  assert.equal(conversation.sequence, 1);
});
