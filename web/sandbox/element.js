// Builds DOM nodes. Texts only ever become text nodes: what users and the bot write is never markup.

const svg_namespace = 'http://www.w3.org/2000/svg';

/** `attributes`: `class`, `on` ({event: listener}), `data` ({name: value}), everything else as it is. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === 'data') Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** One of the symbols of index.html. */
export function icon(name) {
  const drawing = document.createElementNS(svg_namespace, 'svg');
  drawing.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg_namespace, 'use');
  use.setAttribute('href', `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

export function by_id(id) {
  return document.getElementById(id);
}

/**
 * Shows the children in place of what the node held. A child that looks the same stays, with the
 * reader's focus and selection; so listeners belong on `node`, not on its children.
 */
export function refill(node, ...children) {
  const fresh = children.filter((child) => child !== null);
  const old = [...node.children];
  fresh.forEach((child, index) => {
    if (!old[index]) return node.append(child);
    if (old[index].isEqualNode(child)) return;
    const focused = old[index].contains(document.activeElement) ? document.activeElement.tagName : null;
    old[index].replaceWith(child);
    if (focused) (child.matches(focused) ? child : child.querySelector(focused))?.focus({ preventScroll: true });
  });
  for (const surplus of old.slice(fresh.length)) surplus.remove();
}
