// One task's life as steps in plain words: price, hold, queue, provider, settlement, delivery.

import { minutes_seconds } from './format.js';
import { cost_of, exact_cost } from './pricing.js';
import { is_final } from './story_source.js';
import { number, say, say_name } from './texts.js';

const step = (key, state, detail, extra = '') => ({ key, state, title: say(`step_${key}`), detail, extra });

/** "11 characters" or "0:07". */
export function amount_of_work(task, units) {
  return task.type === 'voice' ? minutes_seconds(units / 1000) : say('characters', { n: units });
}

/** The credits that are or were set aside for the task. */
export function held_for(task) {
  return task.held ?? cost_of(task.type, task.price, task.units_claimed);
}

function price_step(task) {
  const units = task.units_measured ?? task.units_claimed;
  const rate = number(task.price.per_unit_micro / 1e6);
  const exact = exact_cost(task.type, task.price, units);
  const work = task.type === 'voice' ? say('seconds', { n: units / 1000 }) : say('characters', { n: units });
  const sum = say('price_sum', { work, rate, exact, n: cost_of(task.type, task.price, units) });
  const measured = task.type !== 'voice' ? '' : say(task.units_measured === null ? 'price_claimed' : 'price_measured');
  return step('price', 'done', sum, measured);
}

function hold_step(task) {
  const held = held_for(task);
  if (!is_final(task)) return step('hold', 'active', say('hold_open', { n: held }));
  return step('hold', 'done', say(task.status === 'completed' ? 'hold_charged' : 'hold_released', { n: held }));
}

function queue_step(task, now) {
  if (task.status === 'cancelled' || task.status === 'expired') return step('queue', 'skipped', say(`queue_${task.status}`));
  if (task.status !== 'created') return step('queue', 'done', say(task.attempt > 1 ? 'queue_again' : 'queue_taken', { n: task.attempt }));
  const wait = task.next_attempt_at ? Math.max(0, task.next_attempt_at - now) / 1000 : 0;
  if (wait > 0) return step('queue', 'active', say('queue_retry', { seconds: Math.ceil(wait) }), say('attempts_so_far', { n: task.attempt }));
  return step('queue', 'active', say('queue_waiting'));
}

function provider_step(task, now, configured) {
  const provider = task.provider || configured;
  if (task.cached) return step('provider', 'done', say('provider_cached'));
  if (task.status === 'processing') {
    const left = task.leased_until ? (task.leased_until - now) / 1000 : 0;
    const lease = left > 0 ? say('lease_left', { seconds: Math.ceil(left) }) : say('lease_over');
    return step('provider', left > 0 ? 'active' : 'trouble', say('provider_works', { provider, n: task.attempt }), lease);
  }
  if (task.status === 'created') return step('provider', task.attempt ? 'trouble' : 'waiting', task.attempt ? say('provider_failed_once', { n: task.attempt }) : '');
  if (!task.attempt) return step('provider', 'skipped', say('provider_not_asked'));
  if (task.status === 'completed') return step('provider', 'done', say('provider_done', { provider, n: task.attempt }));
  return step('provider', 'trouble', say('provider_gave_up', { provider, n: task.attempt }));
}

function settlement_step(task) {
  if (!is_final(task)) return step('settlement', 'waiting', '');
  if (task.status === 'completed') {
    const rest = Math.max(0, held_for(task) - (task.cost ?? 0));
    return step('settlement', 'done', say('settled_charged', { n: task.cost ?? 0 }), rest ? say('settled_rest', { n: rest }) : '');
  }
  const reason = task.failure && task.failure !== 'none' ? say_name('failure', task.failure) : say_name('status', task.status);
  return step('settlement', 'trouble', say('settled_released'), reason);
}

function delivery_step(task) {
  const delivery = task.delivery;
  if (!delivery) return step('delivery', is_final(task) ? 'skipped' : 'waiting', is_final(task) ? say('delivery_none') : '');
  const state = { pending: 'active', sending: 'active', sent: 'done', unknown: 'trouble', dead: 'trouble' }[delivery.state] ?? 'active';
  const again = delivery.attempt > 1 ? say('delivery_attempt', { n: delivery.attempt }) : '';
  return step('delivery', is_final(task) ? state : 'waiting', is_final(task) ? say_name('delivery', delivery.state) : '', again);
}

/**
 * [{key, state: done|active|waiting|trouble|skipped, title, detail, extra}]. `provider`: who is asked while
 * the task does not say who answered.
 */
export function steps_of(task, now, provider) {
  return [price_step(task), hold_step(task), queue_step(task, now), provider_step(task, now, provider), settlement_step(task), delivery_step(task)];
}
