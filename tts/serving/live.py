"""Text that comes in fragments, spoken passage by passage as if it had come whole."""

import unicodedata
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from tts.runtime.speech import AudioChunk
from tts.serving.errors import ServingError
from tts.serving.journal import Visit
from tts.serving.performance import Item, Order
from tts.serving.studio import Studio
from tts.text.front_end import passage_reader

SAID = "LNS"  # Unicode's letters, numbers and symbols, emoji among them


@dataclass(frozen=True)
class Passage:
    text: str
    start: int  # offset in the whole text
    closing: bool  # nothing that can be said follows


class LiveSpeech:
    """One text. ``order`` says how it should be spoken; its own text is not. Markup is read when all of it is there."""

    def __init__(self, studio: Studio, visit: Visit, order: Order) -> None:
        self._studio, self._visit = studio, visit
        self._order = replace(order, part=True)
        manifest = studio.book.manifests[order.choice.voice]
        self._reader = passage_reader(manifest.front_end, manifest.language)
        self._held: list[str] = []  # whole passages, until it is known whether something follows them
        self._start = 0  # of the first of them
        self._heard_s = 0.0
        visit.voice = str(order.choice)

    def feed(self, fragment: str) -> list[Passage]:
        """The passages that can be spoken by now. Raises ``ServingError`` for one without end."""
        self._visit.characters += len(fragment)
        if self._order.markup == "plain":
            self._held += self._reader.feed(fragment)
        else:
            self._reader.rest += fragment
        if sum(map(len, self._held)) + len(self._reader.rest) > self._studio.settings.max_chars:
            raise ServingError(413, "input_too_long", "a sentence is too long", param="input")
        return self._release(ended=False)

    def finish(self) -> list[Passage]:
        """What is left: the text has ended."""
        self._held += self._reader.finish() if self._order.markup == "plain" else [self._reader.rest]
        return self._release(ended=True)

    def _release(self, *, ended: bool) -> list[Passage]:
        released = []
        while self._held:
            closing = not any(map(_has_word, (*self._held[1:], "" if ended else self._reader.rest)))
            if closing and not ended:
                break
            text = self._held.pop(0)
            released.append(Passage(text, self._start, closing))
            self._start += len(text)
        return released

    async def speak(self, passage: Passage) -> AsyncGenerator[Item, None]:
        """An opening and chunks, with times and offsets from the beginning of the text; nothing if there is nothing
        to say."""
        start_s = self._heard_s
        order = replace(self._order, text=passage.text, opening=not start_s, closing=passage.closing)
        async with aclosing(self._studio.engine.perform(order)) as items:
            async for item in items:
                if isinstance(item, AudioChunk):
                    self._heard_s += len(item.audio) / item.sample_rate
                    self._visit.hear(item)
                    self._studio.journal.hear(self._visit)
                    item = _moved(item, start_s, passage.start)
                yield item


def _has_word(text: str) -> bool:
    return any(unicodedata.category(character)[0] in SAID for character in text)


def _moved(chunk: AudioChunk, seconds: float, characters: int) -> AudioChunk:
    words = tuple(
        replace(
            word,
            start_s=word.start_s + seconds,
            end_s=word.end_s + seconds,
            start=word.start + characters,
            end=word.end + characters,
        )
        for word in chunk.words
    )
    return replace(chunk, words=words)
