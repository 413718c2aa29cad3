"""How well a vocoder resynthesises recordings from their mels, on clips it was not trained on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from tts.config.audio import AudioConfig, PitchConfig
from tts.config.loader import differences
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.evaluation.clips import Listener
from tts.evaluation.metrics import FloatArray, has_pesq
from tts.evaluation.report import Report, spread
from tts.models.saved import find_checkpoint, load_vocoder, standing
from tts.onnx_runtime import onnxruntime
from tts.runtime.admission import admit
from tts.runtime.contract import AUDIO, MANIFEST_FILE, MAX_GRAPH_BYTES, MEL
from tts.runtime.folder import VOCODER_SIGNATURE, graph_files, read_manifest
from tts.runtime.session import open_session, open_voice_graph, read_regular, run

NO_PESQ = "pesq is left out: the package is not installed (pip install pesq)"

Vocode = Callable[[FloatArray], FloatArray]  # mel (M, T) to audio (T * hop_length,)


def evaluate_vocoder(model: Path, features: Path, n_clips: int | None = None) -> Report:
    """``model``: a run or checkpoint of 'tts train vocoder', an ONNX vocoder, or a voice folder; on ``n_clips`` of the
    validation split, by default on all. Raises ``InputError`` for a model of other audio than the features."""
    store = FeatureStore(features)
    audio = audio_config(store)
    listener = Listener(audio, pitch_config(store))
    name, vocode = open_vocoder(model, audio)
    clips = {}
    for row in tqdm(validation_rows(store, n_clips), unit="clip", desc="evaluating", leave=False):
        recorded, generated = (listener.analyse(a) for a in (store.read_audio(row), vocode(store.read_mel(row))))
        clips[row.id] = listener.compare(recorded, generated)
    return Report(name, str(features), clips, () if has_pesq() else (NO_PESQ,))


def open_vocoder(model: Path, audio: AudioConfig) -> tuple[str, Vocode]:
    """What ``model`` is, for a person, and how to use it. Raises ``InputError`` unless it is a vocoder of ``audio``."""
    if (model / MANIFEST_FILE).is_file():
        manifest = read_manifest(model / MANIFEST_FILE)
        admit(model, manifest)
        graph = model / graph_files(manifest, None)[1]
        return str(graph), _vocode_with(open_voice_graph(graph, manifest, *VOCODER_SIGNATURE), audio, graph)
    if model.is_file():
        return str(model), _vocode_with(open_session(read_regular(model, MAX_GRAPH_BYTES), model), audio, model)
    generator, meta = load_vocoder(model)
    changes = differences(meta.resolved_config(model).audio.model_dump(), audio.model_dump(), "audio.")
    if changes:
        raise InputError(model, f"was trained on other audio than the features: {', '.join(changes)}")
    generator = generator.folded()

    @torch.inference_mode()
    def vocode(mel: FloatArray) -> FloatArray:
        generated: FloatArray = generator(torch.tensor(mel)[None])[0, 0].numpy()
        return generated

    return standing(find_checkpoint(model)), vocode


def validation_rows(store: FeatureStore, n_clips: int | None) -> list[Row]:
    """``n_clips`` utterances, by default all. Raises ``InputError`` where the split is empty."""
    rows = store.split("validation")
    if not rows:
        raise InputError(
            store.folder, "has no validation split", "preprocess with a larger preprocess.validation_share"
        )
    return spread(rows, n_clips)


def audio_config(store: FeatureStore) -> AudioConfig:
    return AudioConfig.model_validate(store.manifest.config["audio"])


def pitch_config(store: FeatureStore) -> PitchConfig:
    """Raises ``InputError`` for features whose manifest does not say how their pitch was found."""
    try:
        return PitchConfig.model_validate(store.manifest.config["preprocess"]["pitch"])
    except (LookupError, TypeError, ValueError):
        raise InputError(store.folder, "does not say how its pitch was found", "preprocess again") from None


def check_audio(found: Mapping[str, object], audio: AudioConfig, where: Path) -> None:
    """Raises ``InputError`` unless the sizes that a graph carries are those of the features' ``audio``."""
    for key in ("sample_rate", "hop_length", "n_mels"):
        if str(found.get(key)) != str(getattr(audio, key)):
            raise InputError(where, f"has {key} {found.get(key)}, but the features have {getattr(audio, key)}")


def _vocode_with(session: onnxruntime.InferenceSession, audio: AudioConfig, path: Path) -> Vocode:
    if [node.name for node in session.get_inputs()] != [MEL] or AUDIO not in [n.name for n in session.get_outputs()]:
        raise InputError(path, f"is not a vocoder: its input must be {MEL!r} and its output {AUDIO!r}")
    check_audio(session.get_modelmeta().custom_metadata_map, audio, path)

    def vocode(mel: FloatArray) -> FloatArray:
        generated: FloatArray = run(session, [AUDIO], {MEL: np.array(mel)[None]})[0][0]
        return generated

    return vocode
