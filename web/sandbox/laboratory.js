// Runs one experiment at a time, watches what the service makes of it, and judges.

import * as api from './api.js';
import { Watch } from './checks.js';
import { experiments } from './experiments.js';
import { link, pause } from './link.js';
import { is_final, is_over, story_source } from './story_source.js';
import { say, say_name } from './texts.js';
import { held_for } from './timeline.js';

const look_every_ms = 250;
/** The service counts its books every two seconds; a second charge that comes late should be seen as well. */
const calm_ms = 2500;

const unborn = { status: 'created', attempt: 0, delivery: null };

function end_of(task) {
  if (task.status === 'completed') return ['tale_charged', { n: task.cost ?? 0 }];
  const reason = task.failure && task.failure !== 'none' ? say_name('failure', task.failure) : say_name('status', task.status);
  return ['tale_released', { reason }];
}

/** What became of a task since it was last seen, in plain words: [[text key, values]]. */
function narrated(seen, task) {
  const old = seen ?? unborn;
  const lines = seen ? [] : [['tale_accepted', { n: held_for(task) }]];
  if (task.attempt > old.attempt) lines.push(['tale_attempt', { n: task.attempt }]);
  if (task.status === 'created' && task.attempt && (old.status !== 'created' || task.attempt > old.attempt)) lines.push(['tale_retry', { n: task.attempt }]);
  if (is_final(task) && !is_final(old)) lines.push(end_of(task));
  if (task.delivery?.state === 'sent' && old.delivery?.state !== 'sent') lines.push(['tale_delivered', {}]);
  return lines;
}

/** One experiment under way; what the experiments' functions work with. */
class Bench {
  #known = new Map();

  constructor(kind, conversation, report) {
    this.kind = kind;
    this.report = report;
    this.conversation = conversation;
    this.chat = conversation.chat;
    this.user = conversation.user.id;
    this.language = conversation.user.language_code === 'ru' ? 'ru' : 'en';
    this.first_message = conversation.newest()?.id ?? 0;
    this.stopped = new AbortController();
    this.signal = this.stopped.signal;
  }

  begin(story) {
    this.watch = new Watch(story);
  }

  note(key, values) {
    this.report.line(say(key, values));
  }

  async send(text) {
    await api.send_text(this.chat, this.user, text);
    this.note('tale_sent', { text });
  }

  async look() {
    const story = await api.story(this.user);
    this.watch.see(story);
    if (experiments[this.kind].answers) return;
    for (const task of this.watch.tasks) {
      for (const line of narrated(this.#known.get(task.id), task)) this.note(...line);
      this.#known.set(task.id, task);
    }
  }

  /** How many of the user's messages since the beginning have an answer, and how many there are. */
  answers() {
    const fresh = this.conversation.in_order().filter((message) => message.id > this.first_message);
    const asked = new Set(fresh.filter((message) => message.from === 'user').map((message) => message.id));
    const bot = fresh.filter((message) => message.from === 'bot');
    const replied = new Set(bot.map((message) => message.reply_to).filter((id) => asked.has(id)));
    // An answer that quotes nothing is one too.
    const loose = bot.filter((message) => !message.reply_to).length;
    return { asked: asked.size, answered: Math.min(asked.size, replied.size + loose) };
  }

  /** Whether all that was asked for has ended. */
  over() {
    const { tasks, answers } = experiments[this.kind];
    if (tasks !== null && this.watch.tasks.length < tasks) return false;
    if (answers && this.answers().answered < answers) return false;
    return this.watch.now.user.held === 0 && this.watch.shown_tasks.every(is_over);
  }

  /** The four promises: [{key, good: true|false|null (not known yet), text}] */
  checks(ended) {
    const { watch } = this;
    const { asked, answered } = this.answers();
    const done = watch.tasks.filter(is_final).length;
    const { tasks, answers } = experiments[this.kind];
    const repeated = tasks === 0 && (watch.tasks.length > 0 || watch.rows.length > 0);
    const twice = watch.charged_twice().length > 0 || repeated;
    const lost = answers
      ? { text: say('check_answers', { answered, asked }), good: answered >= answers }
      : { text: say(tasks ? 'check_tasks' : 'check_no_tasks', { done, n: watch.tasks.length }), good: this.over() };
    const known = (good, broken) => (broken ? false : ended ? good : null);
    return [
      { key: 'lost', good: lost.good ? true : known(false, false), text: lost.text },
      { key: 'twice', good: known(!twice, twice), text: say('check_charged', { n: watch.charges.length }) },
      { key: 'overdrawn', good: known(true, watch.overdrawn()), text: watch.lowest === Infinity ? '' : say('check_lowest', { n: watch.lowest }) },
      { key: 'books', good: known(watch.books_right() && watch.adds_up(), !watch.now.books.balanced), text: say('check_books', { n: watch.now.user.balance }) },
    ];
  }
}

async function observe(bench) {
  const { patience_ms } = experiments[bench.kind];
  const begun = Date.now();
  let over_since = null;
  while (!bench.signal.aborted) {
    try {
      await bench.look();
      story_source.poke();
    } catch (problem) {
      // A server that is away is part of the game; the chat says so, and we go on when it is back.
      if (problem instanceof api.Refused) throw problem;
    }
    const now = Date.now();
    over_since = bench.over() && !link.away ? over_since ?? now : null;
    if (over_since && now - over_since >= calm_ms) return 'over';
    if (now - begun > patience_ms) return 'impatient';
    bench.report.judge(bench.checks(false));
    await pause(look_every_ms, bench.signal);
  }
  return 'stopped';
}

let bench = null;

export const is_running = () => bench !== null;

/** Ends the watching; what was broken stays broken. */
export function stop_watching() {
  bench?.stopped.abort();
}

/** Does the experiment and watches until all is settled. Never rejects: the report says what went wrong. */
export async function experiment(kind, conversation, report) {
  if (bench) return;
  bench = new Bench(kind, conversation, report);
  report.open(kind);
  try {
    const before = await api.story(bench.user);
    if (before.user.registered && before.user.available < 1 && experiments[kind].tasks === 1) throw new Error(say('no_credits'));
    bench.begin(before);
    story_source.poke();
    await experiments[kind].run(bench);
    const end = await observe(bench);
    report.judge(bench.checks(end !== 'stopped'));
    report.close(end);
  } catch (problem) {
    report.fail(problem instanceof api.ServerAway ? say('server_away') : problem.message);
  } finally {
    bench = null;
  }
}
