"use strict";

/** Samples in [-1, 1] as 16-bit integers. */
function pcm16(samples) {
  return Int16Array.from(samples, (sample) => Math.round(32767 * sample));
}

/** A WAV file of Int16Arrays. */
function wav(pieces, sampleRate) {
  const size = pieces.reduce((sum, piece) => sum + 2 * piece.length, 0);
  const header = new DataView(new ArrayBuffer(44));
  const letters = (at, word) => [...word].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  letters(0, "RIFF");
  header.setUint32(4, 36 + size, true);
  letters(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 1, true); // channels
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, 2 * sampleRate, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  letters(36, "data");
  header.setUint32(40, size, true);
  return new Blob([header, ...pieces], { type: "audio/wav" });
}
