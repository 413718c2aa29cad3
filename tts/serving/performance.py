"""An order is spoken: the one place that knows the runtime."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tts.names import Markup
from tts.runtime.manner import Manner
from tts.runtime.speech import AudioChunk
from tts.runtime.synthesizer import Score
from tts.runtime.voice import Voice
from tts.serving.voices import Choice
from tts.text.sentences import NothingToSayError

KEPT_FRAMES = 20_000  # of mel, about 6 MB; the sentences of longer texts are composed again when their turn comes
SILENCE_S = 0.25  # s that text without words is "spoken" for: clients take no sound at all for a failure


@dataclass(frozen=True)
class Order:
    """What to say, and how."""

    text: str
    choice: Choice
    speed: float = 1.0
    pitch: float = 0.0  # semitones
    energy: float = 0.0  # dB
    markup: Markup = "plain"
    measured: bool = False  # the number of samples is needed before the first one
    part: bool = False  # of a text that comes in passages: it may hold nothing to say
    opening: bool = True  # nothing of the text has been heard yet
    closing: bool = True  # nothing of it follows

    def manner(self) -> Manner:
        """For the voice, which leaves out and lists what it cannot read."""
        return {
            "speaker": self.choice.speaker,
            "speed": self.speed,
            "pitch": self.pitch,
            "energy": self.energy,
            "markup": self.markup,
        }


@dataclass(frozen=True)
class Opening:
    """What is known before the sound."""

    sample_rate: int  # Hz
    n_samples: int | None  # None unless the order is measured


Item = Opening | AudioChunk
Step = Sequence[Item]  # what a short stretch of work has brought, perhaps nothing


def perform(voice: Voice, order: Order) -> Iterator[Step]:
    """One opening, then chunks of audio. Between two steps the performance can be left.

    Raises ``InputError`` as ``Voice.stream`` does, but for text without words.
    """
    try:
        yield from _measured(voice, order) if order.measured else _at_once(voice, order)
    except NothingToSayError:
        if not order.part:
            silence = np.zeros(round(SILENCE_S * voice.manifest.sample_rate), np.float32)
            yield _opening(voice, len(silence)), AudioChunk(silence, voice.manifest.sample_rate, (), ())


def _at_once(voice: Voice, order: Order) -> Iterator[Step]:
    chunks = voice.play(_compose(voice, order), opening=order.opening)
    if first := next(chunks, None):
        yield _opening(voice, None), first
    yield from ((chunk,) for chunk in chunks)


def _measured(voice: Voice, order: Order) -> Iterator[Step]:
    n_frames, kept = 0, list[Score]()
    for score in _compose(voice, order):
        n_frames += score.n_frames
        kept.append(score)
        if n_frames > KEPT_FRAMES:
            kept.clear()
        yield ()
    scores = iter(kept) if n_frames <= KEPT_FRAMES else _compose(voice, order)
    chunks = voice.play(scores, opening=order.opening)
    if first := next(chunks, None):
        yield _opening(voice, n_frames * voice.manifest.hop_length), first
    yield from ((chunk,) for chunk in chunks)


def _compose(voice: Voice, order: Order) -> Iterator[Score]:
    return voice.compose(order.text, opening=order.opening, closing=order.closing, **order.manner())


def _opening(voice: Voice, n_samples: int | None) -> Opening:
    return Opening(voice.manifest.sample_rate, n_samples)
