"""A voice speaks all its phones once, in a process of its own that gets only so much memory and time."""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tts.errors import InputError, system_error
from tts.files.digest import sha256
from tts.names import Variant
from tts.onnx_runtime import onnxruntime
from tts.runtime import contract
from tts.runtime.contract import VoiceManifest
from tts.runtime.folder import graph_files, graph_places, read_manifest
from tts.runtime.graph_file import check_graph
from tts.runtime.memory import limit_resources, peak_mb
from tts.runtime.script import Script
from tts.runtime.session import Hardware, open_voice_graph, read_verified
from tts.runtime.synthesizer import Controls, Synthesizer, join, whole_sentences
from tts.text.inventory import PAUSE_ID

CHECKS = 1  # what is looked for; a voice that has passed fewer checks is tried again
MEMORY = 4 << 30  # bytes beyond those of the process as it begins
CPU_S = 120
WALL_S = 600.0  # on a machine that does a lot else
PHONES, SENTENCES = 40, 5  # of a sentence; of the trial
LONGEST_S = 600.0  # of such a sentence
# Not -m, and without the working directory: a folder "tts" in it might be anyone's.
PROGRAM = "from tts.runtime.trial import main; main()"
STRANGE = "do not use it, or ask who made it"


@dataclass(frozen=True)
class Trial:
    identity: str
    audio_s: float
    cpu_s: float
    memory_mb: float  # the most that the process held

    def __str__(self) -> str:
        return f"spoke for {self.audio_s:.1f} s; took {self.cpu_s:.1f} s and {self.memory_mb:.0f} MB, with opening it"


def identity(manifest: VoiceManifest, variant: Variant) -> str:
    """Of all that a trial depends on."""
    digests = [manifest.sha256.get(name, "") for name in graph_files(manifest, variant)]
    return sha256(repr((CHECKS, onnxruntime.__version__, manifest.facts_sha256, digests)).encode())


def try_out(folder: Path, variant: Variant, program: str = PROGRAM) -> Trial:
    """What ``program`` says of the voice in a process of its own.

    Raises ``InputError`` for a voice that cannot speak, or that ends the process in any other way.
    """
    import subprocess  # which voices that are known do without

    command = [sys.executable, "-P", "-c", program, str(folder.resolve()), variant]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(folder, f"did not speak within {WALL_S:.0f} s", STRANGE) from None
    except OSError as error:
        raise system_error(folder, "cannot be tried in a process of its own", error) from None
    try:
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return Trial(**told)
    except TypeError:
        raise InputError(**told) from None
    except (IndexError, ValueError):
        raise InputError(folder, f"ended the process that tried it ({_end(done.returncode)})", STRANGE) from None


def main() -> None:
    """What that process does: the last line that it prints is a ``Trial``, or what an ``InputError`` says, as JSON."""
    folder, variant = Path(sys.argv[1]), sys.argv[2]
    limit_resources(MEMORY, CPU_S)
    try:
        told = asdict(_speak(folder, variant))  # type: ignore[arg-type]
    except InputError as error:
        told = {"where": error.where, "what": error.what, "fix": error.fix}
    except MemoryError:
        told = {"where": str(folder), "what": f"needs more than {MEMORY >> 30} GiB of memory", "fix": STRANGE}
    print(json.dumps(told), flush=True)
    os._exit(0)  # without waiting for threads that a graph may have started


def _speak(folder: Path, variant: Variant) -> Trial:
    manifest = read_manifest(folder / contract.MANIFEST_FILE)
    for path, *_ in graph_places(folder, manifest, variant):
        check_graph(read_verified(path, manifest), path)
    hardware = Hardware(threads=1)
    acoustic, vocoder = (
        open_voice_graph(path, manifest, inputs, outputs, hardware)
        for path, inputs, outputs in graph_places(folder, manifest, variant)
    )
    audio_s = speak_all_phones(Synthesizer(manifest, acoustic, vocoder))
    return Trial(identity(manifest, variant), audio_s, time.process_time(), peak_mb())


def speak_all_phones(synthesizer: Synthesizer) -> float:
    """Every phone in some sentence, as far as ``SENTENCES`` reach. Returns how many seconds they last."""
    manifest = synthesizer.manifest
    n_samples = 0
    for first in range(1, min(len(manifest.phones), 1 + SENTENCES * PHONES), PHONES):
        ids = (PAUSE_ID, *range(first, min(first + PHONES, len(manifest.phones))), PAUSE_ID)
        script = Script(tuple(manifest.phones[id] for id in ids), ids)
        scores = synthesizer.compose([script], first % len(manifest.speakers), Controls())
        length_s = scores[0].n_frames * manifest.hop_length / manifest.sample_rate
        if length_s > LONGEST_S:
            raise InputError(f"voice {manifest.name!r}", f"speaks {len(ids)} phones for {length_s:.0f} s", STRANGE)
        n_samples += len(join(synthesizer.play(scores, whole_sentences())).audio)
    return n_samples / manifest.sample_rate


def _end(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
