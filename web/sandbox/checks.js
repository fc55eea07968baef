// Whether an experiment left the money right. Works on stories alone: no page, no network.

/** How many ledger rows a story shows at most. */
const rows_shown = 20;

const lowest_of = (story) => Math.min(story.user.available, story.user.balance);

/** Collects what happens to one user after something was broken, and judges it. */
export class Watch {
  #before;
  #first_row;
  #old_tasks;
  #rows = new Map();
  #tasks = new Map();
  lowest;

  /** `before`: the story just before the experiment. */
  constructor(before) {
    this.#before = before;
    this.#first_row = before.ledger[0]?.id ?? 0;
    this.#old_tasks = new Set(before.tasks.map((task) => task.id));
    // Who is not registered yet has no balance that could be the lowest.
    this.lowest = before.user.registered ? lowest_of(before) : Infinity;
    this.now = before;
  }

  see(story) {
    this.now = story;
    if (story.user.registered) this.lowest = Math.min(this.lowest, lowest_of(story));
    for (const row of story.ledger) if (row.id > this.#first_row) this.#rows.set(row.id, row);
    for (const task of story.tasks) if (!this.#old_tasks.has(task.id)) this.#tasks.set(task.id, task);
  }

  /** What appeared since the beginning. */
  get tasks() {
    return [...this.#tasks.values()];
  }

  /**
   * Those of them that the newest story still shows. A long burst pushes tasks out of it while they run;
   * that no credits are held any more says that those have ended too.
   */
  get shown_tasks() {
    return this.now.tasks.filter((task) => this.#tasks.has(task.id));
  }

  /** Oldest first. */
  get rows() {
    return [...this.#rows.values()].sort((a, b) => a.id - b.id);
  }

  get charges() {
    return this.rows.filter((row) => row.type === 'charge');
  }

  /** Tasks that were charged more than once. */
  charged_twice() {
    const tasks = this.charges.map((row) => row.task);
    return tasks.filter((task, index) => tasks.indexOf(task) !== index);
  }

  /** Whether each new row continues from the one before, and the last one is the balance. */
  adds_up() {
    const rows = this.rows;
    let rest = this.#before.user.balance;
    // Of a long burst the story shows only the newest rows: then we start where the first of them starts.
    if (rows.length >= rows_shown) rest = rows[0].balance_after - rows[0].amount;
    for (const row of rows) {
      rest += row.amount;
      if (row.balance_after !== rest) return false;
    }
    return rest === this.now.user.balance;
  }

  overdrawn() {
    return this.lowest < 0;
  }

  books_right() {
    return this.now.books.balanced && this.now.books.violations === 0;
  }
}
