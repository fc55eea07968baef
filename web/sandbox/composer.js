// The bottom of the chat: writing, attaching, recording.

import { attachment_of, largest_file } from './attachment.js';
import { summary } from './bubble.js';
import { CommandMenu } from './command_menu.js';
import { by_id, element, icon } from './element.js';
import { size_of } from './format.js';
import { recording_problem, start_recording } from './recorder.js';
import { say } from './texts.js';
import { toast } from './toast.js';

const field = by_id('composer-text');
const longest_message = 4096;

/** Telegram's client cuts what is too long for one message. */
function pieces_of(text) {
  const pieces = [];
  for (let at = 0; at < text.length;) {
    let end = at + longest_message;
    // Never between the two halves of a character.
    if (end < text.length && /[\uDC00-\uDFFF]/.test(text[end])) --end;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

export class Composer {
  #reply_to = null;
  #recording = null;
  #outbox;

  /** `outbox.text(text, reply_to)` and `outbox.file(attachment)` send; they tell the user of a failure and reject. */
  constructor(outbox) {
    this.#outbox = outbox;
    this.menu = new CommandMenu((command) => this.#send(command));
    by_id('composer').addEventListener('submit', (event) => { event.preventDefault(); this.#submit(); });
    field.addEventListener('input', () => this.#typed());
    field.addEventListener('keydown', (event) => this.#key(event));
    by_id('attach').addEventListener('click', () => by_id('file-input').click());
    by_id('file-input').addEventListener('change', (event) => {
      this.attach(event.target.files[0]);
      event.target.value = '';
    });
    by_id('record').addEventListener('click', () => this.#record());
    by_id('record-send').addEventListener('click', () => this.#finish_recording(true));
    by_id('record-cancel').addEventListener('click', () => this.#finish_recording(false));
    by_id('recording').addEventListener('keydown', (event) => { if (event.key === 'Escape') this.#finish_recording(false); });
    this.#accept_drops();
  }

  focus() {
    field.focus();
  }

  /** The next text answers this message; null: it does not. */
  reply(message) {
    this.#reply_to = message;
    const bar = by_id('quote-bar');
    bar.hidden = !message;
    if (!message) return;
    bar.replaceChildren(
      icon('reply'),
      element('div', { class: 'quote' },
        element('span', { class: 'quote-who' }, say(message.from === 'bot' ? 'bot_name' : 'you')),
        element('span', { class: 'quote-text' }, summary(message).slice(0, 160))),
      element('button', { type: 'button', class: 'icon-button', 'aria-label': say('reply_cancel'), on: { click: () => this.reply(null) } }, icon('close')));
    field.focus();
  }

  /** Another user writes now. */
  reset() {
    this.reply(null);
    if (this.#recording) this.#finish_recording(false);
    this.menu.close();
  }

  async #submit() {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    this.#typed();
    try {
      for (const piece of pieces_of(text)) await this.#send(piece);
    } catch {
      // What could not be sent goes back to the field unless something newer stands there.
      if (!field.value) field.value = text;
      this.#typed();
    }
  }

  async #send(text) {
    const reply_to = this.#reply_to?.id;
    this.reply(null);
    if (field.value.startsWith('/')) { field.value = ''; this.#typed(); }
    await this.#outbox.text(text, reply_to);
  }

  #typed() {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
    const empty = !field.value.trim();
    by_id('send').hidden = empty;
    by_id('record').hidden = !empty;
    if (/^\/\w*$/.test(field.value)) this.menu.open(field.value);
    else this.menu.close();
  }

  #key(event) {
    if (event.isComposing || this.menu.key(event)) return;
    if (event.key === 'Escape' && this.#reply_to) this.reply(null);
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    this.#submit();
  }

  async attach(file) {
    if (!file) return;
    if (file.size > largest_file) return toast(say('file_too_large', { limit: size_of(largest_file) }), 'problem');
    if (file.size === 0) return toast(say('file_empty'), 'problem');
    await this.#outbox.file(await attachment_of(file)).catch(() => {});
  }

  #accept_drops() {
    const has_files = (event) => event.dataTransfer?.types.includes('Files');
    const show = (visible) => { by_id('drop').hidden = !visible; };
    addEventListener('dragover', (event) => { if (has_files(event)) { event.preventDefault(); show(true); } });
    addEventListener('dragleave', (event) => { if (!event.relatedTarget) show(false); });
    addEventListener('drop', (event) => {
      if (!has_files(event)) return;
      event.preventDefault();
      show(false);
      this.attach(event.dataTransfer.files[0]);
    });
  }

  async #record() {
    by_id('record').disabled = true;
    try {
      this.#recording = await start_recording(() => this.#finish_recording(true));
      this.#show_recording(true);
      by_id('record-send').focus();
    } catch (problem) {
      toast(say(recording_problem(problem)), 'problem');
    }
    by_id('record').disabled = false;
  }

  async #finish_recording(send) {
    const recording = this.#recording;
    this.#recording = null;
    if (!recording) return;
    const { blob, mime, seconds } = await recording.finish();
    this.#show_recording(false);
    field.focus();
    if (!send) return;
    if (seconds < 0.7 || !blob.size) return toast(say('record_too_short'), 'problem');
    const name = `voice.${mime.split('/')[1]}`;
    await this.#outbox.file({ kind: 'voice', blob, name, mime, duration: Math.max(1, Math.round(seconds)) }).catch(() => {});
  }

  #show_recording(visible) {
    by_id('recording').hidden = !visible;
    by_id('writing').hidden = visible;
  }
}
