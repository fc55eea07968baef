// Short notices over the chat.

import { by_id, element } from './element.js';

/** `kind`: `answer` (of the bot to a pressed button) or `problem`. */
export function toast(text, kind = 'answer') {
  const node = element('div', { class: `toast ${kind}` }, text);
  by_id('toasts').append(node);
  setTimeout(() => node.classList.add('leaving'), 3500 + Math.min(4000, text.length * 40));
  node.addEventListener('animationend', (event) => { if (event.animationName === 'toast-leaves') node.remove(); });
  node.addEventListener('click', () => node.remove());
}
