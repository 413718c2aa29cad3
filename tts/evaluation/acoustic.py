"""How near an acoustic model's mel, pitch, energy and durations come to recordings that it was not trained on.

*Forced*: the model is given the recorded durations, pitch and energy; what it would have chosen itself is compared
frame by frame. *Free*: it is given the phones alone, and the frames of both renditions are paired by dynamic time
warping of their mel-cepstra.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from tts.audio.f0 import extract_f0
from tts.config.audio import AudioConfig, PitchConfig
from tts.config.features import Moments
from tts.config.root import Config
from tts.data.batches import AcousticBatch
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.evaluation import metrics
from tts.evaluation.metrics import DB, FloatArray
from tts.evaluation.report import Report
from tts.evaluation.vocoder import audio_config, check_audio, pitch_config, validation_rows
from tts.evaluation.warping import warp
from tts.models.fastspeech2 import AcousticOutput
from tts.models.saved import find_checkpoint, load_acoustic, standing
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.script import Script
from tts.runtime.synthesizer import Controls, join, whole_sentences
from tts.runtime.voice import Voice
from tts.text.inventory import PhoneInventory
from tts.text.marks import MARKS, PAUSES

VOICE_REMARK = (
    "A voice has no inputs to force: to judge its mels frame by frame, evaluate the run it was exported from."
)


@dataclass(frozen=True)
class Rendition:
    """A sentence as it was recorded, or as a model speaks it."""

    mel: FloatArray  # (M, T)
    durations: npt.NDArray[np.integer]  # (P,) frames
    f0: FloatArray  # (T,) Hz, NaN where unvoiced
    energy: FloatArray | None  # (T,) natural log; None where it is not known


class Speaker(Protocol):
    """What is evaluated."""

    name: str
    remarks: tuple[str, ...]

    def forced(self, row: Row) -> Rendition | None:
        """None where it cannot be forced."""

    def free(self, row: Row) -> Rendition: ...


def evaluate_acoustic(model: Path, features: Path, n_clips: int | None = None) -> Report:
    """``model``: a run or checkpoint of 'tts train acoustic', or a voice folder; on ``n_clips`` of the validation
    split, by default on all. Raises ``InputError`` for a model of other features."""
    store = FeatureStore(features)
    speaker: Speaker = VoiceFolder(model, store) if (model / MANIFEST_FILE).is_file() else TrainedModel(model, store)
    clips = {}
    for row in tqdm(validation_rows(store, n_clips), unit="clip", desc="evaluating", leave=False):
        target, forced = recorded(store, row), speaker.forced(row)
        phones = store.read(row, "phones")
        frame_ms = 1000 * audio_config(store).hop_length / audio_config(store).sample_rate
        scores = compare_forced(target, forced) if forced else {}
        clips[row.id] = {**scores, **compare_free(target, speaker.free(row), phones, frame_ms)}
    return Report(speaker.name, str(features), clips, speaker.remarks)


def compare_forced(target: Rendition, forced: Rendition) -> dict[str, float]:
    """Frame by frame."""
    assert target.energy is not None and forced.energy is not None
    return {
        "forced/mel_l1": metrics.mel_l1(target.mel, forced.mel),
        "forced/mcd_db": metrics.mcd_db(metrics.mel_cepstra(target.mel), metrics.mel_cepstra(forced.mel)),
        "forced/f0_rmse_cents": metrics.f0_rmse_cents(target.f0, forced.f0),
        "forced/energy_rmse_db": DB * metrics.rmse(target.energy, forced.energy),
        "forced/variance_ratio": metrics.variance_ratio(target.mel, forced.mel),
    }


def compare_free(target: Rendition, free: Rendition, phones: Sequence[str], frame_ms: float) -> dict[str, float]:
    """Durations of the ``phones`` (P,) one by one, pauses by kind; the rest along the warping path."""
    spoken = np.array([phone not in PAUSES for phone in phones])
    cepstra, free_cepstra = metrics.mel_cepstra(target.mel), metrics.mel_cepstra(free.mel)
    frames, free_frames = warp(cepstra, free_cepstra)
    errors_ms = frame_ms * (free.durations - target.durations)[spoken]
    return {
        "free/duration_mae_ms": float(np.abs(errors_ms).mean()),
        "free/duration_rmse_ms": metrics.rmse(errors_ms, np.zeros(1)),
        "free/length_ratio": free.mel.shape[1] / target.mel.shape[1],
        "free/mcd_db": metrics.mcd_db(cepstra[:, frames], free_cepstra[:, free_frames]),
        "free/f0_rmse_cents": metrics.f0_rmse_cents(target.f0[frames], free.f0[free_frames]),
        "free/f0_correlation": metrics.f0_correlation(target.f0[frames], free.f0[free_frames]),
        **{f"free/{kind}/pause_ratio": ratio for kind, ratio in pause_ratios(target, free, phones).items()},
        "free/variance_ratio": metrics.variance_ratio(target.mel, free.mel),
    }


def pause_ratios(target: Rendition, free: Rendition, phones: Sequence[str]) -> dict[str, float]:
    """How long ``free`` pauses at marks of each kind within the sentence, for each second that ``target`` does."""
    ratios = {}
    for kind, mark in MARKS.items():
        at = [index for index, phone in enumerate(phones[:-1]) if phone == mark]
        if heard := target.durations[at].sum():
            ratios[kind.name.lower()] = float(free.durations[at].sum() / heard)
    return ratios


def recorded(store: FeatureStore, row: Row) -> Rendition:
    log_f0 = store.read(row, "log_f0")
    f0 = np.full(row.n_frames, np.nan) if log_f0 is None else np.exp(log_f0)
    f0 = np.where(store.read(row, "voiced"), f0, np.nan)
    return Rendition(store.read_mel(row), store.read(row, "durations"), f0, store.read(row, "energy"))


class TrainedModel:
    """FastSpeech 2 from a run or a checkpoint. Its F0 is the contour that it predicts, on every frame."""

    remarks: tuple[str, ...] = ()

    def __init__(self, path: Path, store: FeatureStore) -> None:
        checkpoint = find_checkpoint(path)
        self.name, self.store = standing(checkpoint), store
        self.model, meta = load_acoustic(checkpoint)
        self.config: Config = meta.resolved_config(checkpoint)
        store.check_config(self.config)
        store.check_vocabulary(meta.phones, meta.speakers, meta.statistics, checkpoint)
        self.dataset = AcousticDataset(store, "validation", self.config.acoustic)
        self.index = {row: index for index, row in enumerate(self.dataset.rows)}

    @torch.inference_mode()
    def forced(self, row: Row) -> Rendition:
        batch = self._batch(row)
        output: AcousticOutput = self.model(
            batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy
        )
        return self._rendition(row, output)

    @torch.inference_mode()
    def free(self, row: Row) -> Rendition:
        batch = self._batch(row)
        ones, zeros = torch.ones(batch.phone_ids.shape), torch.zeros(batch.phone_ids.shape)
        output = self.model.infer(batch.phone_ids, batch.phone_lengths, batch.speaker_ids, ones, zeros, zeros)
        return self._rendition(row, output)

    def _batch(self, row: Row) -> AcousticBatch:
        return self.dataset.batch([self.index[row]])

    def _rendition(self, row: Row, output: AcousticOutput) -> Rendition:
        """Of a batch of one."""
        durations = output.durations[0].numpy()
        if not durations.any():
            raise InputError(
                self.name, f"gives every phone of {row.id!r} a duration of 0 frames", "train it for longer"
            )
        statistics = self.store.manifest.statistics[self.store.read(row, "speaker")]
        contours = []
        for quantity, z_scores in (("pitch", output.pitch), ("energy", output.energy)):
            level = getattr(self.config.acoustic, quantity).level
            moments: Moments = getattr(statistics, quantity)[level]
            values = z_scores[0].numpy() * moments.std + moments.mean
            contours.append(np.repeat(values, durations) if level == "phone" else values)
        log_f0, energy = contours
        return Rendition(output.final_mel[0].numpy(), durations, np.exp(log_f0), energy)


class VoiceFolder:
    """An exported voice. Its F0 is that of its audio, where it is voiced."""

    remarks: tuple[str, ...] = (VOICE_REMARK,)

    def __init__(self, path: Path, store: FeatureStore) -> None:
        self.name, self.store = str(path), store
        self.voice = Voice.load(path)
        self.audio: AudioConfig = audio_config(store)
        self.pitch: PitchConfig = pitch_config(store)
        check_audio(self.voice.manifest.model_dump(), self.audio, path)
        self.inventory = PhoneInventory(self.voice.manifest.phones)

    def forced(self, row: Row) -> None:
        return None

    def free(self, row: Row) -> Rendition:
        phones, manifest = self.store.read(row, "phones"), self.voice.manifest
        speaker = self.store.read(row, "speaker")
        if speaker not in manifest.speakers:
            raise InputError(self.name, f"has no speaker {speaker!r}, who says {row.id!r}")
        script = Script(tuple(phones), tuple(self.inventory.encode(phones, f"utterance {row.id!r}")))
        synthesizer = self.voice.synthesizer
        (score,) = synthesizer.compose([script], manifest.speakers.index(speaker), Controls())
        audio = join(synthesizer.play([score], whole_sentences())).audio
        return Rendition(score.mel[0], score.durations, extract_f0(audio, self.audio, self.pitch), None)
