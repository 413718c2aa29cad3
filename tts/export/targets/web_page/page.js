"use strict";
// The controls. Sentences are spoken one after the other: the first is heard while the next is computed.

const element = (id) => document.getElementById(id);
const [text, speed, pitch, speakers] = ["text", "speed", "pitch", "speaker"].map(element);
const [speakButton, stopButton, download, status] = ["speak", "stop", "download", "status"].map(element);
let player; // of what is being said

function say(message, isError = false) {
  status.textContent = message;
  status.classList.toggle("error", isError);
}

function showVoice() {
  const { name, language, licence, speakers: names, default_speaker: usual, control_ranges } = VOICE;
  document.title = name;
  element("name").textContent = name;
  const languageName = new Intl.DisplayNames("en", { type: "language" }).of(language.replace("_", "-"));
  element("about").textContent = `${languageName}. Licence: ${licence || "not stated"}.`;
  text.lang = language;
  speakers.append(...names.map((name, index) => new Option(name, index, false, name === usual)));
  speakers.parentElement.hidden = names.length === 1;
  [speed.min, speed.max] = control_ranges.speed.map(Math.log2);
  [pitch.min, pitch.max] = control_ranges.pitch;
}

function controls() {
  return { speed: 2 ** speed.value, pitch: Number(pitch.value), speakerId: Number(speakers.value) };
}

function showControls() {
  const semitones = `${pitch.value > 0 ? "+" : ""}${pitch.value} semitones`;
  const values = [[speed, `${controls().speed.toFixed(2)} ×`], [pitch, semitones]];
  for (const [slider, value] of values) {
    element(`${slider.id}-shown`).textContent = value;
    slider.setAttribute("aria-valuetext", value); // for those who hear the page
  }
}

function setSpeaking(speaking) {
  speakButton.disabled = speaking;
  stopButton.disabled = !speaking;
}

function stop() {
  player?.stop();
  player = undefined;
  setSpeaking(false);
}

async function speak(reader, speaker) {
  const mine = (player = new Player(VOICE.sample_rate)); // before any waiting: browsers allow sound as the answer to a click
  setSpeaking(true);
  download.hidden = true;
  try {
    const sentences = reader.read(text.value);
    if (!sentences.length) throw new Error("There is no word to speak.");
    const settings = controls();
    const spoken = [];
    for (const [index, sentence] of sentences.entries()) {
      say(sentences.length > 1 ? `Speaking: sentence ${index + 1} of ${sentences.length} …` : "Speaking …");
      const samples = await speaker.speak(sentence, settings);
      if (player !== mine) return; // stopped
      spoken.push(samples);
      mine.add(samples);
    }
    offer(spoken);
    await mine.ended();
  } catch (error) {
    say(error.message, true);
  }
  if (player === mine) stop();
}

function offer(spoken) {
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(wav(spoken.map(pcm16), VOICE.sample_rate));
  download.download = `${VOICE.name}.wav`;
  download.hidden = false;
  const seconds = spoken.reduce((sum, samples) => sum + samples.length, 0) / VOICE.sample_rate;
  say(`${seconds.toFixed(1)} seconds of speech.`);
}

async function start() {
  showVoice();
  showControls();
  const [lexicon, speaker] = await Promise.all([unpack(VOICE.lexicon).text(), Speaker.load(VOICE, RUNTIME)]);
  const reader = new Reader(VOICE, lexicon);
  speed.addEventListener("input", showControls);
  pitch.addEventListener("input", showControls);
  stopButton.addEventListener("click", () => {
    stop();
    say("Stopped.");
  });
  element("form").addEventListener("submit", (event) => {
    event.preventDefault();
    speak(reader, speaker);
  });
  speakButton.disabled = false;
  say("Ready.");
}

start().catch((error) => say(`This page cannot speak: ${error.message}`, true));
