// The buttons that break things on purpose.

import * as api from './api.js';
import { by_id, element } from './element.js';
import { experiment, is_running, stop_watching } from './laboratory.js';
import { Report } from './report.js';
import { story_source } from './story_source.js';
import { say, say_name } from './texts.js';
import { toast } from './toast.js';

const single = ['kill', 'repeat', 'flood', 'fifty'];
const modes = ['fail', 'hang', 'silence'];

function card(kind) {
  return element('button', { type: 'button', class: 'break', data: { break: kind } },
    element('b', {}, say(`break_${kind}`)), element('span', {}, say(`break_${kind}_note`)));
}

function provider_card() {
  return element('div', { class: 'provider-card', role: 'group', 'aria-label': say('provider_group') },
    element('b', {}, say('provider_group'), element('span', { class: 'mode', id: 'provider-mode' })),
    ...modes.map(card),
    element('button', { type: 'button', class: 'break calm', data: { mode: 'ok' } },
      element('b', {}, say('break_ok')), element('span', {}, say('break_ok_note'))));
}

async function back_to_normal() {
  try {
    await api.act('provider', 'ok');
    story_source.poke();
  } catch (problem) {
    toast(say('not_done', { reason: problem.message }), 'problem');
  }
}

function show_mode(mode) {
  const label = by_id('provider-mode');
  label.textContent = say_name('mode', mode);
  label.className = `mode mode-${mode}`;
  for (const button of by_id('breakages').querySelectorAll('[data-break]')) {
    if (modes.includes(button.dataset.break)) button.setAttribute('aria-pressed', String(button.dataset.break === mode));
  }
}

/** `conversation()` is the one on the screen. */
export function prepare_breakages(conversation) {
  const place = by_id('breakages');
  const report = new Report();
  place.append(...single.slice(0, 2).map(card), provider_card(), ...single.slice(2).map(card));
  place.addEventListener('click', async (event) => {
    const button = event.target.closest('button');
    if (button?.dataset.mode) return back_to_normal();
    if (!button?.dataset.break || !conversation()) return;
    if (is_running()) return toast(say('one_at_a_time'), 'problem');
    place.classList.add('busy');
    await experiment(button.dataset.break, conversation(), report);
    place.classList.remove('busy');
  });
  by_id('report').addEventListener('click', (event) => { if (event.target.closest('[data-stop]')) stop_watching(); });
  story_source.addEventListener('story', (event) => { if (event.detail) show_mode(event.detail.provider.mode); });
}
