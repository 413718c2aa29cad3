"""How long pauses last: those between sentences, and those that markup asks for.

Inside a sentence the acoustic model says how long a pause is. Its corpus shows little of those between sentences,
recordings being cut close to the speech, so they last as long as pauses of their kind within the recordings did.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tts.runtime.contract import VoiceManifest
from tts.text.sentences import Pause

# s, where a voice has no pauses of its own: usual of careful reading.
USUAL_S = {
    Pause.NONE: 0.1,
    Pause.COMMA: 0.25,
    Pause.SEMICOLON: 0.35,
    Pause.DASH: 0.35,
    Pause.ELLIPSIS: 0.5,
    Pause.FULL_STOP: 0.5,
    Pause.QUESTION: 0.5,
    Pause.EXCLAMATION: 0.5,
    Pause.PARAGRAPH: 0.9,
}
LEAD_S = 0.035  # s of the pause between two sentences that are the beginning of the second, where both are close

Mel = npt.NDArray[np.float32]  # (1, M, T)
Durations = npt.NDArray[np.int64]  # (P,) frames


@dataclass(frozen=True)
class PauseLengths:
    """In frames of a voice that speaks ``speed`` times as fast."""

    manifest: VoiceManifest
    speed: float = 1.0

    @property
    def lead(self) -> int:
        return self.frames(LEAD_S)

    def frames(self, seconds: float) -> int:
        return round(seconds * self.manifest.sample_rate / self.manifest.hop_length)

    def of(self, kind: Pause) -> int:
        """After a sentence that ends so. Where the voice has no length for a kind, the usual one is scaled as its full
        stops are."""
        measured = self.manifest.pauses
        ratio = measured.get(Pause.FULL_STOP, USUAL_S[Pause.FULL_STOP]) / USUAL_S[Pause.FULL_STOP]
        return self.frames(measured.get(kind, USUAL_S[kind] * ratio) / self.speed)


def hold(mel: Mel, durations: Durations, held: Mapping[int, int]) -> tuple[Mel, Durations]:
    """Pauses made as long as asked for. ``held``: frames, by index of the pause among the phones.

    Frames are taken out of the middle of a pause (the first one of all keeps its end, the last one its beginning), or
    the quietest of the sentence's pauses is repeated there.
    """
    ends = np.cumsum(durations)
    last = len(durations) - 1
    pieces, done = [], 0
    for index, frames in sorted(held.items()):
        start, end = int(ends[index] - durations[index]), int(ends[index])
        kept = min(frames, end - start)
        before = 0 if index == 0 else kept if index == last else kept // 2
        quiet = _quietest(mel, durations, (0, index, last))
        pieces += [mel[:, :, done : start + before], np.repeat(quiet, frames - kept, axis=2)]
        done = end - (kept - before)
    changed = durations.copy()
    changed[list(held)] = list(held.values())
    return np.concatenate([*pieces, mel[:, :, done:]], axis=2), changed


def _quietest(mel: Mel, durations: Durations, pauses: tuple[int, ...]) -> Mel:
    """(1, M, 1)"""
    ends = np.cumsum(durations)
    inside = np.concatenate([np.arange(ends[index] - durations[index], ends[index]) for index in pauses])
    frames = inside if len(inside) else np.arange(mel.shape[2])
    quietest = frames[mel[0][:, frames].mean(axis=0).argmin()]
    return mel[:, :, quietest : quietest + 1]
