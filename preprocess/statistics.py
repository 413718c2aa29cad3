"""Mean and spread of pitch and energy per speaker, over the training split alone.

Sums are kept as integers, in units of ``1 / RESOLUTION``: integers add up to the same whatever the order, so neither
the order of files nor the number of workers changes a bit of the result.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf, sqrt
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tts.config.features import Moments, PauseStatistics, SpeakerStatistics
from tts.errors import InputError
from tts.names import Level
from tts.text.marks import MARKS

RESOLUTION = 2**32
MIN_STD = 1e-4  # of log-F0 and log energy; what never varies (a test tone) must not be divided by zero
LEVELS: tuple[Level, ...] = ("phone", "frame")


@dataclass
class RunningMoments:
    """Sums over a stream of values."""

    count: int = 0
    total: int = 0  # 1 / RESOLUTION
    total_of_squares: int = 0  # 1 / RESOLUTION
    lowest: float = inf
    highest: float = -inf

    def add(self, values: npt.NDArray[np.float64]) -> None:
        """values: (N,), of magnitude below 100 or so, as logarithms are."""
        if len(values):
            self.count += len(values)
            self.total += _exact_sum(values)
            self.total_of_squares += _exact_sum(values**2)
            self.lowest = min(self.lowest, float(values.min()))
            self.highest = max(self.highest, float(values.max()))

    def result(self) -> Moments:
        mean = self.total / (RESOLUTION * self.count)
        # In integers, hence without cancellation: n * sum(x^2) - sum(x)^2, in units of 1 / RESOLUTION^2.
        spread = self.count * self.total_of_squares * RESOLUTION - self.total**2
        std = max(sqrt(max(spread, 0)) / (RESOLUTION * self.count), MIN_STD)
        minimum, maximum = (self.lowest - mean) / std, (self.highest - mean) / std
        return Moments(mean=mean, std=std, minimum=minimum, maximum=maximum, count=self.count)


@dataclass
class _Speaker:
    pitch: dict[Level, RunningMoments] = field(default_factory=lambda: {level: RunningMoments() for level in LEVELS})
    energy: dict[Level, RunningMoments] = field(default_factory=lambda: {level: RunningMoments() for level in LEVELS})


def without_outliers(values: npt.ArrayLike, n_iqr: float) -> npt.NDArray[np.float64]:
    """The values within ``n_iqr`` interquartile ranges of the quartiles (Tukey's fences)."""
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return array
    lower, upper = np.percentile(array, (25, 75))
    margin = n_iqr * (upper - lower)
    kept: npt.NDArray[np.float64] = array[(array >= lower - margin) & (array <= upper + margin)]
    return kept


def speaker_statistics(tables: Iterable[pa.Table], outlier_iqr: float) -> dict[str, SpeakerStatistics]:
    """Statistics of every speaker in ``tables`` (columns of the features), outliers of each utterance left out.

    Pitch counts where it was measured: voiced frames, and phones with at least one. Phones without frames do not count.
    Raises ``InputError`` for a speaker without training utterances or without a voiced frame in them.
    """
    speakers: defaultdict[str, _Speaker] = defaultdict(_Speaker)
    for table in tables:
        for row in range(table.num_rows):
            _add_utterance(speakers[str(table["speaker"][row])], table, row, outlier_iqr)
    return {name: _finish(name, speakers[name]) for name in sorted(speakers)}


def pause_statistics(tables: Iterable[pa.Table], frame_s: float) -> dict[str, PauseStatistics]:
    """How long the pauses of each kind are that are heard within utterances of the training split."""
    lengths: defaultdict[str, list[int]] = defaultdict(list)  # frames, by mark
    for table in tables:
        for row in np.flatnonzero(np.asarray(table["split"]) == "train").tolist():
            phones, durations = table["phones"][row].as_py(), _column(table, "durations", row)
            for phone, frames in zip(phones[:-1], durations[:-1], strict=True):  # of the last one, most is cut off
                lengths[phone].append(int(frames))
    heard = {str(kind): [frames for frames in lengths[mark] if frames] for kind, mark in MARKS.items()}
    return {
        kind: PauseStatistics(count=len(frames), median_s=median(frames) * frame_s)
        for kind, frames in heard.items()
        if frames
    }


def _add_utterance(speaker: _Speaker, table: pa.Table, row: int, n_iqr: float) -> None:
    if str(table["split"][row]) != "train":
        return
    durations, voiced = _column(table, "durations", row), _column(table, "voiced", row)
    energy, phone_energy = _column(table, "energy", row), _column(table, "phone_energy", row)
    speaker.energy["frame"].add(without_outliers(energy, n_iqr))
    speaker.energy["phone"].add(without_outliers(phone_energy[durations > 0], n_iqr))
    if voiced.any():
        # How many voiced frames lie before each phone boundary; a phone is voiced where the number rises.
        n_voiced = np.concatenate(([0], np.cumsum(voiced)))[np.concatenate(([0], np.cumsum(durations)))]
        log_f0, phone_log_f0 = _column(table, "log_f0", row), _column(table, "phone_log_f0", row)
        speaker.pitch["frame"].add(without_outliers(log_f0[voiced], n_iqr))
        speaker.pitch["phone"].add(without_outliers(phone_log_f0[np.diff(n_voiced) > 0], n_iqr))


def _finish(name: str, speaker: _Speaker) -> SpeakerStatistics:
    if not speaker.energy["frame"].count:
        hint = "add recordings, or lower preprocess.validation_share"
        raise InputError(f"speaker {name!r}", "has no training utterances", hint)
    if not speaker.pitch["frame"].count:
        hint = "check the recordings, and preprocess.pitch.floor and ceiling"
        raise InputError(f"speaker {name!r}", "has no voiced frame in the training split", hint)
    return SpeakerStatistics(
        pitch={level: moments.result() for level, moments in speaker.pitch.items()},
        energy={level: moments.result() for level, moments in speaker.energy.items()},
    )


def _column(table: pa.Table, name: str, row: int) -> npt.NDArray[Any]:
    return np.asarray(table[name][row].values)


def _exact_sum(values: npt.NDArray[np.float64]) -> int:
    return int(np.rint(values * RESOLUTION).astype(np.int64).sum())
