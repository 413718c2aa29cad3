"""Smaller and faster variants of an exported voice, each measured against what it was made from."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnxruntime import InferenceSession

from tts.config.errors import InputError
from tts.config.schema import TextConfig
from tts.data.store import FeatureStore
from tts.export.quantise import in_8_bits, layers_by_width, with_half_weights
from tts.export.targets.convert import whole_folder
from tts.export.voice_graphs import VoiceGraphs, open_model, read_voice_graphs
from tts.runtime import contract
from tts.runtime.bench import SENTENCES, speed_ratio, take_turns
from tts.runtime.contract import Variant, variant_file
from tts.runtime.session import run
from tts.runtime.synthesizer import write_script
from tts.text.front_end import corpus_front_end
from tts.text.inventory import PhoneInventory

Audio = npt.NDArray[np.float32]
Mel = npt.NDArray[np.float32]  # (B, M, T)
Inputs = dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float32]]  # of acoustic.onnx
Graphs = tuple[InferenceSession, InferenceSession]  # acoustic, vocoder

N_UTTERANCES, N_WINDOWS, WINDOW = 64, 64, 32  # WINDOW in frames: mels from which the ranges of activations are read
N_SENTENCES = 3  # to measure with
ROUNDS = 5
QUIETEST_DB = -120.0  # an error below is none
# A duration near a half frame may round differently in a variant, whose audio could not be compared then. So much
# slower, durations tell fractions of a frame, enough to scale each to a whole one.
SLOW = 4.0


@dataclass(frozen=True)
class Limit:
    """What a variant must reach to be of use."""

    error_db: float  # of its audio against fp32's, at most
    speed: float  # times fp32's, at least


LIMITS: dict[Variant, Limit] = {
    "fp16": Limit(-40.0, 0.9),  # smaller, not faster: the same speed, give or take what a busy machine does to it
    "int8": Limit(-20.0, 1.0),
    "mixed": Limit(-30.0, 1.0),
}


@dataclass(frozen=True)
class Wanted:
    variants: tuple[Variant, ...] = ()
    calibration: Path | None = None  # features, by default what the voice itself makes of some sentences
    force: bool = False  # keep also what misses its limit


NO_VARIANTS = Wanted()


@dataclass(frozen=True)
class VariantRow:
    name: str
    megabytes: float  # of both graphs
    speed: float = 1.0  # times fp32, phones to audio
    error_db: float = QUIETEST_DB  # of the audio against fp32's; infinite where it cannot be compared
    notes: str = ""  # which layers are in 8 bits
    problem: str = ""  # why it is of no use
    refused: bool = False  # left out, because of that


@dataclass(frozen=True)
class Material:
    """What variants are made and measured with: never the same sentences."""

    windows: Mel  # (N, M, WINDOW)
    sentences: tuple[Inputs, ...]


def copy_with_variants(voice: Path, folder: Path, wanted: Wanted) -> list[VariantRow]:
    """The voice folder ``voice`` with more variants, as ``folder``. Raises what ``write_variants`` does."""
    with whole_folder(folder) as unfinished:
        for name in (contract.MANIFEST_FILE, *read_voice_graphs(voice).manifest.sha256):
            shutil.copyfile(voice / name, unfinished / name)
        return write_variants(unfinished, wanted)


def write_variants(folder: Path, wanted: Wanted) -> list[VariantRow]:
    """Adds variants to a voice folder, and what was measured to its manifest. Returns a row for fp32 and for each.

    Those that miss their limit are left out, unless forced; their rows say why. Raises ``InputError`` for a damaged
    voice, features of other phones, and a voice that cannot speak the built-in sentences when there are no features.
    """
    voice = read_voice_graphs(folder)
    graphs = open_model(voice.acoustic), open_model(voice.vocoder)
    material = _material(voice, graphs[0], wanted.calibration)
    rows = [VariantRow("fp32", _megabytes(voice.acoustic, voice.vocoder))]
    sha256, quality = dict(voice.manifest.sha256), dict(voice.manifest.quality)
    for variant in wanted.variants:
        acoustic = with_half_weights(voice.acoustic)
        vocoder, notes = _vocoder(variant, voice.vocoder, graphs, material)
        row = _measure(variant, acoustic, vocoder, notes, graphs, material.sentences)
        row = replace(row, refused=bool(row.problem) and not (wanted.force and np.isfinite(row.error_db)))
        rows.append(row)
        if row.refused:
            continue
        for name, model in ((contract.ACOUSTIC_FILE, acoustic), (contract.VOCODER_FILE, vocoder)):
            content = model.SerializeToString()
            (folder / variant_file(name, variant)).write_bytes(content)
            sha256[variant_file(name, variant)] = hashlib.sha256(content).hexdigest()
        quality |= {f"{variant}_megabytes": row.megabytes, f"{variant}_times_fp32_speed": row.speed}
        quality |= {f"{variant}_error_db": row.error_db}
    manifest = voice.manifest.model_copy(update={"sha256": sha256, "quality": quality})
    (folder / contract.MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return rows


def variants_table(rows: Iterable[VariantRow]) -> str:
    """A line for each, with why it was refused."""
    lines = [f"{'variant':8}{'MB':>7}{'times fp32 speed':>18}{'error dB':>10}"]
    for row in rows:
        error = "" if row.name == "fp32" else f"{row.error_db:.1f}"
        problem = row.problem and f"{'refused' if row.refused else 'kept by force'}: {row.problem}"
        remarks = "; ".join(remark for remark in (row.notes, problem) if remark)
        lines.append(f"{row.name:8}{row.megabytes:7.1f}{row.speed:18.2f}{error:>10}  {remarks}".rstrip())
    return "\n".join(lines)


def _vocoder(
    variant: Variant, vocoder: onnx.ModelProto, graphs: Graphs, material: Material
) -> tuple[onnx.ModelProto, str]:
    """The vocoder in this variant, and a note on it."""
    if variant == "fp16":
        return with_half_weights(vocoder), ""
    widths = layers_by_width(vocoder)
    if variant == "mixed":
        widths = _worthwhile(vocoder, widths, graphs, material)
    if not widths:
        return with_half_weights(vocoder), "no layer gains from 8 bits here"
    layers = [name for names in widths.values() for name in names]
    quantised = in_8_bits(vocoder, layers, material.windows, residuals=variant == "int8")
    return quantised, f"8 bits: {', '.join(widths)}"


def _worthwhile(
    vocoder: onnx.ModelProto, widths: dict[str, list[str]], graphs: Graphs, material: Material
) -> dict[str, list[str]]:
    """Of the layers, those that are faster in 8 bits, as long as all their errors add up to less than the limit; the
    smallest first."""
    mels = [run(graphs[0], [contract.MEL], inputs)[0] for inputs in material.sentences]
    errors: dict[str, float] = {}
    for width, names in widths.items():
        session = open_model(in_8_bits(vocoder, names, material.windows, residuals=False))
        error, speed = _compare(partial(_play, session, mels), partial(_play, graphs[1], mels))
        if speed > 1:
            errors[width] = 10 ** (error / 10)
    kept: list[str] = []
    for width in sorted(errors, key=lambda width: errors[width]):
        if sum(errors[other] for other in [*kept, width]) <= 10 ** (LIMITS["mixed"].error_db / 10):
            kept.append(width)
    return {width: names for width, names in widths.items() if width in kept}


def _measure(
    variant: Variant,
    acoustic: onnx.ModelProto,
    vocoder: onnx.ModelProto,
    notes: str,
    graphs: Graphs,
    sentences: Sequence[Inputs],
) -> VariantRow:
    opened = open_model(acoustic), open_model(vocoder)
    error, speed = _compare(partial(_speak, opened, sentences), partial(_speak, graphs, sentences))
    limit, problem = LIMITS[variant], ""
    if not error <= limit.error_db:
        problem = f"its error is beyond the limit of {limit.error_db:g} dB"
    elif speed < limit.speed:
        problem = f"not {limit.speed:g} times as fast as fp32"
    return VariantRow(variant, _megabytes(acoustic, vocoder), speed, error, notes, problem)


def _compare(candidate: Callable[[], list[Audio]], reference: Callable[[], list[Audio]]) -> tuple[float, float]:
    """The candidate's error in dB, and how many times as fast as the reference it is."""
    error = _error_db(candidate(), reference())
    seconds = take_turns({"candidate": candidate, "reference": reference}, ROUNDS)
    return error, speed_ratio(seconds, "candidate", "reference")


def _speak(graphs: Graphs, sentences: Iterable[Inputs]) -> list[Audio]:
    acoustic, vocoder = graphs
    return _play(vocoder, [run(acoustic, [contract.MEL], inputs)[0] for inputs in sentences])


def _play(vocoder: InferenceSession, mels: Iterable[Mel]) -> list[Audio]:
    return [run(vocoder, [contract.AUDIO], {contract.MEL: mel})[0] for mel in mels]


def _error_db(audio: Sequence[Audio], reference: Sequence[Audio]) -> float:
    """Energy of the difference against the energy of the reference."""
    if any(a.shape != b.shape or not np.isfinite(a).all() for a, b in zip(audio, reference, strict=True)):
        return np.inf
    error = sum(float(np.square(a - b, dtype=np.float64).sum()) for a, b in zip(audio, reference, strict=True))
    energy = sum(float(np.square(b, dtype=np.float64).sum()) for b in reference)
    return max(float(10 * np.log10(error / energy)) if error else QUIETEST_DB, QUIETEST_DB)


def _material(voice: VoiceGraphs, acoustic: InferenceSession, calibration: Path | None) -> Material:
    if calibration:
        mels, spoken = _from_features(voice, calibration)
    else:
        spoken = _built_in(voice)
        mels = [run(acoustic, [contract.MEL], _inputs(voice, *sentence))[0] for sentence in spoken[N_SENTENCES:]]
    windows = [mel[:, :, first : first + WINDOW] for mel in mels for first in range(0, mel.shape[2] - WINDOW, WINDOW)]
    if not windows:
        raise InputError("calibration", f"no mel is longer than {WINDOW} frames", "train the acoustic model for longer")
    chosen = np.linspace(0, len(windows) - 1, min(len(windows), N_WINDOWS)).astype(int)
    sentences = (_inputs(voice, *sentence) for sentence in spoken[:N_SENTENCES])
    whole = tuple(_with_whole_durations(acoustic, inputs) for inputs in sentences)
    return Material(np.concatenate([windows[index] for index in chosen]), whole)


def _built_in(voice: VoiceGraphs) -> list[tuple[list[int], int]]:
    """Phone ids and speaker id of sentences in English."""
    manifest = voice.manifest
    inventory = PhoneInventory(manifest.phones)
    front_end = corpus_front_end(TextConfig(front_end=manifest.front_end, language=manifest.language))
    try:
        scripts = [write_script(sentence, inventory) for sentence in front_end.sentences(" ".join(SENTENCES))]
    except InputError as error:
        fix = "give --calibration FEATURES"
        raise InputError("calibration", f"the voice cannot speak the English sentences ({error})", fix) from None
    return [(list(script.phone_ids), index % len(manifest.speakers)) for index, script in enumerate(scripts)]


def _from_features(voice: VoiceGraphs, folder: Path) -> tuple[list[Mel], list[tuple[list[int], int]]]:
    """Mels of the training split; phone ids and speaker ids of the validation split."""
    store, manifest = FeatureStore(folder), voice.manifest
    if (store.manifest.phones, store.manifest.speakers) != (manifest.phones, manifest.speakers):
        raise InputError(folder, "has other phones or speakers than the voice", "give the features it was trained on")
    inventory = PhoneInventory(manifest.phones)
    train, validation = store.split("train"), store.split("validation")
    if not validation:
        raise InputError(folder, "has no validation split to measure with", "preprocess with a validation_share")
    mels = [store.read_mel(row)[None] for row in train[:: max(len(train) // N_UTTERANCES, 1)]]
    return mels, [
        (inventory.encode(store.read(row, "phones"), row.id), manifest.speakers.index(store.read(row, "speaker")))
        for row in validation[:N_SENTENCES]
    ]


def _inputs(voice: VoiceGraphs, phone_ids: Sequence[int], speaker_id: int) -> Inputs:
    shape = (1, len(phone_ids))
    inputs: Inputs = {
        contract.PHONE_IDS: np.array([phone_ids], np.int64),
        contract.PHONE_LENGTHS: np.array(shape[1:], np.int64),
        contract.DURATION_SCALE: np.ones(shape, np.float32),
        contract.PITCH_SHIFT: np.zeros(shape, np.float32),
        contract.ENERGY_SHIFT: np.zeros(shape, np.float32),
    }
    if len(voice.manifest.speakers) > 1:
        inputs[contract.SPEAKER_IDS] = np.array([speaker_id], np.int64)
    return inputs


def _with_whole_durations(acoustic: InferenceSession, inputs: Inputs) -> Inputs:
    """With each phone's duration scale such that its duration needs no rounding, or little."""
    scale = inputs[contract.DURATION_SCALE]
    (slow,) = run(acoustic, [contract.DURATIONS], inputs | {contract.DURATION_SCALE: scale * np.float32(SLOW)})
    frames = (slow / SLOW).astype(np.float32)  # (1, P)
    scale = np.divide(np.rint(frames), frames, out=np.ones_like(frames), where=frames > 0)
    return inputs | {contract.DURATION_SCALE: scale}


def _megabytes(*models: onnx.ModelProto) -> float:
    n_bytes: int = sum(model.ByteSize() for model in models)
    return n_bytes / 1e6
