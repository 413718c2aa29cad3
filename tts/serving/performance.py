"""An order is spoken: the one place that knows the runtime."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tts.runtime.synthesizer import AudioChunk, Score
from tts.runtime.voice import Voice
from tts.serving.voices import Choice

KEPT_FRAMES = 20_000  # of mel, about 6 MB; the sentences of longer texts are composed again when their turn comes


@dataclass(frozen=True)
class Order:
    """What to say, and how."""

    text: str
    choice: Choice
    speed: float = 1.0
    pitch: float = 0.0  # semitones
    energy: float = 0.0  # dB
    measured: bool = False  # the number of samples is needed before the first one

    def controls(self) -> dict[str, Any]:
        return {"speaker": self.choice.speaker, "speed": self.speed, "pitch": self.pitch, "energy": self.energy}


@dataclass(frozen=True)
class Opening:
    """What is known before the sound."""

    sample_rate: int  # Hz
    n_samples: int | None  # None unless the order is measured


Step = Opening | AudioChunk | None  # None: some work was done that nothing is heard of yet


def perform(voice: Voice, order: Order) -> Iterator[Step]:
    """One opening, then chunks of audio. Between two steps, which are short, the performance can be left.

    Raises ``InputError`` as ``Voice.stream`` does.
    """
    if not order.measured:
        yield Opening(voice.manifest.sample_rate, None)
        yield from voice.stream(order.text, **order.controls())
        return
    n_frames, kept = 0, list[Score]()
    for score in voice.compose(order.text, **order.controls()):
        n_frames += score.n_frames
        kept.append(score)
        if n_frames > KEPT_FRAMES:
            kept.clear()
        yield None
    yield Opening(voice.manifest.sample_rate, n_frames * voice.manifest.hop_length)
    scores = kept if n_frames <= KEPT_FRAMES else voice.compose(order.text, **order.controls())
    yield from voice.play(scores)
