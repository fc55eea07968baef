// The chat page of the Telegram sandbox: wires its parts together.

import * as api from './api.js';
import { follow_newest, prepare_backstage } from './backstage.js';
import { prepare_breakages } from './breakages.js';
import { ChatView } from './chat_view.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { prepare_drawer } from './drawer.js';
import { by_id } from './element.js';
import { show_hint } from './hint.js';
import { follow, link, pause, persistently } from './link.js';
import { newcomer, show_people, show_settings } from './people.js';
import { story_source } from './story_source.js';
import { fill_in, language, say } from './texts.js';
import { toast } from './toast.js';

const glance_every_ms = 6000;

/** Who wrote last; a browser that keeps nothing for us throws here. */
const last_user = {
  get() { try { return Number(localStorage.getItem('user')); } catch { return 0; } },
  set(id) { try { localStorage.setItem('user', id); } catch { /* then the first user is the first again */ } },
};

/** What was asked for, or `otherwise` when the server does not give it: then it is asked for again later. */
async function unless_away(promise, otherwise) {
  try {
    return await promise;
  } catch (problem) {
    if (problem instanceof api.ServerAway || problem instanceof api.Refused) return otherwise;
    throw problem;
  }
}

class Page {
  users = [];
  conversations = new Map();
  current = null;
  #commands = {};
  #following = new AbortController();

  constructor() {
    this.view = new ChatView({
      on_command: (command) => this.send(command).catch(() => {}),
      on_press: (id, data) => this.#press(id, data),
      on_reply: (message) => this.composer.reply(message),
    });
    this.composer = new Composer({
      text: (text, reply_to) => this.send(text, reply_to),
      file: (attachment) => this.#deliver(() => api.send_file(this.current.chat, this.current.user.id, attachment)),
    });
  }

  async start() {
    await this.load_users();
    await this.choose(this.users.find(({ id }) => id === last_user.get())?.id ?? this.users[0].id);
    this.#glance_at_others();
  }

  /** Also after the server started anew: it may know fewer people than before. */
  async load_users() {
    this.users = await persistently(() => api.users(), new AbortController().signal);
    const known = new Set(this.users.map(({ id }) => id));
    for (const id of [...this.conversations.keys()]) if (!known.has(id)) this.conversations.delete(id);
    for (const user of this.users) {
      const conversation = this.conversations.get(user.id);
      if (conversation) conversation.user = user;
      else this.conversations.set(user.id, new Conversation(user));
    }
    if (this.current && !known.has(this.current.user.id)) await this.choose(this.users[0].id);
    this.#show_people();
  }

  async choose(id) {
    this.#following.abort();
    this.#following = new AbortController();
    this.current = this.conversations.get(id);
    last_user.set(id);
    this.composer.reset();
    this.#show_commands();
    this.view.show(this.current);
    follow_newest();
    story_source.watch(id);
    this.#show_people();
    show_settings(this.current.user, (change) => this.#change_user(change));
    this.#show_hint();
    follow(this.current, this.#following.signal, (change) => this.#changed(change));
    if (matchMedia('(hover: hover)').matches) this.composer.focus();
  }

  /** Asked for again and again: the bot may tell its commands after this page was opened. */
  async #show_commands() {
    this.#commands = await unless_away(api.commands(), this.#commands);
    const { language_code } = this.current.user;
    this.composer.menu.commands = this.#commands[language_code] ?? this.#commands[''] ?? [];
  }

  #changed(change) {
    this.view.update(this.current, change);
    for (const { text } of change.toasts) toast(text);
    if (change.changed.length || change.toasts.length) story_source.poke();
    if (!Object.keys(this.#commands).length) this.#show_commands();
    this.#show_hint();
    this.#show_people();
  }

  #show_hint() {
    show_hint(this.current.loaded && this.current.messages.size === 0, this.current.user, (text) => this.send(text).catch(() => {}));
  }

  #show_people() {
    if (!this.current) return;
    if (!document.hidden) this.current.mark_read();
    show_people(this.users, this.conversations, this.current.user.id, (id) => this.choose(id));
  }

  async #deliver(call) {
    follow_newest();
    story_source.poke();
    try {
      await call();
    } catch (problem) {
      toast(say('not_sent', { reason: problem instanceof api.ServerAway ? say('server_away') : problem.message }), 'problem');
      throw problem;
    }
  }

  send(text, reply_to) {
    return this.#deliver(() => api.send_text(this.current.chat, this.current.user.id, text, reply_to));
  }

  async #press(id, data) {
    await this.#deliver(() => api.press(this.current.chat, this.current.user.id, id, data)).catch(() => {});
  }

  async #change_user(change) {
    const user = this.current.user;
    await this.#deliver(() => api.change_user(user.id, change)).catch(() => {});
    await this.load_users();
    show_settings(this.conversations.get(user.id)?.user ?? user, (next) => this.#change_user(next));
  }

  async add_user() {
    try {
      const user = await api.add_user(newcomer(this.users, language));
      await this.load_users();
      await this.choose(user.id);
    } catch (problem) {
      toast(say('not_done', { reason: problem.message }), 'problem');
    }
  }

  /** The chats that are not on the screen are looked at now and then, for the list's last lines. */
  async #glance_at_others() {
    for (;;) {
      for (const [id, conversation] of this.conversations) {
        if (id === this.current.user.id || document.hidden || link.away) continue;
        const page = await unless_away(api.messages(conversation.chat, 0, 0), null);
        if (!page || conversation === this.current) continue;
        const first = !conversation.loaded;
        conversation.take(page, true);
        if (first) conversation.mark_read();
      }
      this.#show_people();
      await pause(glance_every_ms);
    }
  }
}

function show_link() {
  const bar = by_id('offline');
  let timer = 0;
  link.addEventListener('away', (event) => {
    clearInterval(timer);
    const show = () => {
      const seconds = Math.max(0, Math.ceil((event.detail.retry_at - Date.now()) / 1000));
      bar.textContent = say('offline', { seconds });
    };
    show();
    timer = setInterval(show, 500);
    bar.hidden = false;
    by_id('live').classList.add('away');
  });
  link.addEventListener('back', () => {
    clearInterval(timer);
    bar.hidden = true;
    by_id('live').classList.remove('away');
  });
  bar.addEventListener('click', () => link.hurry());
}

fill_in(document);
show_link();
prepare_drawer();
prepare_backstage();
const page = new Page();
prepare_breakages(() => page.current);
by_id('people-add').addEventListener('click', () => page.add_user());
link.addEventListener('refused', () => page.load_users());
document.addEventListener('visibilitychange', () => { if (!document.hidden) link.hurry(); });
await page.start();
document.documentElement.dataset.ready = '';
