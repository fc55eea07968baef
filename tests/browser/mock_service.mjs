// A stand-in for the sandbox and the service behind it: enough behaviour for the page to be tested
// alone. One process, no ledger worth the name; the end-to-end test uses the real service.

const now = () => Date.now();
const lease_ms = 1500;

export const prices = { text: { per_unit_micro: 100000, min: 1 }, voice: { per_unit_micro: 500000, min: 1 } };

function cost_of(type, units) {
  const exact = (units * prices[type].per_unit_micro) / (type === 'voice' ? 1000 : 1);
  return Math.max(prices[type].min, Math.ceil(exact / 1e6));
}

/** A sound of that many seconds as WAV, like words with pauses. */
export function sound(seconds) {
  const rate = 16000;
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write('RIFF', 0); bytes.writeUInt32LE(36 + count * 2, 4); bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16); bytes.writeUInt16LE(1, 20); bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24); bytes.writeUInt32LE(rate * 2, 28); bytes.writeUInt16LE(2, 32); bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36); bytes.writeUInt32LE(count * 2, 40);
  for (let at = 0; at < count; ++at) {
    const time = at / rate;
    const envelope = Math.max(0, Math.sin(time * 7.3)) * (0.55 + 0.45 * Math.sin(time * 2.1 + 1));
    bytes.writeInt16LE(Math.round(9000 * envelope * Math.sin(2 * Math.PI * (140 + 40 * Math.sin(time * 3)) * time)), 44 + at * 2);
  }
  return bytes;
}

class Chat {
  constructor(user) {
    this.user = user;
    this.messages = new Map();
    this.deleted = new Map();
    this.toasts = [];
    this.action = null;
    this.sequence = 0;
    this.next_id = 1;
    this.waiting = new Set();
    this.account = { registered: false, balance: 0, held: 0, ledger: [], tasks: [] };
    this.last_update = null;
  }

  changed() {
    ++this.sequence;
    for (const wake of this.waiting) wake();
    this.waiting.clear();
    return this.sequence;
  }

  put(message) {
    const id = message.id ?? this.next_id++;
    const view = { id, from: 'bot', from_id: 1, date: Math.floor(now() / 1000), text: '', caption: '', edited: false, reply_to: null,
      kind: 'text', file: null, keyboard: [], ...this.messages.get(id), ...message, sequence: 0 };
    this.messages.set(id, view);
    view.sequence = this.changed();
    return view;
  }

  remove(id) {
    this.messages.delete(id);
    this.deleted.set(id, this.changed());
  }

  do(action, ms = 5000) {
    this.action = action ? { action, until: now() + ms } : null;
    this.changed();
  }

  page(after) {
    return {
      sequence: this.sequence,
      messages: [...this.messages.values()].filter((message) => message.sequence > after),
      deleted: [...this.deleted].filter(([, sequence]) => sequence > after).map(([id]) => id),
      action: this.action && this.action.until > now() ? this.action : null,
      toasts: this.toasts.filter((toast) => toast.sequence > after),
    };
  }
}

export class MockService {
  users = new Map();
  chats = new Map();
  files = new Map();
  mode = 'ok';
  calls = [];
  faults = [];
  /** Switches for tests of how the page behaves. */
  broken_books = false;
  without_service = false;
  charge_twice = false;
  #next_row = 1;
  #retries = new Map();

  constructor() {
    for (const [id, first_name, language_code] of [[1001, 'Anna', 'ru'], [1002, 'Boris', 'en'], [1003, 'Clara', 'ru']])
      this.add_user({ id, first_name, language_code, username: first_name.toLowerCase() });
  }

  add_user({ id = 1000 + this.users.size + 1, first_name, username = '', language_code = 'en' }) {
    const user = { id, first_name, username, language_code, chat_id: id, blocked: false, forbids_voice: false };
    this.users.set(id, user);
    this.chats.set(id, new Chat(user));
    return user;
  }

  receive(chat_id, message) {
    const chat = this.chats.get(chat_id);
    const view = chat.put({ ...message, from: 'user', from_id: chat_id });
    chat.last_update = view;
    setTimeout(() => this.#answer(chat, view), 30);
    return view;
  }

  #answer(chat, message) {
    const { account } = chat;
    if (!account.registered) {
      account.registered = true;
      this.#book(account, 20, 'grant', null, 'registration');
    }
    const text = message.text.trim();
    const russian = chat.user.language_code === 'ru';
    const left = account.balance - account.held;
    if (/^(баланс|\/balance)$/i.test(text)) return chat.put({ text: russian ? `Баланс: ${account.balance} · доступно: ${left}` : `Balance: ${account.balance} · available: ${left}`, reply_to: message.id });
    if (text === '/voice') return chat.put({ text: 'Choose a voice:', keyboard: [[{ text: 'Slt', data: 'v:slt' }, { text: 'Rms', data: 'v:rms' }], [{ text: '▶ Sample', data: 'sample' }]] });
    if (text.startsWith('/')) return chat.put({ text: 'Hello! Send a text to hear it.\n20 credits buy about 200 characters.\n/balance /voice /help', reply_to: message.id });
    const type = message.kind === 'text' ? 'text' : 'voice';
    const units = type === 'text' ? [...text].length : (message.file.duration || 1) * 1000;
    const price = cost_of(type, units);
    if (price > left) return chat.put({ text: `Needs ${price}, you have ${left}.`, reply_to: message.id });
    account.held += price;
    const task = { id: `${chat.user.id}_${message.id}`, type, status: 'created', failure: 'none', units_claimed: units, units_measured: null,
      price: prices[type], cost: null, cached: false, provider: '', attempt: 0, in_queue: true, leased_until: null, next_attempt_at: null,
      created_at: now(), finished_at: null, delivery: null, price_held: price, message };
    account.tasks.unshift(task);
    chat.do('record_voice');
    setTimeout(() => this.#lease(chat, task), 250);
  }

  #lease(chat, task) {
    Object.assign(task, { status: 'processing', attempt: task.attempt + 1, provider: 'local', leased_until: now() + lease_ms, in_queue: false, next_attempt_at: null });
    const epoch = task.attempt;
    const finish = () => {
      if (task.attempt !== epoch || task.status !== 'processing') return;
      if (this.mode === 'hang') { setTimeout(finish, 100); return; }
      if (this.mode === 'fail') return this.#fail(chat, task);
      this.#settle(chat, task, this.mode === 'silence' ? 'silence' : 'none');
    };
    setTimeout(finish, 350);
  }

  #fail(chat, task) {
    if (task.attempt >= 3) return this.#settle(chat, task, 'provider_failed');
    Object.assign(task, { status: 'created', leased_until: null, next_attempt_at: now() + 900 });
    this.#retries.set(task.id, setTimeout(() => this.#lease(chat, task), 900));
  }

  #settle(chat, task, failure) {
    const { account } = chat;
    const good = failure === 'none';
    account.held -= task.price_held;
    Object.assign(task, { status: good ? 'completed' : 'error', failure, cost: good ? task.price_held : 0, units_measured: good ? task.units_claimed : null,
      leased_until: null, finished_at: now(), delivery: { state: 'pending', attempt: 1 } });
    if (good) this.#book(account, -task.price_held, 'charge', task.id, 'task');
    if (good && this.charge_twice) this.#book(account, -task.price_held, 'charge', task.id, 'task');
    const wait = this.faults.length ? (this.faults.shift().retry_after ?? 1) * 1000 : 60;
    setTimeout(() => this.#deliver(chat, task), wait);
  }

  #deliver(chat, task) {
    const receipt = `−${task.cost} · ${chat.account.balance - chat.account.held}`;
    chat.action = null;
    if (task.status === 'error') chat.put({ text: 'No speech came of it. Nothing was charged.', reply_to: task.message.id });
    else if (task.type === 'voice') chat.put({ text: `had he married a more amiable woman he might even have been made respectable himself\n\n${receipt}`, reply_to: task.message.id });
    else {
      const seconds = Math.max(1, task.units_claimed / 12);
      chat.put({ kind: 'voice', caption: receipt, reply_to: task.message.id, file: this.keep(sound(seconds), 'voice.ogg', 'audio/ogg', Math.round(seconds)) });
    }
    task.delivery = { state: 'sent', attempt: 1 };
  }

  #book(account, amount, type, task, reason) {
    account.balance += amount;
    account.ledger.unshift({ id: this.#next_row++, amount, type, task, balance_after: account.balance, reason, created_at: now() });
  }

  keep(bytes, name, mime, duration) {
    const url = `/sandbox/files/${this.files.size + 1}/${encodeURIComponent(name)}`;
    this.files.set(url, { bytes, mime });
    return { url, name, mime, size: bytes.length, duration };
  }

  press(chat_id, { message_id, data }) {
    const chat = this.chats.get(chat_id);
    chat.toasts.push({ sequence: chat.sequence + 1, text: `You chose ${data}` });
    chat.changed();
    chat.put({ id: message_id, text: `Voice: ${data}`, edited: true });
  }

  repeat(chat_id) {
    return Boolean(this.chats.get(chat_id)?.last_update);
  }

  act({ action, argument }) {
    if (action === 'provider') this.mode = argument;
    if (action === 'kill-worker') {
      for (const chat of this.chats.values()) for (const task of chat.account.tasks) {
        if (task.status !== 'processing') continue;
        const epoch = task.attempt;
        task.attempt += 0.5;  // no finish() of the dead worker fits any more
        setTimeout(() => { task.attempt = epoch; this.#lease(chat, task); }, 1200);
      }
    }
    return { ok: true };
  }

  story(user_id) {
    const { account } = this.chats.get(user_id);
    const accounts = [...this.chats.values()].map((chat) => chat.account);
    const total = (name) => accounts.reduce((sum, each) => sum + each[name], 0);
    return {
      user: { balance: account.balance, held: account.held, available: account.balance - account.held, registered: account.registered },
      tasks: account.tasks.slice(0, 10).map(({ price_held, message, ...task }) => ({ ...task, attempt: Math.floor(task.attempt) })),
      ledger: account.ledger.slice(0, 20),
      books: { balanced: !this.broken_books, violations: this.broken_books ? 2 : 0, users: accounts.filter((each) => each.registered).length, balance_total: total('balance'), held_total: total('held') },
      provider: { name: 'local', mode: this.mode },
      now: now(),
    };
  }

  commands() {
    const list = (...pairs) => pairs.map(([command, description]) => ({ command, description }));
    return {
      '': list(['start', 'Begin'], ['balance', 'Credits left'], ['voice', 'Choose a voice'], ['help', 'What I can do']),
      ru: list(['start', 'Начать'], ['balance', 'Сколько кредитов осталось'], ['voice', 'Выбрать голос'], ['help', 'Что я умею']),
    };
  }
}
