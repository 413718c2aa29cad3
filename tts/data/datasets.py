"""Rows of the feature store as tensors, collated into named batches."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from tts.audio.mel import LOG_FLOOR
from tts.audio.wav import PCM_FULL_SCALE
from tts.config.acoustic import AcousticConfig
from tts.config.features import Moments
from tts.data.batches import AcousticBatch, Batch, VocoderBatch
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.names import Split
from tts.text.inventory import PhoneInventory

BatchT = TypeVar("BatchT", bound=Batch, covariant=True)


class BatchSource(Protocol[BatchT]):
    """What the training loop draws from."""

    @property
    def lengths(self) -> Sequence[int]:
        """Frames of each item, for the sampler."""

    def batch(self, indices: Sequence[int], epoch: int) -> BatchT: ...


class AcousticDataset:
    """Whole utterances of one split (None: of all); pitch and energy z-scored per speaker at the model's level."""

    def __init__(
        self,
        store: FeatureStore,
        split: Split | None,
        config: AcousticConfig,
        repeats: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """``repeats``: how often each recording of a speaker is there, where not once."""
        self.store, self.config = store, config
        rows = store.split(split) if split else store.rows
        if unknown := set(repeats) - set(store.manifest.speakers):
            fix = f"it has {', '.join(store.manifest.speakers)}"
            raise InputError(
                "training.acoustic.repeats", f"names {', '.join(sorted(unknown))}, not in the features", fix
            )
        times = (repeats.get(store.read(row, "speaker"), 1) if repeats else 1 for row in rows)
        self.rows = [row for row, n in zip(rows, times, strict=True) for _ in range(n)]
        self.lengths = [row.n_frames for row in self.rows]
        self.inventory = PhoneInventory(store.manifest.phones)
        self.speaker_ids = {name: index for index, name in enumerate(store.manifest.speakers)}

    def batch(self, indices: Sequence[int], epoch: int = 0) -> AcousticBatch:
        """``epoch`` changes nothing: utterances are used whole."""
        rows = [self.rows[i] for i in indices]
        phone_ids = [self._phone_ids(row) for row in rows]
        mel = [self.store.read_mel(row) for row in rows]
        return AcousticBatch(
            ids=tuple(row.id for row in rows),
            phone_ids=_pad(phone_ids),
            phone_lengths=torch.tensor([len(ids) for ids in phone_ids]),
            speaker_ids=torch.tensor([self.speaker_ids[self.store.read(row, "speaker")] for row in rows]),
            durations=_pad([self.store.read(row, "durations").astype(np.int64) for row in rows]),
            pitch=_pad([self._normalised(row, "pitch") for row in rows]),
            energy=_pad([self._normalised(row, "energy") for row in rows]),
            mel=_pad(mel),
            mel_lengths=torch.tensor([row.n_frames for row in rows]),
        )

    def _phone_ids(self, row: Row) -> np.ndarray:
        return np.array(self.inventory.encode(self.store.read(row, "phones"), f"utterance {row.id!r}"), dtype=np.int64)

    def _normalised(self, row: Row, quantity: str) -> np.ndarray:
        level = self.config.pitch.level if quantity == "pitch" else self.config.energy.level
        column = {"pitch": "log_f0", "energy": "energy"}[quantity]
        values = self.store.read(row, column if level == "frame" else f"phone_{column}")
        if values is None:  # no voiced frame: the speaker's mean pitch, which z-scoring makes 0
            length = row.n_frames if level == "frame" else len(self.store.read(row, "durations"))
            return np.zeros(length, dtype=np.float32)
        if not np.isfinite(values).all():
            raise InputError(row.shard, f"{quantity} of utterance {row.id!r} is not finite", "preprocess again")
        statistics = self.store.manifest.statistics[self.store.read(row, "speaker")]
        moments: Moments = getattr(statistics, quantity)[level]
        z_scores: np.ndarray = (values - moments.mean) / moments.std
        return z_scores.astype(np.float32)


class SegmentDataset:
    """Random stretches of mel with the audio they were computed from: one of each recording per epoch.

    Where a segment starts depends on seed, epoch and index alone, so a resumed run draws what it would have drawn.
    """

    def __init__(
        self,
        store: FeatureStore,
        split: Split,
        n_frames: int,
        hop_length: int,
        seed: int,
        peaks: tuple[float, float] | None = None,
    ) -> None:
        """``peaks``: between which recordings are scaled, audio and mel, at random in dB; None: as they are."""
        self.store, self.n_frames, self.hop_length, self.seed, self.peaks = store, n_frames, hop_length, seed, peaks
        self.frames_per_s = store.manifest.config["audio"]["sample_rate"] / hop_length
        self.rows = store.split(split)
        self.lengths = [n_frames] * len(self.rows)

    def batch(self, indices: Sequence[int], epoch: int) -> VocoderBatch:
        mels, audios, log_f0s, first_frames, phases = zip(*(self._segment(i, epoch) for i in indices), strict=True)
        n_frames, n_samples = self.n_frames, self.n_frames * self.hop_length
        return VocoderBatch(
            ids=tuple(self.rows[i].id for i in indices),
            mel=_pad(mels, n_frames, np.log(LOG_FLOOR)),  # those shorter than a segment end in digital silence
            audio=_pad(audios, n_samples)[:, None],
            log_f0=_pad([np.append(f0, np.full(n_frames - len(f0), f0[-1])) for f0 in log_f0s]),
            first_frames=torch.tensor(first_frames),
            phases=torch.tensor(phases, dtype=torch.float64),
        )

    def _segment(self, index: int, epoch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, float]:
        """Mel (M, T), audio (S,) and log F0 (T,) as float32, the first frame, and the cycles of the F0 before it.

        Shorter where the utterance is.
        """
        row, random = self.rows[index], np.random.default_rng((self.seed, epoch, index))
        start = int(random.integers(max(0, row.n_frames - self.n_frames) + 1))
        stop = min(start + self.n_frames, row.n_frames)
        whole = self.store.read(row, "audio")
        gain = self._gain(whole, random)
        audio = whole[start * self.hop_length : stop * self.hop_length] * np.float32(gain / PCM_FULL_SCALE)
        mel = louder(self.store.read_mel(row, slice(start, stop)), gain)
        log_f0 = self._log_f0(row)
        return mel, audio, log_f0[start:stop].astype(np.float32), start, self._cycles_before(log_f0, start)

    def _gain(self, recording: np.ndarray, random: np.random.Generator) -> float:
        """What brings a recording (S,) int16 to its peak; 1 for digital silence."""
        peak = max(int(recording.max()), -int(recording.min())) / PCM_FULL_SCALE
        return float(np.exp(random.uniform(*np.log(self.peaks))) / peak) if self.peaks and peak else 1.0

    def _cycles_before(self, log_f0: np.ndarray, frame: int) -> float:
        return float(cycles(np.exp(log_f0[: frame + 1].astype(np.float64)), self.frames_per_s)[-1])

    def _log_f0(self, row: Row) -> np.ndarray:
        """(T,), the speaker's mean where no frame is voiced."""
        log_f0: np.ndarray | None = self.store.read(row, "log_f0")
        if log_f0 is None:
            mean = self.store.manifest.statistics[self.store.read(row, "speaker")].pitch["frame"].mean
            return np.full(row.n_frames, mean)
        return log_f0


def cycles(f0: np.ndarray, frames_per_s: float) -> np.ndarray:
    """From the centre of the first frame to that of each (T,), float64. F0 (T,), Hz, glides evenly between."""
    return np.concatenate(([0.0], (f0[1:] + f0[:-1]).cumsum() / 2 / frames_per_s))


def louder(mel: np.ndarray, gain: float) -> np.ndarray:
    """The log-mel (M, T) of audio that is ``gain`` times as large. What was silent stays so."""
    if gain == 1.0:
        return mel
    floor = np.float32(np.log(LOG_FLOOR))
    return np.where(mel > floor, np.maximum(mel + np.float32(np.log(gain)), floor), floor)


def _pad(sequences: Sequence[np.ndarray], length: int | None = None, value: float = 0.0) -> Tensor:
    """Right-padded along the last axis into (B, ..., length), by default that of the longest.

    By NumPy, not by torch, whose threads would be a second set beside those of the step that goes on meanwhile.
    """
    first, longest = sequences[0], length or max(s.shape[-1] for s in sequences)
    padded = np.full((len(sequences), *first.shape[:-1], longest), value, first.dtype)
    for row, sequence in zip(padded, sequences, strict=True):
        row[..., : sequence.shape[-1]] = sequence
    return torch.from_numpy(padded)
