// The report of an experiment: what happens, line by line, and whether the promises are kept.

import { by_id, element, icon, refill } from './element.js';
import { hours_minutes_seconds } from './format.js';
import { say } from './texts.js';

const longest_tale = 40;

export class Report {
  #tale = [];
  #place = by_id('report');

  open(kind) {
    this.#tale = [];
    this.tale = element('ol', { class: 'tale' });
    this.promises = element('ul', { class: 'promises' });
    this.end = element('p', { class: 'report-end' }, say('watching'));
    this.stop = element('button', { type: 'button', class: 'report-stop', data: { stop: '' } }, say('stop_watching'));
    this.node = element('section', { class: 'report running', 'aria-label': say(`break_${kind}`), 'aria-live': 'polite', data: { kind } },
      element('h3', {}, say(`break_${kind}`)), this.tale, this.promises,
      element('div', { class: 'report-foot' }, this.end, this.stop));
    this.#place.replaceChildren(this.node);
    this.node.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }

  line(text) {
    this.#tale.push(text);
    if (this.#tale.length > longest_tale) this.tale.firstElementChild.remove();
    this.tale.append(element('li', {}, element('time', {}, hours_minutes_seconds(Date.now())), element('span', {}, text)));
  }

  /** `checks` as of Bench.checks(). */
  judge(checks) {
    refill(this.promises, ...checks.map(({ key, good, text }) => {
      const state = good === null ? 'open' : good ? 'kept' : 'broken';
      return element('li', { class: state, data: { check: key } },
        element('span', { class: 'mark', role: 'img', 'aria-label': say(`promise_${state}`) }, state === 'open' ? null : icon(state === 'kept' ? 'check' : 'cross')),
        element('b', {}, say(`promise_${key}`)), element('span', {}, text));
    }));
  }

  /** `end`: over, impatient or stopped. */
  close(end) {
    const broken = this.promises.querySelector('.broken');
    this.#finish(end === 'over' ? (broken ? 'broken' : 'kept') : end, say(end === 'over' && broken ? 'report_broken' : `report_${end}`));
  }

  fail(reason) {
    this.#finish('failed', say('report_failed', { reason }));
  }

  #finish(state, text) {
    this.node.classList.remove('running');
    this.node.classList.add(state);
    this.end.textContent = text;
    this.stop.remove();
  }
}
