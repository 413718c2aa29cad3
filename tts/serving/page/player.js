// Plays pieces of sound one after the other, while more of them come.

import { SAMPLE_RATE } from "./speech.js";

const HEAD_START = 0.08; // s between the first piece and its sound, so that the second is in time

export class Player {
  constructor() {
    this.context = new AudioContext({ sampleRate: SAMPLE_RATE });
    this.end = 0; // of what has come, in the context's time
    this.lost = []; // [time, s]: where the next piece came too late, and how long nothing was heard
    this.start = null;
  }

  add(samples) {
    if (!samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
    const now = this.context.currentTime;
    if (this.start === null) {
      this.start = this.end = now + HEAD_START;
    } else if (this.end < now) {
      this.lost.push([this.end, now - this.end]);
      this.end = now;
    }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(this.end);
    this.end += buffer.duration;
  }

  // Seconds of the speech that have been heard.
  get position() {
    if (this.start === null) return 0;
    const now = Math.min(this.context.currentTime, this.end);
    const silent = this.lost.reduce((sum, [at, length]) => sum + Math.max(0, Math.min(now - at, length)), 0);
    return now - this.start - silent;
  }

  get finished() {
    return this.context.currentTime >= this.end;
  }

  stop() {
    if (this.context.state !== "closed") this.context.close();
  }
}
