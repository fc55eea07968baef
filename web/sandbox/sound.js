// Decodes and plays sound through Web Audio: exact positions, and the same samples for ear and eye.

const bars = 48;
const kept_buffers = 6;

let speaker = null;
const buffers = new Map();

function remember(url, buffer) {
  buffers.delete(url);
  buffers.set(url, buffer);
  if (buffers.size > kept_buffers) buffers.delete(buffers.keys().next().value);
  return buffer;
}

/** Decodes bytes of any format that the browser knows; rejects when it does not. */
export function decode(bytes) {
  return new OfflineAudioContext(1, 1, 24000).decodeAudioData(bytes);
}

/** The decoded sound behind the address. */
export async function load(url) {
  if (buffers.has(url)) return remember(url, buffers.get(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  return remember(url, await decode(await response.arrayBuffer()));
}

/** Loudness over time: `bars` numbers in 0..1, the loudest is 1 unless all is silence. */
export function waveform(buffer) {
  const samples = buffer.getChannelData(0);
  const stretch = Math.max(1, Math.floor(samples.length / bars));
  const loudness = Array.from({ length: bars }, (_, bar) => {
    let sum = 0;
    const end = Math.min(samples.length, (bar + 1) * stretch);
    for (let at = bar * stretch; at < end; ++at) sum += samples[at] * samples[at];
    return Math.sqrt(sum / stretch);
  });
  const loudest = Math.max(...loudness);
  return loudest < 1e-4 ? loudness.fill(0) : loudness.map((value) => value / loudest);
}

/** One sound being played; at most one at a time on the page. */
class Playback {
  #source = null;
  #started = 0;
  #stopped = () => {};

  stop() {
    if (!this.#source) return;
    this.#source.onended = null;
    this.#source.stop();
    this.#source = null;
    this.#stopped(false);
  }

  /** `stopped(to_the_end)` is called once, however it ends. */
  async start(buffer, from_second, stopped) {
    this.stop();
    speaker ??= new AudioContext();
    if (speaker.state === 'suspended') await speaker.resume();
    const source = new AudioBufferSourceNode(speaker, { buffer });
    source.connect(speaker.destination);
    source.onended = () => {
      if (this.#source === source) this.#source = null;
      stopped(true);
    };
    this.#source = source;
    this.#stopped = stopped;
    this.#started = speaker.currentTime - from_second;
    source.start(0, from_second);
  }

  /** Seconds from the beginning of the sound. */
  position() {
    return speaker ? speaker.currentTime - this.#started : 0;
  }
}

export const playback = new Playback();
