// The page's own words, in the browser's language. What the bot says is the bot's business.

import english from './texts_en.js';
import russian from './texts_ru.js';

export const language = (navigator.languages?.[0] ?? navigator.language ?? 'en').toLowerCase().startsWith('ru') ? 'ru' : 'en';
const dictionary = language === 'ru' ? russian : english;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });

export const number = (value) => numbers.format(value);

/** The text named `key`; `{name}` in it is replaced by `values.name`. Numbers choose the plural by `n`. */
export function say(key, values = {}) {
  let text = dictionary[key];
  if (text === undefined) return key;
  if (typeof text === 'object') text = text[plurals.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : String(value ?? '');
  });
}

/** For names that come from the server: the text of `prefix` + `name`, or the bare name if we know none. */
export function say_name(prefix, name) {
  const key = `${prefix}_${String(name).replaceAll('-', '_')}`;
  return dictionary[key] === undefined ? String(name) : say(key);
}

/** Fills in the texts of index.html. */
export function fill_in(root) {
  root.documentElement.lang = language;
  root.title = say('title');
  for (const node of root.querySelectorAll('[data-text]')) node.textContent = say(node.dataset.text);
  for (const node of root.querySelectorAll('[data-placeholder]')) node.placeholder = say(node.dataset.placeholder);
  for (const node of root.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', say(node.dataset.label));
    if (node.tagName === 'BUTTON') node.title = say(node.dataset.label);
  }
}
