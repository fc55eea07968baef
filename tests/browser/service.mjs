// Starts the real service for a test: `mlbilling serve` with nothing configured, in a directory of its own.

import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { project } from './browser.mjs';

const start_patience_ms = 60000;
const stop_patience_ms = 40000;

async function free_port() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function binary() {
  const places = [process.env.MLBILLING_BINARY, ...['release', 'dev', 'asan'].map((preset) => path.join(project, 'build', preset, 'mlbilling'))];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error('no mlbilling to test: build it, or set MLBILLING_BINARY, or BASE_URL of a running chat page');
  return path.resolve(found);
}

/** What the service is told: nothing of this machine's configuration, only where to listen. */
function environment(http_port, sandbox_port) {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'LD_LIBRARY_PATH'];
  return {
    ...Object.fromEntries(kept.filter((name) => process.env[name]).map((name) => [name, process.env[name]])),
    HTTP_LISTEN: `127.0.0.1:${http_port}`, SANDBOX_LISTEN: `127.0.0.1:${sandbox_port}`, LOG_FORMAT: 'json',
  };
}

async function until_ready(url, child) {
  const end = Date.now() + start_patience_ms;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`mlbilling serve ended with ${child.exitCode}; see build/logs/newcomer.log`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error('mlbilling serve is not ready after a minute; see build/logs/newcomer.log');
}

/** {url of the chat page, stop(): the exit code} */
export async function start_service() {
  if (process.env.BASE_URL) return { url: process.env.BASE_URL, stop: async () => 0 };
  const directory = mkdtempSync(path.join(tmpdir(), 'mlbilling-browser-'));
  const [http_port, sandbox_port] = [await free_port(), await free_port()];
  const logs = path.join(project, 'build/logs');
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(path.join(logs, 'newcomer.log'));
  const child = spawn(binary(), ['serve'], { cwd: directory, env: environment(http_port, sandbox_port), stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const stop = async () => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stop_patience_ms);
    const code = await ended;
    clearTimeout(killer);
    log.end();
    rmSync(directory, { recursive: true, force: true });
    return code;
  };
  try {
    await until_ready(`http://127.0.0.1:${http_port}/readyz`, child);
    await until_ready(`http://127.0.0.1:${sandbox_port}/`, child);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { url: `http://127.0.0.1:${sandbox_port}/`, stop };
}
