// A voice or a piece of music in a bubble: play button, waveform, time.

import { element, icon } from './element.js';
import { minutes_seconds } from './format.js';
import { load, playback, waveform } from './sound.js';
import { say } from './texts.js';

// Sounds are decoded when they come into view: fifty voices at once would cost too much memory.
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    entry.target.dispatchEvent(new Event('seen'));
  }
}, { rootMargin: '200px' });

const redraw = (canvas) => canvas.dispatchEvent(new Event('redraw'));
const resized = new ResizeObserver((entries) => entries.forEach((entry) => redraw(entry.target)));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change',
  () => document.querySelectorAll('canvas.waveform').forEach(redraw));

class VoicePlayer {
  #buffer_known = false;
  #playing = false;
  #position = 0;

  constructor(file) {
    this.file = file;
    this.duration = file.duration || 0;
    this.shape = [];
    this.button = element('button', { type: 'button', class: 'play', 'aria-label': say('play'), on: { click: () => this.toggle() } }, icon('play'));
    this.canvas = element('canvas', { class: 'waveform', tabindex: '0', role: 'slider', 'aria-label': say('position'), 'aria-valuemin': '0',
      on: { click: (event) => this.seek(event.offsetX / this.canvas.clientWidth), keydown: (event) => this.#key(event) } });
    this.time = element('span', { class: 'voice-time' }, minutes_seconds(this.duration));
    this.node = element('div', { class: 'voice' }, this.button, element('div', { class: 'voice-body' }, this.canvas, this.time));
    this.node.addEventListener('seen', () => this.#show_shape());
    this.canvas.addEventListener('redraw', () => this.draw());
    resized.observe(this.canvas);
    seen.observe(this.node);
  }

  async #show_shape() {
    const buffer = await this.#load();
    if (!buffer) return;
    this.shape = waveform(buffer);
    this.draw();
  }

  async #load() {
    try {
      const buffer = await load(this.file.url);
      this.duration = buffer.duration;
      if (!this.#buffer_known) {
        this.#buffer_known = true;
        this.node.dataset.seconds = buffer.duration.toFixed(2);
        if (!this.#playing) this.time.textContent = minutes_seconds(this.duration);
        this.canvas.setAttribute('aria-valuemax', Math.round(this.duration));
      }
      return buffer;
    } catch {
      this.node.classList.add('broken');
      this.time.textContent = say('cannot_decode');
      return null;
    }
  }

  async toggle() {
    if (this.#playing) return playback.stop();
    const buffer = await this.#load();
    if (!buffer) return;
    const from = this.#position >= buffer.duration - 0.05 ? 0 : this.#position;
    await playback.start(buffer, from, (to_the_end) => this.#stopped(to_the_end));
    this.#playing = true;
    this.#show_button();
    this.#tick();
  }

  async seek(share) {
    const was_playing = this.#playing;
    if (was_playing) playback.stop();
    this.#position = Math.min(1, Math.max(0, share)) * this.duration;
    this.draw();
    if (was_playing) await this.toggle();
  }

  #key(event) {
    const step = { ArrowLeft: -0.05, ArrowRight: 0.05 }[event.key];
    if (event.key === ' ' || event.key === 'Enter') this.toggle();
    else if (step && this.duration) this.seek(this.#position / this.duration + step);
    else return;
    event.preventDefault();
  }

  #tick() {
    if (!this.#playing) return;
    this.#position = Math.min(this.duration, playback.position());
    this.time.textContent = minutes_seconds(this.#position);
    this.draw();
    if (!this.node.isConnected) return playback.stop();
    requestAnimationFrame(() => this.#tick());
  }

  #stopped(to_the_end) {
    this.#playing = false;
    this.#position = to_the_end ? 0 : Math.min(this.duration, playback.position());
    this.time.textContent = minutes_seconds(this.duration);
    this.#show_button();
    this.draw();
  }

  #show_button() {
    this.button.replaceChildren(icon(this.#playing ? 'pause' : 'play'));
    this.button.setAttribute('aria-label', say(this.#playing ? 'stop' : 'play'));
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const scale = devicePixelRatio;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const pen = this.canvas.getContext('2d');
    pen.scale(scale, scale);
    const style = getComputedStyle(this.canvas);
    const count = Math.min(this.shape.length || 48, Math.floor(width / 4));
    const step = width / count;
    const played = this.duration ? this.#position / this.duration : 0;
    for (let bar = 0; bar < count; ++bar) {
      const loudness = this.shape.length ? this.shape[Math.floor((bar * this.shape.length) / count)] : 0;
      const tall = Math.max(2.5, loudness * height);
      pen.fillStyle = style.getPropertyValue((bar + 0.5) / count <= played ? '--wave-played' : '--wave');
      pen.beginPath();
      pen.roundRect(bar * step, (height - tall) / 2, Math.max(2, step - 2), tall, 1.5);
      pen.fill();
    }
    this.canvas.setAttribute('aria-valuenow', Math.round(this.#position));
    this.canvas.setAttribute('aria-valuetext', `${minutes_seconds(this.#position)} / ${minutes_seconds(this.duration)}`);
  }
}

/** The node of a player for `file` of the control API. */
export function voice_player(file) {
  return new VoicePlayer(file).node;
}
