// Asks the server for speech: pieces of sound with the times of their words, as they are computed.

export const SAMPLE_RATE = 24000; // Hz, of 16-bit samples

export async function* speech(wishes, key, signal) {
  const response = await ask("v1/audio/speech/timestamps", key, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...wishes, response_format: "pcm", stream: true }),
    signal,
  });
  for await (const line of lines(response.body)) {
    const { audio, timestamps, unread } = JSON.parse(line);
    const bytes = Uint8Array.from(atob(audio), (letter) => letter.charCodeAt(0));
    yield { samples: new Int16Array(bytes.buffer), words: timestamps, unread };
  }
}

export async function voices(key) {
  return (await (await ask("v1/audio/voices", key, {})).json()).voices;
}

export class KeyNeeded extends Error {}

async function ask(path, key, options) {
  const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
  const response = await fetch(path, { ...options, headers });
  if (response.ok) return response;
  const { error } = await response.json();
  throw response.status === 401 ? new KeyNeeded(error.message) : new Error(error.message);
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts;
  }
}
