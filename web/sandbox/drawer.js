// Where the screen is narrow the right panel is a drawer; and the small menu of the user's switches.

import { by_id } from './element.js';

const narrow = matchMedia('(max-width: 1099px)');

function open_drawer(open) {
  const drawer = by_id('backstage');
  document.body.classList.toggle('drawer-open', open);
  by_id('curtain').hidden = !open;
  by_id('open-backstage').setAttribute('aria-expanded', String(open));
  // What is out of sight must be out of the way of the keyboard and of screen readers too.
  drawer.inert = narrow.matches && !open;
  by_id('chat').inert = narrow.matches && open;
  if (!narrow.matches) return;
  (open ? by_id('close-backstage') : by_id('open-backstage')).focus({ preventScroll: true });
}

function prepare_settings() {
  const menu = by_id('settings-menu');
  const button = by_id('open-settings');
  const show = (visible) => {
    menu.hidden = !visible;
    button.setAttribute('aria-expanded', String(visible));
  };
  button.addEventListener('click', () => show(menu.hidden));
  document.addEventListener('pointerdown', (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) show(false);
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false); });
}

export function prepare_drawer() {
  by_id('open-backstage').addEventListener('click', () => open_drawer(true));
  by_id('close-backstage').addEventListener('click', () => open_drawer(false));
  by_id('curtain').addEventListener('click', () => open_drawer(false));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.body.classList.contains('drawer-open')) open_drawer(false);
  });
  const settle = () => {
    document.body.classList.remove('drawer-open');
    by_id('curtain').hidden = true;
    by_id('chat').inert = false;
    by_id('backstage').inert = narrow.matches;
  };
  narrow.addEventListener('change', settle);
  settle();
  prepare_settings();
}
