"use strict";
// Plays pieces of sound one after the other, while more of them come.

const HEAD_START = 0.08; // s between the first piece and its sound, so that the second is in time

class Player {
  constructor(sampleRate) {
    this.context = new AudioContext({ sampleRate });
    this.sampleRate = sampleRate;
    this.end = 0; // of what has come, in the context's time
    this.lost = []; // [time, s]: where the next piece came too late, and how long nothing was heard
    this.start = null;
  }

  /** samples: Float32Array in [-1, 1]. */
  add(samples) {
    if (!samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, this.sampleRate);
    buffer.copyToChannel(samples, 0);
    const now = this.context.currentTime;
    if (this.start === null) {
      this.start = this.end = now + HEAD_START;
    } else if (this.end < now) {
      this.lost.push([this.end, now - this.end]);
      this.end = now;
    }
    this.last = this.context.createBufferSource();
    this.last.buffer = buffer;
    this.last.connect(this.context.destination);
    this.last.start(this.end);
    this.end += buffer.duration;
  }

  /** Seconds of the speech that have been heard. */
  get position() {
    if (this.start === null) return 0;
    const now = Math.min(this.context.currentTime, this.end);
    const silent = this.lost.reduce((sum, [at, length]) => sum + Math.max(0, Math.min(now - at, length)), 0);
    return now - this.start - silent;
  }

  get finished() {
    return this.context.currentTime >= this.end;
  }

  /** When the last piece has been heard. */
  ended() {
    return new Promise((resolve) => (this.last ? (this.last.onended = resolve) : resolve()));
  }

  stop() {
    if (this.context.state !== "closed") this.context.close();
  }
}
