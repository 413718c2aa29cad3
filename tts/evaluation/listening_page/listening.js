// A blind listening test. The order of trials and the places of the systems are chosen by chance for each listener.

const at = (id) => document.getElementById(id);
const PAIRS = TEST.kind === "pairs";
const PLACES = PAIRS ? ["A", "B"] : ["the sound"];
const ANSWERS = PAIRS
  ? [["first", "A is better", "ArrowLeft", "←"], ["none", "No difference", "ArrowDown", "↓"], ["second", "B is better", "ArrowRight", "→"]]
  : [1, 2, 3, 4, 5].map((score) => [String(score), ["bad", "poor", "fair", "good", "excellent"][score - 1], String(score), String(score)]);
const PLAY_KEYS = PAIRS ? ["1", "2"] : [" "];
const PLAY_NAMES = PAIRS ? ["1", "2"] : ["Space"];
const STORE = `linnet-listening-${TEST.key}`;

let state = null; // {listener, trials: [{utterance, systems, answer}], at}
let players = []; // of the trial that is shown: {audio, button, heard}

function shuffled(items) {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function newTrials() {
  const sets = PAIRS ? TEST.pairs : TEST.systems.map((_, system) => [system]);
  const trials = TEST.utterances.flatMap((_, utterance) => sets.map((systems) => ({ utterance, systems: shuffled(systems), answer: null })));
  return shuffled(trials);
}

// Private windows may refuse to store anything; the test then lasts as long as the page.
function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(state));
  } catch { /* see above */ }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
}

function button(label, key, keyName) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(label);
  const shown = document.createElement("kbd");
  shown.textContent = keyName;
  made.append(shown);
  made.setAttribute("aria-keyshortcuts", key === " " ? "Space" : key);
  return made;
}

function showTrial() {
  players.forEach(({ audio }) => audio.pause());
  const done = state.at >= state.trials.length;
  at("welcome").hidden = true;
  at("trial").hidden = done;
  at("end").hidden = !done;
  at("help").textContent = done ? "" : `Keys: ${PLAY_NAMES.join(", ")} to play; ${ANSWERS.map((answer) => answer[3]).join(" ")} to answer; Backspace to go back.`;
  if (done) return offer();
  const trial = state.trials[state.at];
  at("progress").max = state.trials.length;
  at("progress").value = state.at;
  at("count").textContent = `${state.at + 1} of ${state.trials.length}`;
  at("text").textContent = TEST.utterances[trial.utterance].text;
  at("question").textContent = PAIRS ? "Which one sounds better?" : "How good does it sound?";
  players = trial.systems.map((system, place) => newPlayer(TEST.sounds[system][trial.utterance], place));
  at("players").replaceChildren(...players.map((player) => player.button));
  at("answers").replaceChildren(...ANSWERS.map(([answer, label, key, keyName]) => {
    const made = button(label, key, keyName);
    made.dataset.answer = answer;
    made.classList.toggle("chosen", trial.answer === answer);
    made.addEventListener("click", () => vote(answer));
    return made;
  }));
  at("back").disabled = state.at === 0;
  showHeard();
}

function newPlayer(url, place) {
  const player = { audio: new Audio(url), heard: state.trials[state.at].answer !== null };
  player.button = button(`Play ${PLACES[place]}`, PLAY_KEYS[place], PLAY_NAMES[place]);
  player.button.setAttribute("aria-pressed", "false");
  player.button.addEventListener("click", () => play(place));
  player.audio.addEventListener("ended", () => {
    player.heard = true;
    player.button.setAttribute("aria-pressed", "false");
    showHeard();
  });
  return player;
}

function showHeard() {
  const ready = players.every((player) => player.heard);
  at("answers").querySelectorAll("button").forEach((made) => { made.disabled = !ready; });
  at("status").textContent = ready ? "" : `Listen to ${PAIRS ? "both" : "it"} to the end first.`;
}

function play(place) {
  players.forEach(({ audio, button: shown }, index) => {
    audio.pause();
    audio.currentTime = 0;
    shown.setAttribute("aria-pressed", String(index === place));
  });
  players[place].audio.play().catch((error) => {
    if (error.name !== "AbortError") at("status").textContent = `This browser cannot play it: ${error.message}`;
  });
}

function vote(answer) {
  if (!players.every((player) => player.heard)) return;
  state.trials[state.at].answer = answer;
  state.at += 1;
  keep();
  showTrial();
}

function back() {
  if (!state || state.at === 0) return;
  state.at -= 1;
  keep();
  showTrial();
}

const quoted = (value) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function csv() {
  const header = PAIRS ? ["listener", "utterance", "first", "second", "preferred"] : ["listener", "utterance", "system", "score"];
  const rows = state.trials.map(({ utterance, systems, answer }) => {
    const names = systems.map((system) => TEST.systems[system]);
    const said = PAIRS ? { first: names[0], second: names[1], none: "" }[answer] : answer;
    return [state.listener, TEST.utterances[utterance].id, ...names, said];
  });
  return [header, ...rows].map((row) => row.map(quoted).join(",") + "\r\n").join("");
}

function offer() {
  URL.revokeObjectURL(at("save").href);
  at("save").href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  at("save").download = `votes-${state.listener.replace(/[^\p{L}\p{N}-]+/gu, "_")}.csv`;
}

at("task").textContent = PAIRS
  ? `You hear each sentence twice, spoken by two different voices, and say which one sounds better. There are ${newTrials().length} pairs.`
  : `You hear ${newTrials().length} sentences and say of each how good it sounds, from 1 (bad) to 5 (excellent).`;
at("begin").addEventListener("submit", (event) => {
  event.preventDefault();
  state = { listener: at("listener").value.trim() || "anonymous", trials: newTrials(), at: 0 };
  keep();
  showTrial();
});
at("back").addEventListener("click", back);
at("again").addEventListener("click", () => {
  state = null;
  keep();
  at("end").hidden = true;
  at("welcome").hidden = false;
  at("listener").value = "";
  at("listener").focus();
});
document.addEventListener("keydown", (event) => {
  if (!state || at("trial").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  const place = PLAY_KEYS.indexOf(event.key);
  const answer = ANSWERS.find(([, , key]) => key === event.key);
  if (place >= 0) play(place);
  else if (answer) vote(answer[0]);
  else if (event.key === "Backspace") back();
  else return;
  event.preventDefault();
});
state = kept();
if (state) showTrial();
