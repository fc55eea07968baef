// "Behind the scenes": the live story of the current user's money and tasks.

import { by_id, element, icon, refill } from './element.js';
import { full_time, hours_minutes_seconds, signed } from './format.js';
import { story_source } from './story_source.js';
import { number, say, say_name } from './texts.js';
import { steps_of } from './timeline.js';

let chosen_task = null;

// What the story says of the whole book.
function verdict_of(books) {
  const good = books.balanced && books.violations === 0;
  return {
    good,
    text: say(good ? 'verdict_good' : 'verdict_bad', { n: books.violations }),
    note: say('verdict_note', { users: say('users', { n: books.users }), total: say('credits', { n: books.balance_total }), held: number(books.held_total) }),
  };
}

function show_verdict(books) {
  const { good, text, note } = verdict_of(books);
  const node = by_id('verdict');
  node.className = `verdict ${good ? 'good' : 'bad'}`;
  refill(node, element('div', { class: 'verdict-row' }, icon(good ? 'shield' : 'cross'),
    element('div', {}, element('strong', {}, text), element('span', {}, note))));
}

function show_account(user) {
  if (!user.registered) {
    refill(by_id('account'), element('p', { class: 'empty' }, say('not_registered')));
    return;
  }
  const figure = (name, value) => element('div', { class: `figure figure-${name}` },
    element('span', {}, say(`account_${name}`)), element('b', { data: { figure: name } }, number(value)));
  const bar = element('div', { class: 'share', 'aria-hidden': 'true' }, element('i', {}), element('i', {}));
  [user.available, user.held].forEach((part, index) => { bar.children[index].style.flexGrow = part; });
  if (!user.balance) bar.replaceChildren();
  refill(by_id('account'), element('div', { class: 'figures' },
    figure('balance', user.balance), figure('held', user.held), figure('available', user.available)), bar);
}

function show_tasks(tasks, current) {
  const pills = tasks.map((task) => element('button', {
    type: 'button', class: `pill ${task.status}`, data: { task: task.id }, 'aria-pressed': String(task.id === current.id),
    title: `${say_name('task', task.type)} · ${say_name('status', task.status)} · ${hours_minutes_seconds(task.created_at)}`,
  }, hours_minutes_seconds(task.created_at)));
  refill(by_id('tasks'), tasks.length > 1 ? element('div', { class: 'pills', role: 'group', 'aria-label': say('recent_tasks') }, ...pills) : element('div', {}));
}

const marks = { done: 'check', trouble: 'cross' };

/** The steps as an ordered list. */
function timeline_node(task, story) {
  return element('ol', { class: 'timeline' }, ...steps_of(task, story.now, story.provider.name).map(({ key, state, title, detail, extra }) =>
    element('li', { class: `step ${state}`, data: { step: key } },
      element('span', { class: 'mark', role: 'img', 'aria-label': say(`state_${state}`) }, marks[state] ? icon(marks[state]) : null),
      element('b', {}, title),
      element('span', { class: 'step-detail' }, detail),
      extra ? element('span', { class: 'step-extra' }, extra) : null)));
}

function show_timeline(story) {
  const tasks = story.tasks;
  if (!tasks.length) {
    refill(by_id('tasks'));
    refill(by_id('timeline'), element('p', { class: 'empty' }, say('no_tasks')));
    return;
  }
  const task = tasks.find(({ id }) => id === chosen_task) ?? tasks[0];
  show_tasks(tasks, task);
  refill(by_id('timeline'),
    element('div', { class: 'task-head' }, element('b', {}, say_name('task', task.type)),
      element('span', { class: `state ${task.status}` }, say_name('status', task.status)),
      element('code', { title: say('task_id') }, task.id)),
    timeline_node(task, story));
}

function show_ledger(ledger) {
  if (!ledger.length) {
    refill(by_id('ledger'), element('p', { class: 'empty' }, say('no_ledger')));
    return;
  }
  const heading = (key, kind) => element('th', { scope: 'col', class: kind }, say(key));
  const rows = ledger.map((row) => element('tr', { title: [row.reason, row.task].filter(Boolean).join(' · '), data: { entry: row.id } },
    element('td', { class: 'when', title: full_time(row.created_at) }, hours_minutes_seconds(row.created_at)),
    element('td', {}, say_name('entry', row.type)),
    element('td', { class: `amount ${row.amount < 0 ? 'minus' : 'plus'}` }, signed(row.amount)),
    element('td', { class: 'after' }, number(row.balance_after))));
  refill(by_id('ledger'), element('table', { class: 'ledger' },
    element('thead', {}, element('tr', {}, heading('ledger_when', 'when'), heading('ledger_what', ''), heading('ledger_amount', 'amount'), heading('ledger_after', 'after'))),
    element('tbody', {}, ...rows)));
}

function show(story) {
  by_id('backstage').classList.toggle('without-service', !story);
  if (!story) {
    refill(by_id('verdict'), element('div', { class: 'verdict-row' }, element('div', {}, element('strong', {}, say('no_service')), element('span', {}, say('no_service_note')))));
    return;
  }
  show_verdict(story.books);
  show_account(story.user);
  show_timeline(story);
  show_ledger(story.ledger);
  const mode = story.provider.mode === 'ok' ? '' : ` ${say('engine_now', { mode: say_name('mode', story.provider.mode) })}`;
  by_id('engine').textContent = say(story.provider.name === 'local' ? 'engine_local' : 'engine', { provider: story.provider.name }) + mode;
}

function select_tab(name) {
  for (const tab of ['story', 'break']) {
    const selected = tab === name;
    by_id(`tab-${tab}`).setAttribute('aria-selected', String(selected));
    by_id(`tab-${tab}`).tabIndex = selected ? 0 : -1;
    by_id(`panel-${tab}`).hidden = !selected;
  }
}

/** Wires the panel up once. */
export function prepare_backstage() {
  story_source.addEventListener('story', (event) => show(event.detail));
  for (const tab of ['story', 'break']) by_id(`tab-${tab}`).addEventListener('click', () => select_tab(tab));
  document.querySelector('.tabs').addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = by_id('tab-story').getAttribute('aria-selected') === 'true' ? 'break' : 'story';
    select_tab(other);
    by_id(`tab-${other}`).focus();
  });
  by_id('tasks').addEventListener('click', (event) => {
    const pill = event.target.closest('.pill');
    if (!pill) return;
    // The newest task is followed: choosing it means to see the next one too.
    chosen_task = pill.matches(':first-child') ? null : pill.dataset.task;
    if (story_source.latest) show(story_source.latest);
  });
}

/** Another user, or a new task is coming: follow the newest. */
export function follow_newest() {
  chosen_task = null;
}
