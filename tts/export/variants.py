"""Smaller and faster variants of an exported voice, each measured against what it was made from."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx

from tts.export.calibration import Material, Mel, gather_material
from tts.export.card import write_card
from tts.export.quantise import in_8_bits, layers_for_8_bits, with_8_bit_weights, with_half_weights, with_products
from tts.export.voice_graphs import VoiceGraphs, open_model, read_voice_graphs
from tts.files.digest import sha256
from tts.files.whole import whole_folder
from tts.names import Variant
from tts.onnx_runtime import onnxruntime
from tts.runtime import contract
from tts.runtime.bench import speed_ratio, take_turns
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import variant_file
from tts.runtime.folder import read_manifest
from tts.runtime.session import read_verified, run

Signal = npt.NDArray[np.float32]  # a mel (B, M, T), or audio (B, S)

ROUNDS = 5
QUIETEST_DB = -120.0  # an error below that is not one


@dataclass(frozen=True)
class Limit:
    """What a variant must reach to be of use."""

    error_db: float  # of either graph's output against fp32's, on the same input, at most
    speed: float  # times fp32's, at least


LIMITS: dict[Variant, Limit] = {
    "fp16": Limit(-40.0, 0.9),  # smaller, not faster: the same speed, give or take what a busy machine does to it
    "w8": Limit(-20.0, 0.9),
    "int8": Limit(-20.0, 1.0),
}
STORED = {"fp16": with_half_weights, "w8": with_8_bit_weights}  # variants that compute as fp32 does


@dataclass(frozen=True)
class Wanted:
    variants: tuple[Variant, ...]
    calibration: Path | None = None  # features, by default what the voice itself makes of some sentences
    force: bool = False  # keep also what misses its limit
    only: bool = False  # leave the fp32 graphs out
    limits: Mapping[Variant, Limit] = field(default_factory=lambda: LIMITS)
    rounds: int = ROUNDS  # of measuring the speed


@dataclass(frozen=True)
class VariantRow:
    name: str
    megabytes: float  # of both graphs
    speed: float = 1.0  # times fp32, phones to audio
    error_db: float = QUIETEST_DB  # against fp32, of the worse graph; infinite where it cannot be compared
    notes: str = ""  # what is in 8 bits
    problem: str = ""  # why it is of no use
    refused: bool = False  # left out, because of that


@dataclass(frozen=True)
class Reference:
    """The voice that variants are made from and measured against."""

    voice: VoiceGraphs
    acoustic: onnxruntime.InferenceSession
    vocoder: onnxruntime.InferenceSession
    material: Material

    def speak(self) -> list[Signal]:
        return _play(self.vocoder, self.compose())

    def compose(self) -> list[Signal]:
        return _compose(self.acoustic, self.material)


def copy_with_variants(voice: Path, folder: Path, wanted: Wanted) -> list[VariantRow]:
    """The voice folder ``voice`` with more variants, as ``folder``. Raises what ``write_variants`` does."""
    voice = find_voice(voice)
    with whole_folder(folder) as unfinished:
        manifest = read_manifest(voice / contract.MANIFEST_FILE)
        shutil.copyfile(voice / contract.MANIFEST_FILE, unfinished / contract.MANIFEST_FILE)
        for name in manifest.sha256:
            (unfinished / name).write_bytes(read_verified(voice / name, manifest))
        return write_variants(unfinished, wanted)


def write_variants(folder: Path, wanted: Wanted) -> list[VariantRow]:
    """Adds variants to a voice folder, and what was measured to its manifest. Returns a row for fp32 and for each.

    Those that miss their limit are left out, unless forced; their rows say why. Raises ``InputError`` for a damaged
    voice, features of other phones, and a voice that cannot speak the built-in sentences when there are no features.
    """
    voice = read_voice_graphs(folder, "fp32")
    acoustic_session = open_model(voice.acoustic)
    material = gather_material(voice, acoustic_session, wanted.calibration)
    reference = Reference(voice, acoustic_session, open_model(voice.vocoder), material)
    rows = [VariantRow("fp32", _megabytes(voice.acoustic, voice.vocoder))]
    digests, quality = dict(voice.manifest.sha256), dict(voice.manifest.quality)
    for variant in wanted.variants:
        acoustic, vocoder, notes = _made(variant, reference)
        row = replace(_measure(variant, acoustic, vocoder, reference, wanted), notes=notes)
        row = replace(row, refused=bool(row.problem) and not (wanted.force and np.isfinite(row.error_db)))
        rows.append(row)
        if row.refused:
            continue
        for name, model in ((contract.ACOUSTIC_FILE, acoustic), (contract.VOCODER_FILE, vocoder)):
            content = model.SerializeToString()
            (folder / variant_file(name, variant)).write_bytes(content)
            digests[variant_file(name, variant)] = sha256(content)
        quality |= {f"{variant}_megabytes": row.megabytes, f"{variant}_times_fp32_speed": row.speed}
        quality |= {f"{variant}_error_db": row.error_db}
    if wanted.only and not all(row.refused for row in rows[1:]):
        for name in (contract.ACOUSTIC_FILE, contract.VOCODER_FILE):
            (folder / name).unlink()
            del digests[name]
    manifest = voice.manifest.model_copy(update={"sha256": digests, "quality": quality})
    (folder / contract.MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_card(folder, manifest)
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


def _made(variant: Variant, reference: Reference) -> tuple[onnx.ModelProto, onnx.ModelProto, str]:
    """Both graphs in this variant, and a note on them."""
    acoustic, vocoder, material = reference.voice.acoustic, reference.voice.vocoder, reference.material
    if variant in STORED:
        return STORED[variant](acoustic), STORED[variant](vocoder), ""
    acoustic = with_products(acoustic)
    layers = layers_for_8_bits(acoustic), layers_for_8_bits(vocoder)  # not the convolution that reads the mel
    vocoder = with_products(vocoder)
    composer = in_8_bits(acoustic, layers[0], material.others)
    player = in_8_bits(vocoder, layers[1], [{contract.MEL: material.windows}])
    return composer, player, f"{sum(map(len, layers))} layers in 8 bits"


def _measure(
    variant: Variant, acoustic: onnx.ModelProto, vocoder: onnx.ModelProto, reference: Reference, wanted: Wanted
) -> VariantRow:
    """Each graph is compared on what fp32 gives it: a vocoder that counts a phase would turn the least difference of
    two mels into audio that sounds the same and is another."""
    composer, player, mels = open_model(acoustic), open_model(vocoder), reference.compose()
    error_db = max(
        _error_db(_compose(composer, reference.material), mels),
        _error_db(_play(player, mels), _play(reference.vocoder, mels)),
    )
    speak = {"variant": lambda: _play(player, _compose(composer, reference.material)), "fp32": reference.speak}
    speed = speed_ratio(take_turns(speak, wanted.rounds), "variant", "fp32")
    limit, problem = wanted.limits[variant], ""
    if not error_db <= limit.error_db:
        problem = f"its error is beyond the limit of {limit.error_db:g} dB"
    elif speed < limit.speed:
        problem = f"not {limit.speed:g} times as fast as fp32"
    return VariantRow(variant, _megabytes(acoustic, vocoder), speed, error_db, problem=problem)


def _compose(acoustic: onnxruntime.InferenceSession, material: Material) -> list[Signal]:
    return [run(acoustic, [contract.MEL], inputs)[0] for inputs in material.sentences]


def _play(vocoder: onnxruntime.InferenceSession, mels: Iterable[Mel]) -> list[Signal]:
    return [run(vocoder, [contract.AUDIO], {contract.MEL: mel})[0] for mel in mels]


def _error_db(signals: Sequence[Signal], references: Sequence[Signal]) -> float:
    """Energy of the difference against that of the reference without its mean, as a log mel has a level."""
    if any(a.shape != b.shape or not np.isfinite(a).all() for a, b in zip(signals, references, strict=True)):
        return np.inf
    error = sum(float(np.square(a - b, dtype=np.float64).sum()) for a, b in zip(signals, references, strict=True))
    energy = sum(float(np.square(b - b.mean(), dtype=np.float64).sum()) for b in references)
    return max(float(10 * np.log10(error / energy)) if error else QUIETEST_DB, QUIETEST_DB)


def _megabytes(*models: onnx.ModelProto) -> float:
    n_bytes: int = sum(model.ByteSize() for model in models)
    return n_bytes / 1e6
