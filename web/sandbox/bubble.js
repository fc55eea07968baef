// One message as a bubble.

import { element, icon } from './element.js';
import { full_time, hours_minutes, size_of } from './format.js';
import { say } from './texts.js';
import { voice_player } from './voice_player.js';

const command_or_link = /(^|\s)(\/[a-z][a-z0-9_]{0,31}(?:@\w+)?)(?=$|[\s.,;:!?)])|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;

/** The text with its /commands as buttons and its addresses as links, as Telegram shows it. */
function text_nodes(text, on_command) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(command_or_link)) {
    const [whole, before = '', command, address] = match;
    nodes.push(text.slice(end, match.index) + before);
    nodes.push(command
      ? element('button', { type: 'button', class: 'command', on: { click: () => on_command(command) } }, command)
      : element('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, address));
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== '');
}

/** What a message is about in a few words, for quotes and the list of people. */
export function summary(message) {
  if (message.text) return message.text;
  const what = say(`kind_${message.kind}`);
  return message.caption ? `${what} · ${message.caption}` : what;
}

function quote(original, jump) {
  return element('button', { type: 'button', class: 'quote', on: { click: () => jump(original.id) } },
    element('span', { class: 'quote-who' }, original.from === 'bot' ? say('bot_name') : say('you')),
    element('span', { class: 'quote-text' }, summary(original).slice(0, 120)));
}

const extensions = { 'audio/ogg': 'ogg', 'audio/mpeg': 'mp3', 'audio/mp4': 'm4a', 'audio/webm': 'webm', 'video/mp4': 'mp4', 'text/plain': 'txt' };

/** Voices have no name of their own. */
const name_for = (message) => message.file.name || `${message.kind}-${message.id}.${extensions[message.file.mime] ?? 'bin'}`;

function download(message) {
  return element('a', { class: 'download', href: message.file.url, download: name_for(message), 'aria-label': say('download'), title: say('download') }, icon('download'));
}

function file_row(message) {
  const file = message.file;
  return element('div', { class: 'file' },
    element('a', { class: 'play', href: file.url, download: name_for(message), 'aria-label': say('download') }, icon('document')),
    element('div', { class: 'file-body' },
      element('span', { class: 'file-name' }, file.name || say('kind_document')),
      element('span', { class: 'file-size' }, size_of(file.size))));
}

function media(message) {
  const file = message.file;
  switch (message.kind) {
    case 'voice': return [voice_player(file), download(message)];
    case 'audio': return [element('div', { class: 'audio' }, element('div', { class: 'file-name' }, file.name || say('kind_audio')), voice_player(file)), download(message)];
    case 'video':
    case 'video_note':
      return [element('video', { class: message.kind, src: file.url, controls: true, preload: 'metadata', playsinline: true, 'aria-label': file.name || say('kind_video') })];
    default: return [file_row(message), download(message)];
  }
}

function keyboard(message, on_press) {
  const press = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    await on_press(message.id, button.dataset.payload);
    button.disabled = false;
  };
  return element('div', { class: 'keyboard' }, ...message.keyboard.map((row) =>
    element('div', { class: 'keyboard-row' }, ...row.map((key) => (/^https?:/.test(key.url ?? '')
      ? element('a', { href: key.url, target: '_blank', rel: 'noopener noreferrer' }, key.text)
      : element('button', { type: 'button', data: { payload: key.data }, on: { click: press } }, key.text))))));
}

/**
 * `original`: the message that this one replies to, if it is still there.
 * `handlers`: on_command(text), on_press(message id, data), on_reply(message), jump(message id).
 */
export function bubble(message, original, handlers) {
  const words = message.text || message.caption;
  const date = message.date * 1000;
  const stamp = element('span', { class: 'stamp' },
    message.edited ? element('span', { class: 'edited' }, say('edited')) : null,
    element('time', { datetime: new Date(date).toISOString(), title: full_time(date) }, hours_minutes(date)));
  const content = element('div', { class: `bubble kind-${message.kind}` },
    original ? quote(original, handlers.jump) : null,
    message.file ? element('div', { class: 'media' }, ...media(message)) : null,
    words ? element('div', { class: 'words' }, ...text_nodes(words, handlers.on_command)) : null,
    stamp);
  return element('article', {
    class: `message from-${message.from}`, tabindex: '-1', data: { id: message.id, kind: message.kind },
    'aria-label': message.from === 'bot' ? say('bot_name') : say('you'), on: { dblclick: () => handlers.on_reply(message) },
  },
  element('div', { class: 'bubble-row' }, content,
    element('button', { type: 'button', class: 'reply-button', 'aria-label': say('reply'), title: say('reply'), on: { click: () => handlers.on_reply(message) } }, icon('reply'))),
  message.keyboard?.length ? keyboard(message, handlers.on_press) : null);
}
