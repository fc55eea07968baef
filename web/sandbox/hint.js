// What a newcomer sees in an empty chat: three things to try, and what to expect of the voice.

import { by_id, element, icon } from './element.js';
import { say } from './texts.js';

const examples = ['hello', 'long', 'balance'];

/** `send(text)` is called with the example that was clicked. */
export function show_hint(visible, user, send) {
  const hint = by_id('hint');
  hint.hidden = !visible;
  if (!visible) return;
  hint.replaceChildren(
    element('div', { class: 'hint-mark', 'aria-hidden': 'true' }, icon('robot')),
    element('h2', {}, say('hint_title', { name: user.first_name })),
    element('p', {}, say('hint_lead')),
    element('div', { class: 'examples' }, ...examples.map((name) => {
      const text = say(`example_${name}`);
      return element('button', { type: 'button', class: 'example', data: { example: name }, on: { click: () => send(text) } },
        element('b', {}, say('quoted', { text })), element('span', {}, say(`example_${name}_note`)));
    })),
    element('p', { class: 'honest' }, say('hint_honest')));
}
