// The list of demo users; each has a chat of their own with the bot.

import { summary } from './bubble.js';
import { by_id, element, refill } from './element.js';
import { hours_minutes } from './format.js';
import { say } from './texts.js';

const colours = 7;

export function avatar(user) {
  return element('span', { class: `avatar avatar-${user.id % colours}`, 'aria-hidden': 'true' }, [...(user.first_name || '?')][0].toUpperCase());
}

/** `conversations`: Map of user id to Conversation. */
export function show_people(users, conversations, current, choose) {
  const items = users.map((user) => {
    const conversation = conversations.get(user.id);
    const newest = conversation?.newest();
    const unread = user.id === current ? 0 : conversation?.unread() ?? 0;
    const last = newest ? (newest.from === 'user' ? `${say('you')}: ` : '') + summary(newest) : say('no_messages');
    return element('li', {},
      element('button', { type: 'button', class: 'person', data: { user: user.id }, 'aria-current': user.id === current ? 'true' : null },
        avatar(user),
        element('span', { class: 'person-top' },
          element('span', { class: 'person-name' }, user.first_name),
          element('span', { class: 'person-language', title: say('person_language') }, user.language_code || ''),
          element('span', { class: 'person-time' }, newest ? hours_minutes(newest.date * 1000) : '')),
        element('span', { class: 'person-bottom' },
          element('span', { class: 'person-last' }, user.blocked ? say('has_blocked') : last.slice(0, 80)),
          unread ? element('span', { class: 'badge', 'aria-label': say('unread', { n: unread }) }, String(unread)) : null)));
  });
  const list = by_id('people-list');
  refill(list, ...items);
  list.onclick = (event) => {
    const button = event.target.closest('.person');
    if (button) choose(Number(button.dataset.user));
  };
}

/** The two things that a Telegram user may do to a bot's messages, as switches. */
export function show_settings(user, change) {
  const toggle = (name) => element('label', { class: 'switch' },
    element('input', { type: 'checkbox', checked: Boolean(user[name]), on: { change: (event) => change({ [name]: event.target.checked }) } }),
    element('span', {}, element('b', {}, say(`switch_${name}`)), element('small', {}, say(`switch_${name}_note`))));
  by_id('settings-menu').replaceChildren(toggle('blocked'), toggle('forbids_voice'));
}

const names = { ru: ['Даша', 'Егор', 'Женя', 'Зоя', 'Игорь', 'Кира', 'Лев', 'Мира'], en: ['Emma', 'Frank', 'Grace', 'Henry', 'Iris', 'Jack', 'Kate', 'Liam'] };

/** Somebody new: a name that is not taken yet. */
export function newcomer(users, language) {
  const taken = new Set(users.map((user) => user.first_name));
  const first_name = names[language].find((name) => !taken.has(name)) ?? `${names[language][0]} ${users.length + 1}`;
  return { first_name, language_code: language };
}
