// The page: what is typed is spoken, its words lit as they are heard. Player and wav come from the shared scripts.

import { draw } from "./spectrogram.js";
import { KeyNeeded, SAMPLE_RATE, speech, voices } from "./speech.js";

const at = (id) => document.getElementById(id);
const [form, text, voice, speed, pitch, key] = ["form", "text", "voice", "speed", "pitch", "key"].map(at);
const [stop, download, picture, status, words, canvas] =
  ["stop", "download", "picture", "status", "words", "spectrogram"].map(at);

let current = null; // what is being spoken: {player, leaving, spans}
let pieces = []; // Int16Arrays of what was spoken last

async function speak() {
  silence();
  const mine = { player: new Player(SAMPLE_RATE), leaving: new AbortController(), spans: [], unread: [] };
  mine.written = [...text.value]; // characters as the server counts them
  mine.shown = 0;
  current = mine;
  pieces = [];
  words.replaceChildren();
  offer(null);
  stop.disabled = false;
  status.textContent = "Speaking";
  const wishes = { input: text.value, voice: voice.value, speed: Number(speed.value), pitch: Number(pitch.value) };
  follow(mine);
  try {
    for await (const piece of speech(wishes, key.value, mine.leaving.signal)) {
      pieces.push(piece.samples);
      mine.player.add(Float32Array.from(piece.samples, (sample) => sample / 32768));
      piece.words.forEach((word) => show(mine, word));
      mine.unread.push(...piece.unread);
    }
    show(mine, null);
    mine.complete = true;
    offer(wav(pieces, SAMPLE_RATE));
    illustrate();
  } catch (error) {
    if (mine === current) fail(error);
  }
}

function fail(error) {
  silence();
  if (error instanceof KeyNeeded) {
    at("key-field").hidden = false;
    key.focus();
  }
  status.textContent = error.name === "AbortError" ? "Stopped" : `Not spoken: ${error.message}`;
}

function silence() {
  if (!current) return;
  current.leaving.abort();
  current.player.stop();
  current = null;
  stop.disabled = true;
}

// Shows the text up to a word and the word itself, or all that is left. "$3" is one place for two words.
function show(mine, word) {
  if (word && word.start_char < mine.shown) {
    mine.spans.at(-1).end = word.end_time;
    return;
  }
  words.append(mine.written.slice(mine.shown, word?.start_char).join(""));
  if (!word) return;
  const span = document.createElement("span");
  span.textContent = mine.written.slice(word.start_char, word.end_char).join("");
  words.append(span);
  mine.shown = word.end_char;
  mine.spans.push({ span, start: word.start_time, end: word.end_time });
}

// Lights the word that is heard, frame by frame.
function follow(mine) {
  if (mine !== current) return;
  const now = mine.player.position;
  for (const { span, start, end } of mine.spans) {
    span.className = now >= end ? "heard" : now >= start && now > 0 ? "lit" : "";
  }
  if (mine.complete && mine.player.finished) {
    const seconds = pieces.reduce((sum, piece) => sum + piece.length, 0) / SAMPLE_RATE;
    silence();
    const leftOut = mine.unread.length ? `; left out: ${mine.unread.join(" ")}` : "";
    status.textContent = `Spoken: ${seconds.toFixed(1)} seconds${leftOut}`;
    return;
  }
  requestAnimationFrame(() => follow(mine));
}

function offer(blob) {
  URL.revokeObjectURL(download.href);
  if (blob) download.href = URL.createObjectURL(blob);
  else download.removeAttribute("href");
  download.setAttribute("aria-disabled", String(!blob));
}

function illustrate() {
  const samples = pieces.flatMap((piece) => [...piece]);
  canvas.hidden = !picture.checked || !samples.length;
  if (!canvas.hidden) draw(canvas, samples);
}

async function list() {
  try {
    voice.replaceChildren(...(await voices(key.value)).map(({ id, name }) => new Option(name, id)));
    at("key-field").hidden = !key.value;
  } catch (error) {
    fail(error);
  }
}

for (const slider of [speed, pitch]) {
  slider.addEventListener("input", () => { at(`${slider.id}-shown`).value = slider.value; });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  speak();
});
stop.addEventListener("click", () => fail(new DOMException("", "AbortError")));
picture.addEventListener("change", illustrate);
key.addEventListener("change", list);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current) stop.click();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    speak();
  }
});
list();
