// What to make of a file that the user picked.

import { decode } from './sound.js';

/** What a sender's client may upload here. */
export const largest_file = 50 * 1000 * 1000;
const largest_measured = 20 * 1000 * 1000;

const kinds_by_extension = {
  ogg: 'audio', oga: 'audio', opus: 'audio', mp3: 'audio', m4a: 'audio', wav: 'audio', flac: 'audio',
  mp4: 'video', webm: 'video', mov: 'video', mkv: 'video',
};

function kind_of(file) {
  if (file.type.startsWith('audio/')) return 'audio';
  if (file.type.startsWith('video/')) return 'video';
  if (file.type) return 'document';
  return kinds_by_extension[file.name.split('.').pop().toLowerCase()] ?? 'document';
}

/** Whole seconds, or nothing: then the service measures alone, as it does anyway. */
async function seconds_of(file, kind) {
  if (kind === 'document' || file.size > largest_measured) return undefined;
  try {
    return Math.max(1, Math.round((await decode(await file.arrayBuffer())).duration));
  } catch {
    return undefined;
  }
}

/** The picked file as api.send_file() takes it. */
export async function attachment_of(file) {
  const kind = kind_of(file);
  return { kind, blob: file, name: file.name, mime: file.type || 'application/octet-stream', duration: await seconds_of(file, kind) };
}
