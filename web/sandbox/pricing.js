// The price of a task, computed a second time to explain it. The same formula as the service's:
// max(min, ceil(units × rate / 1,000,000)) in integers; a voice's units are milliseconds, its rate is per second.

const units_per_priced_unit = { text: 1n, voice: 1000n };

/** Whole credits. `units`: code points of a `text`, milliseconds of a `voice`. */
export function cost_of(type, price, units) {
  const exact = BigInt(units) * BigInt(price.per_unit_micro);
  const divisor = 1_000_000n * (units_per_priced_unit[type] ?? 1n);
  const credits = (exact + divisor - 1n) / divisor;
  return Math.max(Number(credits), price.min);
}

/** What cost_of rounds up, for showing: 11 characters at 0.1 are 1.1. */
export function exact_cost(type, price, units) {
  return (units * price.per_unit_micro) / 1e6 / Number(units_per_priced_unit[type] ?? 1n);
}
