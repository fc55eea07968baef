// Serves the page and the sandbox's control API over MockService. Alone:
//   node mock_sandbox.mjs [port]

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { MockService } from './mock_service.mjs';

const pages = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../web/sandbox');
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
// As strict as the page can bear; the real server may be as strict.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'";

async function body_of(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function wait_for_news(chat, after, seconds) {
  if (chat.sequence > after || !seconds) return;
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    chat.waiting.add(() => { clearTimeout(timer); resolve(); });
  });
}

/** The answer to one call of the control API; undefined: there is no such call. */
async function call(service, method, url, bytes) {
  const parts = url.pathname.split('/').slice(3);
  const query = url.searchParams;
  const value = () => JSON.parse(bytes.toString() || '{}');
  const chat = parts[0] === 'chats' ? service.chats.get(Number(parts[1])) : null;
  switch (`${method} ${parts[0]} ${parts[2] ?? parts[1] ?? ''}`.trim()) {
    case 'GET users': return [...service.users.values()];
    case 'POST users': return service.add_user(value());
    case 'GET commands': return service.commands();
    case 'GET chats messages':
      if (!chat) return undefined;
      await wait_for_news(chat, Number(query.get('after')), Number(query.get('timeout')));
      return chat.page(Number(query.get('after')));
    case 'POST chats messages': return service.receive(chat.user.id, { text: value().text, reply_to: value().reply_to ?? null });
    case 'POST chats files': {
      const duration = Number(query.get('duration')) || 0;
      const file = service.keep(bytes, query.get('name'), query.get('mime'), duration);
      return service.receive(chat.user.id, { kind: query.get('kind'), file });
    }
    case 'POST chats press': service.press(chat.user.id, value()); return {};
    case 'POST repeat': return service.repeat(value().chat_id) ? {} : undefined;
    case 'POST faults': service.faults.push(value()); return {};
    case 'DELETE faults': service.faults.length = 0; return {};
    case 'GET backstage story': return undefined;
    default:
  }
  if (parts[0] === 'users' && method === 'POST') return Object.assign(service.users.get(Number(parts[1])), value());
  if (parts.join('/') === 'backstage/act') return service.act(value());
  return undefined;
}

async function answer(service, request, response) {
  const url = new URL(request.url, 'http://localhost');
  const send = (status, type, body) => response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(body);
  const json = (status, value) => send(status, 'application/json', JSON.stringify(value));
  const file = service.files.get(url.pathname);
  if (file) return send(200, file.mime, file.bytes);
  if (!url.pathname.startsWith('/sandbox/api/')) {
    const name = url.pathname === '/' ? 'index.html' : path.basename(url.pathname);
    const bytes = await readFile(path.join(pages, name)).catch(() => null);
    return bytes ? send(200, types[path.extname(name)] ?? 'application/octet-stream', bytes) : send(404, 'text/plain', 'not found');
  }
  const bytes = await body_of(request);
  service.calls.push({ method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams), size: bytes.length,
    body: request.headers['content-type'] === 'application/json' ? bytes.toString() : '' });
  if (url.pathname.endsWith('/backstage/story')) {
    return service.without_service ? json(501, { error: 'no service' }) : json(200, service.story(Number(url.searchParams.get('user'))));
  }
  const value = await call(service, request.method, url, bytes);
  return value === undefined ? json(404, { error: 'no such thing' }) : json(200, value);
}

/** Starts it on a port of the system's choice (or `port`); {service, url, port, close()}. */
export async function start_mock({ port = 0, service = new MockService() } = {}) {
  const server = http.createServer((request, response) => {
    answer(service, request, response).catch((problem) => response.headersSent || response.writeHead(500).end(String(problem)));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => {
    service.mode = 'ok';  // lets what hangs come to an end
    server.close(resolve);
    server.closeAllConnections();
  });
  return { service, port: server.address().port, url: `http://127.0.0.1:${server.address().port}/`, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start_mock({ port: Number(process.argv[2] ?? 0) });
  console.log(url);
}
