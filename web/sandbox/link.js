// Follows a chat by long polling, and notices when the server is away and when it is back.

import * as api from './api.js';

const longest_pause = 15000;

/** Waits; ends early when the signal aborts. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => { clearTimeout(timer); signal?.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** Whether the server answers, as the whole page sees it. Dispatches `away` (detail: retry_at)
    and `back`. */
class Link extends EventTarget {
  away = false;
  failures = 0;
  #hurry = new AbortController();

  worked() {
    this.failures = 0;
    if (!this.away) return;
    this.away = false;
    this.dispatchEvent(new Event('back'));
  }

  /** Waits longer after each failure, with jitter so that many pages do not come back in one moment. */
  async failed(signal) {
    ++this.failures;
    const backoff = Math.min(longest_pause, 500 * 2 ** Math.min(this.failures, 6)) * (0.7 + 0.3 * Math.random());
    this.away = true;
    this.dispatchEvent(new CustomEvent('away', { detail: { retry_at: Date.now() + backoff } }));
    if (this.#hurry.signal.aborted) this.#hurry = new AbortController();
    await pause(backoff, AbortSignal.any ? AbortSignal.any([signal, this.#hurry.signal]) : this.#hurry.signal);
  }

  /** The server is there and does not know the chat, as after it started anew. Dispatches `refused`. */
  refused() {
    this.worked();
    this.dispatchEvent(new Event('refused'));
  }

  /** Tries at once: the reader asked for it, or the browser says that the network is back. */
  hurry() {
    this.#hurry.abort();
  }
}

export const link = new Link();
addEventListener('online', () => link.hurry());

/** Calls until it works or the signal aborts; a refusal is the caller's. */
export async function persistently(call, signal) {
  for (;;) {
    try {
      const answer = await call();
      link.worked();
      return answer;
    } catch (problem) {
      if (signal.aborted || problem instanceof api.Refused) throw problem;
      await link.failed(signal);
      if (signal.aborted) throw problem;
    }
  }
}

/** Follows the conversation until the signal aborts; `changed(change)` after every answer. */
export async function follow(conversation, signal, changed) {
  let complete = !conversation.loaded;
  while (!signal.aborted) {
    const after = complete ? 0 : conversation.sequence;
    const page = await ask(conversation.chat, after, complete ? 0 : 25, signal);
    if (signal.aborted) return;
    // A server that started anew counts from the beginning: what we have may no longer be.
    if (!page || page.sequence < after) { complete = true; continue; }
    changed(conversation.take(page, complete));
    complete = false;
  }
}

/** Null after a failure, which has been waited out. */
async function ask(chat, after, seconds, signal) {
  try {
    const page = await api.messages(chat, after, seconds, signal);
    link.worked();
    return page;
  } catch (problem) {
    if (signal.aborted) return null;
    if (problem instanceof api.Refused) link.refused();
    await (problem instanceof api.Refused ? pause(3000, signal) : link.failed(signal));
    return null;
  }
}
