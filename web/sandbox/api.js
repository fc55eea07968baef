// The sandbox's control API, one function per call.

const root = '/sandbox/api';

/** The server cannot be reached, or what answers is not it. */
export class ServerAway extends Error {}

/** The server said no; `message` is its reason. */
export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

async function reason_of(response) {
  const text = (await response.text().catch(() => '')).slice(0, 300);
  try {
    const answer = JSON.parse(text);
    return answer.error ?? answer.description ?? answer.message ?? text;
  } catch {
    return text.startsWith('<') || !text ? `${response.status} ${response.statusText}` : text;
  }
}

async function request(method, path, { body, type, timeout = 15000, signal } = {}) {
  const patience = new AbortController();
  const give_up = () => patience.abort();
  const timer = setTimeout(give_up, timeout);
  signal?.addEventListener('abort', give_up);
  if (signal?.aborted) give_up();
  try {
    const headers = body === undefined ? {} : { 'Content-Type': type ?? 'application/json' };
    const response = await fetch(root + path, { method, body, headers, signal: patience.signal, cache: 'no-store' });
    if (response.status >= 502 && response.status <= 504) throw new ServerAway(`${response.status}`);
    if (!response.ok) throw new Refused(response.status, await reason_of(response));
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  } catch (problem) {
    if (problem instanceof Refused || problem instanceof ServerAway || signal?.aborted) throw problem;
    throw new ServerAway(problem.message);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', give_up);
  }
}

const get = (path, options) => request('GET', path, options);
const post = (path, value, options) => request('POST', path, { body: JSON.stringify(value), ...options });

export const users = () => get('/users');
export const add_user = (user) => post('/users', user);
export const change_user = (id, change) => post(`/users/${id}`, change);
/** The bot's commands by language code; '' for all other languages. */
export const commands = () => get('/commands');

/** Waits up to `seconds` for something newer than the sequence number `after`. */
export function messages(chat, after, seconds, signal) {
  return get(`/chats/${chat}/messages?after=${after}&timeout=${seconds}`, { signal, timeout: (seconds + 15) * 1000 });
}

export function send_text(chat, from, text, reply_to) {
  return post(`/chats/${chat}/messages`, reply_to ? { from, text, reply_to } : { from, text });
}

/** `duration` in whole seconds, or nothing when it is not known. */
export function send_file(chat, from, { kind, blob, name, mime, duration }) {
  const query = new URLSearchParams({ from, kind, name, mime });
  if (duration) query.set('duration', duration);
  return request('POST', `/chats/${chat}/files?${query}`,
    { body: blob, type: 'application/octet-stream', timeout: 120000 });
}

export const press = (chat, from, message_id, data) => post(`/chats/${chat}/press`, { from, message_id, data });
export const repeat_update = (chat_id) => post('/repeat', { chat_id });
export const inject = (fault) => post('/faults', fault);
export const story = (user, signal) => get(`/backstage/story?user=${user}`, { signal });

/** `kill-worker`, or `provider` with a mode. */
export async function act(action, argument = '') {
  const answer = await post('/backstage/act', { action, argument });
  if (!answer.ok) throw new Refused(409, answer.message);
}
