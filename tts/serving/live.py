"""Text that comes in fragments, spoken passage by passage as if it had come whole."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeVar

from tts.runtime.synthesizer import AudioChunk, Span
from tts.serving.errors import ServingError
from tts.serving.journal import Visit
from tts.serving.performance import Item, Order
from tts.serving.studio import Studio
from tts.text.passages import PassageReader

SpanT = TypeVar("SpanT", bound=Span)


class LiveSpeech:
    """One text. ``order`` says how it should be spoken; its own text is not."""

    def __init__(self, studio: Studio, visit: Visit, order: Order) -> None:
        self._studio, self._visit = studio, visit
        self._order = replace(order, part=True)
        self._reader = PassageReader()
        self._waiting = 0  # characters of the passage that has not ended yet
        self._heard_s = 0.0
        self._left: int | None = None  # passages still to be spoken, once the text has ended
        visit.voice = str(order.choice)

    def feed(self, fragment: str) -> list[str]:
        """The passages that ``fragment`` completes. Raises ``ServingError`` for one without end."""
        passages = self._reader.feed(fragment)
        self._visit.characters += len(fragment)
        self._waiting += len(fragment) - sum(map(len, passages))
        if self._waiting > self._studio.settings.max_chars:
            raise ServingError(413, "input_too_long", "a sentence is too long", param="input")
        return passages

    def finish(self) -> list[str]:
        """What is left: the text has ended."""
        rest = self._reader.finish()
        self._left = len(rest)
        return rest

    async def speak(self, passage: str) -> AsyncGenerator[Item, None]:
        """An opening and chunks, with times from the beginning of the text; nothing if there is nothing to say."""
        if self._left is not None:
            self._left -= 1
        order = replace(self._order, text=passage, opening=not self._heard_s, closing=self._left == 0)
        start_s = self._heard_s
        async with aclosing(self._studio.engine.perform(order)) as items:
            async for item in items:
                if isinstance(item, AudioChunk):
                    item = replace(item, words=_later(item.words, start_s), phones=_later(item.phones, start_s))
                    self._heard_s += len(item.audio) / item.sample_rate
                    self._visit.audio_s = self._heard_s
                    self._studio.journal.hear(self._visit)
                yield item


def _later(spans: tuple[SpanT, ...], start_s: float) -> tuple[SpanT, ...]:
    return tuple(replace(span, start_s=span.start_s + start_s, end_s=span.end_s + start_s) for span in spans)
