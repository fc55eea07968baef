// How times, sizes and amounts are written.

import { language, number } from './texts.js';

const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false });
const clock_with_seconds = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', hour12: false });

export const hours_minutes = (ms) => clock.format(ms);
export const hours_minutes_seconds = (ms) => clock_with_seconds.format(ms);
export const day_and_month = (ms) => day.format(ms);
export const full_time = (ms) => full.format(ms);

/** 83.4 -> "1:23" */
export function minutes_seconds(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function size_of(bytes) {
  const [unit, amount] = bytes < 1000 ? ['byte', bytes]
    : bytes < 1e6 ? ['kilobyte', bytes / 1e3] : ['megabyte', bytes / 1e6];
  const digits = amount < 10 && unit !== 'byte' ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(amount);
}

/** A change of the balance: "+20", "−2" with a real minus. */
export const signed = (credits) => (credits > 0 ? '+' : credits < 0 ? '−' : '') + number(Math.abs(credits));
