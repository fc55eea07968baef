// Records the microphone.

import { by_id } from './element.js';
import { minutes_seconds } from './format.js';

const formats = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];
const longest_ms = 10 * 60 * 1000;
const levels_kept = 60;

/** Draws how loud the last seconds were. */
class LevelMeter {
  #levels = new Array(levels_kept).fill(0);

  constructor(stream, canvas) {
    this.canvas = canvas;
    this.context = new AudioContext();
    this.analyser = new AnalyserNode(this.context, { fftSize: 1024 });
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  draw() {
    this.analyser.getFloatTimeDomainData(this.samples);
    const loudness = Math.sqrt(this.samples.reduce((sum, value) => sum + value * value, 0) / this.samples.length);
    this.#levels.push(Math.min(1, loudness * 6));
    this.#levels.shift();
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.canvas.width = width * devicePixelRatio;
    this.canvas.height = height * devicePixelRatio;
    const pen = this.canvas.getContext('2d');
    pen.scale(devicePixelRatio, devicePixelRatio);
    pen.fillStyle = getComputedStyle(this.canvas).color;
    const step = width / levels_kept;
    this.#levels.forEach((level, index) => {
      const tall = Math.max(2, level * height);
      pen.fillRect(index * step, (height - tall) / 2, Math.max(1.5, step - 2), tall);
    });
  }

  close() {
    this.context.close();
  }
}

/** One recording from start() to send() or cancel(). */
class Recording {
  #pieces = [];

  constructor(stream, recorder, meter, timer) {
    this.stream = stream;
    this.recorder = recorder;
    this.meter = meter;
    this.timer = timer;
    this.started = performance.now();
    recorder.addEventListener('dataavailable', (event) => this.#pieces.push(event.data));
    recorder.start(250);
  }

  async finish() {
    clearInterval(this.timer);
    const seconds = (performance.now() - this.started) / 1000;
    await new Promise((resolve) => {
      if (this.recorder.state === 'inactive') return resolve();
      this.recorder.addEventListener('stop', resolve, { once: true });
      this.recorder.stop();
    });
    for (const track of this.stream.getTracks()) track.stop();
    this.meter.close();
    const mime = this.recorder.mimeType.split(';')[0] || 'audio/webm';
    return { blob: new Blob(this.#pieces, { type: mime }), mime, seconds };
  }
}

/** Why there is no recording: a text's key. */
export function recording_problem(error) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return 'record_needs_secure';
  if (error?.name === 'NotAllowedError') return 'record_forbidden';
  if (error?.name === 'NotFoundError') return 'record_no_microphone';
  return 'record_failed';
}

/** Starts recording and shows its time and level; `too_long` is called when it must end. Rejects if it cannot. */
export async function start_recording(too_long) {
  if (recording_problem(null) === 'record_needs_secure') throw new Error('no microphone API');
  // Speech recognition hears an untouched signal better than one cleaned for human ears.
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const mimeType = formats.find((format) => MediaRecorder.isTypeSupported(format));
  const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: 32000 });
  const meter = new LevelMeter(stream, by_id('record-level'));
  const time = by_id('record-time');
  time.textContent = minutes_seconds(0);
  const timer = setInterval(() => {
    const passed = performance.now() - recording.started;
    time.textContent = minutes_seconds(Math.floor(passed / 1000));
    meter.draw();
    if (passed > longest_ms) too_long();
  }, 60);
  const recording = new Recording(stream, recorder, meter, timer);
  return recording;
}
