// A picture of sound: time to the right, frequency upwards.

const SIZE = 512; // samples of a frame, a power of two
const FLOOR = -90; // dB
const WINDOW = Float32Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));

export function draw(canvas, samples) {
  const paint = canvas.getContext("2d");
  const { width, height } = canvas;
  const image = paint.createImageData(width, height);
  for (let x = 0; x < width; x += 1) {
    const levels = spectrum(samples, Math.round((x / width) * (samples.length - SIZE)));
    for (let y = 0; y < height; y += 1) {
      const level = levels[Math.floor(((height - 1 - y) / height) * (SIZE / 2))];
      image.data.set(colour(Math.max(0, 1 - level / FLOOR)), 4 * (y * width + x));
    }
  }
  paint.putImageData(image, 0, 0);
}

// dB of each frequency, 0 for a full-scale sine.
function spectrum(samples, start) {
  const re = new Float32Array(SIZE);
  const im = new Float32Array(SIZE);
  for (let i = 0; i < SIZE; i += 1) re[i] = ((samples[start + i] || 0) / 32768) * WINDOW[i];
  transform(re, im);
  return re.slice(0, SIZE / 2).map((real, i) => 20 * Math.log10((4 * Math.hypot(real, im[i])) / SIZE + 1e-6));
}

// The discrete Fourier transform in place, by halves (Cooley and Tukey 1965).
function transform(re, im) {
  for (let i = 1, j = 0; i < SIZE; i += 1) {
    let bit = SIZE >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let size = 2; size <= SIZE; size *= 2) {
    for (let k = 0; k < size / 2; k += 1) {
      const [c, s] = [Math.cos((2 * Math.PI * k) / size), -Math.sin((2 * Math.PI * k) / size)];
      for (let a = k, b = k + size / 2; b < SIZE; a += size, b += size) {
        const [x, y] = [re[b] * c - im[b] * s, re[b] * s + im[b] * c];
        [re[b], im[b]] = [re[a] - x, im[a] - y];
        [re[a], im[a]] = [re[a] + x, im[a] + y];
      }
    }
  }
}

// Dark to bright.
function colour(level) {
  return [255 * Math.min(1, 1.6 * level), 255 * level ** 2, 60 + 120 * level * (1 - level), 255];
}
