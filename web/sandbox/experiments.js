// What can be broken on purpose. Each experiment does its damage and says what it did.

import * as api from './api.js';
import { pause } from './link.js';
import { say } from './texts.js';

const mid_task_patience = 20000;
const fifty = 50;

/** A text that nobody sent before, so that no cache answers it; one credit. */
export const fresh_text = (language) => `${language === 'ru' ? 'Проба' : 'Trial'} ${1000 + Math.floor(Math.random() * 9000)}`;

async function until_processing(bench) {
  const end = Date.now() + mid_task_patience;
  while (Date.now() < end) {
    await bench.look();
    if (bench.watch.tasks.some((task) => task.status === 'processing')) return true;
    await pause(100, bench.signal);
  }
  return false;
}

/** The provider is made to hang for a moment, so that the worker dies in the middle of the task for certain. */
async function kill_worker(bench) {
  const mode = bench.watch.now.provider.mode;
  await api.act('provider', 'hang');
  try {
    await bench.send(fresh_text(bench.language));
    if (!await until_processing(bench)) throw new Error(say('kill_no_task'));
    await api.act('kill-worker');
    bench.note('kill_done');
  } finally {
    await api.act('provider', mode === 'hang' ? 'ok' : mode);
  }
}

async function repeat_update(bench) {
  await api.repeat_update(bench.chat);
  bench.note('repeat_done');
}

const provider_mode = (mode) => async (bench) => {
  await api.act('provider', mode);
  bench.note(`provider_${mode}_done`);
  await bench.send(fresh_text(bench.language));
};

async function too_many_requests(bench) {
  await api.inject({ method: 'sendVoice', kind: '429', count: 1, retry_after: 3 });
  bench.note('flood_done');
  await bench.send(fresh_text(bench.language));
}

async function send_fifty(bench) {
  const tag = Math.floor(Math.random() * 900) + 100;
  const numbers = Array.from({ length: fifty }, (_, index) => index + 1);
  const take = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift())
      await api.send_text(bench.chat, bench.user, `${tag}-${number}`);
  };
  // Four at a time: a browser opens six connections to a server, and the chat's poll needs one of them.
  await Promise.all([take(), take(), take(), take()]);
  bench.note('fifty_done', { n: fifty });
}

/**
 * `tasks`: how many new tasks there must be (`null`: as many as the credits allow); `answers`: how many
 * messages must be answered.
 */
export const experiments = {
  kill: { run: kill_worker, tasks: 1, patience_ms: 180000 },
  repeat: { run: repeat_update, tasks: 0, patience_ms: 15000 },
  fail: { run: provider_mode('fail'), tasks: 1, patience_ms: 600000 },
  hang: { run: provider_mode('hang'), tasks: 1, patience_ms: 600000 },
  silence: { run: provider_mode('silence'), tasks: 1, patience_ms: 180000 },
  flood: { run: too_many_requests, tasks: 1, patience_ms: 60000 },
  fifty: { run: send_fifty, tasks: null, answers: fifty, patience_ms: 300000 },
};
