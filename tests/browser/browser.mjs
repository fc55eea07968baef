// Headless Chromium for the tests, and a place for screenshots.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

export const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const screenshots = path.join(project, 'build/screenshots');

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `microphone`: a WAV file that the fake microphone plays once. Each browser has a new, empty profile. */
export async function open_browser({ microphone } = {}) {
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}; install it or set CHROMIUM`);
  const args = ['--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--mute-audio', '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  if (microphone) args.push(`--use-file-for-fake-audio-capture=${microphone}%noloop`);
  return chromium.launch({ executablePath, args });
}

/** A page that fails the test when something goes wrong in it. `problems` collects what did. */
export async function open_page(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', permissions: ['microphone'], ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.stack ?? String(error)));
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  return page;
}

export async function screenshot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
}
