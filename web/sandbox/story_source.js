// Keeps the story of the current user fresh: often while something happens, seldom while nothing does.

import * as api from './api.js';
import { pause } from './link.js';

const final_states = new Set(['completed', 'error', 'cancelled', 'expired']);
const settled_deliveries = new Set(['sent', 'unknown', 'dead']);

export const is_final = (task) => final_states.has(task.status);

/** Whether the task has ended and what it owes the user has been sent. */
export const is_over = (task) => is_final(task) && (!task.delivery || settled_deliveries.has(task.delivery.state));

/** Dispatches `story` with the new one in detail: null when there is no service behind this sandbox. */
class StorySource extends EventTarget {
  latest = null;
  #user = null;
  #stop = new AbortController();
  #wake = new AbortController();
  #busy_until = 0;

  watch(user) {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#user = user;
    this.latest = null;
    this.#run(this.#stop.signal);
  }

  /** Something is about to happen: look closely for a while. */
  poke(ms = 4000) {
    this.#busy_until = Math.max(this.#busy_until, Date.now() + ms);
    this.#wake.abort();
  }

  /** The story of this moment; rejects when the server is away. */
  async look() {
    const user = this.#user;
    const story = await api.story(user);
    if (user === this.#user) this.#tell(story);
    return story;
  }

  #tell(story) {
    this.latest = story;
    this.dispatchEvent(new CustomEvent('story', { detail: story }));
  }

  async #run(signal) {
    while (!signal.aborted) {
      let interval = 3000;
      try {
        const story = await api.story(this.#user, signal);
        if (signal.aborted) return;
        this.#tell(story);
        if (story.tasks.some((task) => !is_over(task))) interval = 500;
      } catch (problem) {
        if (signal.aborted) return;
        if (problem instanceof api.Refused && problem.status === 501) this.#tell(null);
      }
      if (Date.now() < this.#busy_until) interval = 250;
      this.#wake = new AbortController();
      await pause(document.hidden ? 10000 : interval, this.#wake.signal);
    }
  }
}

export const story_source = new StorySource();
document.addEventListener('visibilitychange', () => { if (!document.hidden) story_source.poke(0); });
