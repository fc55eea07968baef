// What is known of one chat. Data only: the view draws it.

/** One user's chat with the bot. */
export class Conversation {
  constructor(user) {
    this.user = user;
    this.chat = user.chat_id;
    this.messages = new Map();
    this.sequence = 0;
    this.action = null;
    this.loaded = false;
    this.read_up_to = 0;
  }

  /**
   * Takes over one answer of the long poll. `complete`: it was asked for from the beginning, so what it
   * does not name is gone. Returns the ids that changed and the toasts that are new.
   */
  take(page, complete) {
    const changed = [];
    const removed = page.deleted.filter((id) => this.messages.delete(id));
    if (complete) {
      const known = new Set(page.messages.map((message) => message.id));
      for (const id of [...this.messages.keys()]) if (!known.has(id) && this.messages.delete(id)) removed.push(id);
    }
    for (const message of page.messages) {
      const old = this.messages.get(message.id);
      if (old?.sequence === message.sequence && !complete) continue;
      if (old && JSON.stringify(old) === JSON.stringify(message)) continue;
      this.messages.set(message.id, message);
      changed.push(message.id);
    }
    // Toasts of the time before this page was opened would come out of nowhere.
    const toasts = this.loaded ? page.toasts.filter((toast) => complete ? false : toast.sequence > this.sequence) : [];
    this.sequence = page.sequence;
    this.action = page.action;
    this.loaded = true;
    return { changed, removed, toasts };
  }

  /** Oldest first. */
  in_order() {
    return [...this.messages.values()].sort((a, b) => a.id - b.id);
  }

  newest() {
    return this.messages.size ? this.messages.get(Math.max(...this.messages.keys())) : null;
  }

  unread() {
    let count = 0;
    for (const message of this.messages.values()) if (message.from === 'bot' && message.id > this.read_up_to) ++count;
    return count;
  }

  mark_read() {
    if (this.messages.size) this.read_up_to = Math.max(this.read_up_to, ...this.messages.keys());
  }
}
