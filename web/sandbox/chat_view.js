// The middle of the page: the messages of one conversation, the chat action, and where the reader stands.

import { bubble } from './bubble.js';
import { by_id, element } from './element.js';
import { day_and_month } from './format.js';
import { say, say_name } from './texts.js';

const stream = by_id('stream');
const list = by_id('messages');
const action_line = by_id('action');
const status_line = by_id('chat-status');
const to_bottom = by_id('to-bottom');
const near = 90;

const day_of = (message) => new Date(message.date * 1000).toDateString();

export class ChatView {
  #conversation = null;
  #nodes = new Map();
  #handlers;
  #below = 0;
  #action_timer = 0;

  /** `handlers` as of bubble(), without jump. */
  constructor(handlers) {
    this.#handlers = { ...handlers, jump: (id) => this.#jump(id) };
    stream.addEventListener('scroll', () => this.#scrolled());
    to_bottom.addEventListener('click', () => this.scroll_down(true));
    new ResizeObserver(() => { if (this.pinned) this.scroll_down(); }).observe(list);
    new ResizeObserver(() => { if (this.pinned) this.scroll_down(); }).observe(stream);
  }

  /** Whether the reader is at the end, so that new messages should scroll into view. */
  pinned = true;

  show(conversation) {
    this.#conversation = conversation;
    this.#below = 0;
    this.#draw_all();
    this.#show_action();
    this.scroll_down();
  }

  /** `change` as of Conversation.take(). */
  update(conversation, change) {
    if (conversation !== this.#conversation) return;
    const newest = Math.max(0, ...this.#nodes.keys());
    if (change.changed.some((id) => id <= newest && !this.#nodes.has(id))) this.#draw_all();
    else this.#draw_changes(change);
    const arrived = change.changed.filter((id) => id > newest);
    const spoke = arrived.some((id) => conversation.messages.get(id)?.from === 'user');
    this.#show_action();
    if (this.pinned || spoke) this.scroll_down();
    else this.#below += arrived.length;
    this.#show_to_bottom();
  }

  #draw_all() {
    list.setAttribute('aria-live', 'off');
    this.#nodes.clear();
    const messages = this.#conversation.in_order();
    const nodes = [];
    messages.forEach((message, index) => {
      if (index === 0 || day_of(message) !== day_of(messages[index - 1])) nodes.push(this.#day(message));
      nodes.push(this.#node(message));
    });
    list.replaceChildren(...nodes);
    requestAnimationFrame(() => list.setAttribute('aria-live', 'polite'));
  }

  #draw_changes({ changed, removed }) {
    for (const id of removed) this.#remove(id);
    for (const id of [...changed].sort((a, b) => a - b)) {
      const message = this.#conversation.messages.get(id);
      const old = this.#nodes.get(id);
      const fresh = this.#node(message);
      if (old) { old.replaceWith(fresh); continue; }
      const last = [...list.querySelectorAll('.message')].at(-1);
      const before = last && this.#conversation.messages.get(Number(last.dataset.id));
      if (!before || day_of(before) !== day_of(message)) list.append(this.#day(message));
      fresh.classList.add('arriving');
      list.append(fresh);
    }
  }

  #remove(id) {
    this.#nodes.get(id)?.remove();
    this.#nodes.delete(id);
  }

  #day(message) {
    return element('div', { class: 'day' }, element('span', {}, day_and_month(message.date * 1000)));
  }

  #node(message) {
    const original = message.reply_to ? this.#conversation.messages.get(message.reply_to) : null;
    const node = bubble(message, original, this.#handlers);
    this.#nodes.set(message.id, node);
    return node;
  }

  #show_action() {
    clearTimeout(this.#action_timer);
    const action = this.#conversation.action;
    // The server's clock may differ from ours; no action lives longer than Telegram's five seconds.
    const left = action ? Math.min(5500, Math.max(1000, action.until - Date.now())) : 0;
    const text = action ? say_name('action', action.action) : '';
    action_line.hidden = !action;
    action_line.textContent = text;
    status_line.textContent = text || say('bot');
    status_line.classList.toggle('busy', Boolean(action));
    if (!action) return;
    this.#action_timer = setTimeout(() => { this.#conversation.action = null; this.#show_action(); }, left);
    if (this.pinned) this.scroll_down();
  }

  scroll_down(smooth = false) {
    stream.scrollTo({ top: stream.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.pinned = true;
    this.#below = 0;
    this.#show_to_bottom();
  }

  #scrolled() {
    this.pinned = stream.scrollHeight - stream.scrollTop - stream.clientHeight < near;
    if (this.pinned) this.#below = 0;
    this.#show_to_bottom();
  }

  #show_to_bottom() {
    to_bottom.hidden = this.pinned;
    by_id('unread').textContent = this.#below || '';
  }

  #jump(id) {
    const node = this.#nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.remove('flash');
    requestAnimationFrame(() => node.classList.add('flash'));
  }
}
