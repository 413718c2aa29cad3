"""Whether a recording can be what it should be: the text, all of it, and audible. No recogniser is needed for that."""

from bisect import insort
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

FRAME_S = 0.02
SILENT_DB = -50.0  # of full scale: quieter is not speech
PAUSE_DB, LONGEST_PAUSE_S = 40.0, 2.5  # below the loudest frames; within speech
FLAT_TOP, CLIPPED_SAMPLES = 0.985, 32  # of full scale; samples that stand still up there
SLOWEST, FASTEST = 3.0, 45.0  # characters a second, of any voice
RATIO = 2.0  # times as fast, or as slow, as the voice usually is
ENOUGH = 12  # recordings, to know how fast a voice usually is


@dataclass
class Pace:
    """Characters a second of what was accepted so far."""

    known: list[float] = field(default_factory=list)  # ascending
    lock: Lock = field(default_factory=Lock)

    def add(self, pace: float) -> None:
        with self.lock:
            insort(self.known, pace)

    @property
    def limits(self) -> tuple[float, float]:
        with self.lock:
            if len(self.known) < ENOUGH:
                return SLOWEST, FASTEST
            median = self.known[len(self.known) // 2]
            return median / RATIO, median * RATIO


def characters(text: str) -> int:
    """What is said of a text, roughly: numbers are longer said than written."""
    return sum(3 if character.isdigit() else 1 for character in text if character.isalnum())


def problem_of(audio: npt.NDArray[np.float32], sample_rate: int, text: str, pace: Pace) -> str:
    """What is wrong with audio (S,), or nothing; then its pace is remembered."""
    size = round(FRAME_S * sample_rate)
    if len(audio) < 3 * size:
        return f"is {len(audio) / sample_rate:.2f} s long"
    frames = audio[: len(audio) // size * size].reshape(-1, size).astype(np.float64)
    levels_db = 10 * np.log10(np.square(frames).mean(1) + 1e-12)
    loud_db = float(np.percentile(levels_db, 95))
    if loud_db < SILENT_DB:
        return "is silent"
    spoken = np.flatnonzero(levels_db > loud_db - PAUSE_DB)
    longest_s = float(np.diff(spoken).max(initial=0)) * FRAME_S
    if longest_s > LONGEST_PAUSE_S:
        return f"has a pause of {longest_s:.1f} s"
    top = np.abs(audio) > FLAT_TOP * max(float(np.abs(audio).max()), 0.9)
    flat = int(np.count_nonzero(top[1:] & (np.abs(np.diff(audio)) < 1e-4)))
    if flat >= CLIPPED_SAMPLES:
        return f"is clipped ({flat} samples)"
    speech_s = (spoken[-1] - spoken[0] + 1) * FRAME_S
    found, (low, high) = characters(text) / speech_s, pace.limits
    if not low <= found <= high:
        return f"has {found:.1f} characters a second, not {low:.0f} to {high:.0f}: too much, or not all of it, was said"
    pace.add(found)
    return ""
