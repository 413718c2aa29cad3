"""What the variants of a voice are made and measured with: mels, and sentences other than theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.export.voice_graphs import VoiceGraphs
from tts.onnx_runtime import onnxruntime
from tts.runtime import contract
from tts.runtime.bench import SENTENCES
from tts.runtime.contract import VoiceManifest
from tts.runtime.script import write_script
from tts.runtime.session import run
from tts.text.inventory import PhoneInventory

Mel = npt.NDArray[np.float32]  # (B, M, T)
Inputs = dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float32]]  # of acoustic.onnx, one sentence

N_UTTERANCES, N_WINDOWS, WINDOW = 64, 64, 32  # WINDOW in frames
N_SENTENCES = 3  # to measure with
# A duration near a half frame may round differently in a variant, whose audio could not be compared then. So much
# slower, durations show fractions of a frame, enough to scale each to a whole one.
SLOW = 4.0


@dataclass(frozen=True)
class Material:
    # From which the ranges of activations are read, of the acoustic model and of the vocoder.
    others: tuple[Inputs, ...]
    windows: Mel  # (N, M, WINDOW)
    sentences: tuple[Inputs, ...]  # to measure with; their durations need no rounding


def gather_material(voice: VoiceGraphs, acoustic: onnxruntime.InferenceSession, features: Path | None) -> Material:
    """From features: mels and sentences of the training split, and of the validation split to measure with. Without:
    sentences in English, and the mels that the voice makes of others.

    Raises ``InputError`` for features of other phones or speakers, and for a voice that cannot speak those sentences.
    """
    if features:
        mels, sentences, others = _from_features(voice.manifest, features)
    else:
        sentences, others = _built_in(voice)
        mels = [run(acoustic, [contract.MEL], inputs)[0] for inputs in others]
    measured = tuple(_with_whole_durations(acoustic, inputs) for inputs in sentences)
    return Material(tuple(others), _windows(mels), measured)


def _from_features(manifest: VoiceManifest, folder: Path) -> tuple[list[Mel], list[Inputs], list[Inputs]]:
    """Mels, sentences to measure with, and those that the mels are of."""
    store, inventory = FeatureStore(folder), PhoneInventory(manifest.phones)
    if (store.manifest.phones, store.manifest.speakers) != (manifest.phones, manifest.speakers):
        raise InputError(folder, "has other phones or speakers than the voice", "give the features it was trained on")
    train, validation = store.split("train"), store.split("validation")
    if not validation:
        raise InputError(folder, "has no validation split to measure with", "preprocess with a validation_share")

    def read(row: Row) -> Inputs:
        speaker_id = manifest.speakers.index(store.read(row, "speaker"))
        return _inputs(manifest, inventory.encode(store.read(row, "phones"), row.id), speaker_id)

    chosen = train[:: max(len(train) // N_UTTERANCES, 1)]
    mels = [store.read_mel(row)[None] for row in chosen]
    return mels, [read(row) for row in validation[:N_SENTENCES]], [read(row) for row in chosen]


def _built_in(voice: VoiceGraphs) -> tuple[list[Inputs], list[Inputs]]:
    """Sentences to measure with, and others; speakers take turns."""
    manifest, front_end = voice.manifest, voice.front_end()
    inventory = PhoneInventory(manifest.phones)
    try:
        scripts = [write_script(sentence, inventory) for sentence in front_end.sentences(" ".join(SENTENCES))]
    except InputError as error:
        fix = "give --calibration FEATURES"
        raise InputError("calibration", f"the voice cannot speak the English sentences ({error})", fix) from None
    n_speakers = len(manifest.speakers)
    spoken = [_inputs(manifest, script.phone_ids, index % n_speakers) for index, script in enumerate(scripts)]
    return spoken[:N_SENTENCES], spoken[N_SENTENCES:]


def _windows(mels: Sequence[Mel]) -> Mel:
    """Evenly from all of them."""
    windows = [mel[:, :, end - WINDOW : end] for mel in mels for end in range(WINDOW, mel.shape[2] + 1, WINDOW)]
    if not windows:
        raise InputError("calibration", f"no mel has {WINDOW} frames", "train the acoustic model for longer")
    chosen = np.linspace(0, len(windows) - 1, min(len(windows), N_WINDOWS)).astype(int)
    return np.concatenate([windows[index] for index in chosen])


def _inputs(manifest: VoiceManifest, phone_ids: Sequence[int], speaker_id: int) -> Inputs:
    return contract.AcousticInputs.of([phone_ids], [speaker_id]).feed(len(manifest.speakers))


def _with_whole_durations(acoustic: onnxruntime.InferenceSession, inputs: Inputs) -> Inputs:
    scale = np.full_like(inputs[contract.DURATION_SCALE], SLOW)
    (slow,) = run(acoustic, [contract.DURATIONS], inputs | {contract.DURATION_SCALE: scale})
    frames = (slow / SLOW).astype(np.float32)  # (1, P)
    scale = np.divide(np.rint(frames), frames, out=np.ones_like(frames), where=frames > 0)
    return inputs | {contract.DURATION_SCALE: scale}
