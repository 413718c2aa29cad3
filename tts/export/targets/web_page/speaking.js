"use strict";
// Phones to audio: ONNX Runtime in a worker, so that the page stays alive while it computes.

/** A base64 string of gzip, as a Response: ask it for its .text() or .arrayBuffer(). */
function unpack(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
}

/** The worker. It becomes one as text: from disk, a page may start no worker from a file. */
function work() {
  let ort, session;

  async function open({ module, wasm, graph }) {
    ort = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
    ort.env.wasm.wasmBinary = wasm;
    ort.env.wasm.numThreads = 1; // more need headers that only a server can send
    session = await ort.InferenceSession.create(graph);
  }

  async function speak({ phoneIds, speakerId, speed, pitch }) {
    const shape = [1, phoneIds.length];
    const integers = (values, shape) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
    const repeated = (value) => new ort.Tensor("float32", new Float32Array(phoneIds.length).fill(value), shape);
    const inputs = {
      phone_ids: integers(phoneIds, shape),
      phone_lengths: integers([phoneIds.length], [1]),
      duration_scale: repeated(1 / speed),
      pitch_shift: repeated(pitch),
      energy_shift: repeated(0),
    };
    if (session.inputNames.includes("speaker_ids")) inputs.speaker_ids = integers([speakerId], [1]);
    const { audio } = await session.run(inputs, ["audio"]);
    return audio.data;
  }

  onmessage = async ({ data: [task, argument], ports: [reply] }) => {
    try {
      reply.postMessage({ result: await { open, speak }[task](argument) });
    } catch (error) {
      reply.postMessage({ error: String(error.message ?? error) });
    }
  };
}

class Speaker {
  static async load(voice, runtime) {
    const speaker = new Speaker();
    speaker.voice = voice;
    speaker.worker = new Worker(URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" })));
    const [module, wasm, graph] = await Promise.all(
      [runtime.module, runtime.wasm, voice.graph].map((packed) => unpack(packed).arrayBuffer()),
    );
    await speaker.ask("open", { module, wasm, graph: new Uint8Array(graph) });
    return speaker;
  }

  /** The samples of one sentence, clipped, and faded at both ends so that they do not click. */
  async speak(phoneIds, { speakerId, speed, pitch }) {
    const audio = await this.ask("speak", { phoneIds, speakerId, speed, pitch });
    const fade = this.voice.edge_fade_s * this.voice.sample_rate;
    return audio.map((sample, index) => {
      const gain = Math.min((Math.min(index, audio.length - 1 - index) + 0.5) / fade, 1);
      return Math.max(-1, Math.min(1, sample)) * gain;
    });
  }

  ask(task, argument) {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.result));
      this.worker.onerror = (event) => reject(new Error(event.message));
      this.worker.postMessage([task, argument], [port2]);
    });
  }
}
