// The menu of the bot's commands: by its button, or by typing a slash.

import { by_id, element } from './element.js';

const menu = by_id('command-menu');
const button = by_id('open-commands');

export class CommandMenu {
  #commands = [];
  #chosen = 0;
  #choose;

  /** `choose(command)` is called with "/balance". */
  constructor(choose) {
    this.#choose = choose;
    button.addEventListener('click', () => (menu.hidden ? this.open('') : this.close()));
    button.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('pointerdown', (event) => {
      if (!menu.hidden && !event.composedPath().some((node) => node === menu || node === button)) this.close();
    });
  }

  /** [{command, description}] */
  set commands(commands) {
    this.#commands = commands;
    button.hidden = commands.length === 0;
  }

  /** Shows the commands that begin with `typed` ("" or "/ba"). */
  open(typed) {
    const prefix = typed.replace(/^\//, '').toLowerCase();
    const fitting = this.#commands.filter(({ command }) => command.replace(/^\//, '').startsWith(prefix));
    if (!fitting.length) return this.close();
    menu.replaceChildren(...fitting.map(({ command, description }) => {
      const name = `/${command.replace(/^\//, '')}`;
      return element('button', { type: 'button', role: 'option', tabindex: '-1', data: { command: name }, on: { click: () => this.#pick(name) } },
        element('b', {}, name), element('span', {}, description));
    }));
    menu.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    this.#mark(0);
  }

  close() {
    menu.hidden = true;
    button.setAttribute('aria-expanded', 'false');
  }

  get is_open() {
    return !menu.hidden;
  }

  /** Handles a key of the text field or the button while open; true when it was one for the menu. */
  key(event) {
    if (!this.is_open) return false;
    const count = menu.children.length;
    if (event.key === 'ArrowDown') this.#mark((this.#chosen + 1) % count);
    else if (event.key === 'ArrowUp') this.#mark((this.#chosen + count - 1) % count);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' || event.key === 'Tab') this.#pick(menu.children[this.#chosen].dataset.command);
    else return false;
    event.preventDefault();
    return true;
  }

  #mark(index) {
    this.#chosen = index;
    [...menu.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
    menu.children[index].scrollIntoView({ block: 'nearest' });
  }

  #pick(command) {
    this.close();
    this.#choose(command);
  }
}
