"""Wyoming, the protocol of Home Assistant's voice, in the order that Home Assistant reads it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, Eventable, async_write_event
from wyoming.info import Describe
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped

from tts.audio.wav import to_pcm16
from tts.names import Markup
from tts.serving.errors import ClientGoneError, ServingError, as_serving_error
from tts.serving.journal import Visit
from tts.serving.live import LiveSpeech, Passage
from tts.serving.performance import Opening, Order
from tts.serving.studio import Studio
from tts.serving.wyoming_frames import FrameError, read_event
from tts.serving.wyoming_info import describe

SAMPLES_PER_CHUNK = 1024
SAMPLE_WIDTH, CHANNELS = 2, 1  # bytes
MARKUP: dict[str, Markup] = {"text": "plain", "ssml": "ssml"}  # by text_format
log = logging.getLogger("tts.serving")

Write = Callable[[Eventable], Awaitable[None]]


class Conversation:
    """One client's connection, which may ask again and again."""

    def __init__(self, studio: Studio, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._studio, self._reader, self._writer = studio, reader, writer
        peer = writer.get_extra_info("peername")
        self._client = peer[0] if isinstance(peer, tuple) else "-"
        self.speaking = False

    async def run(self) -> None:
        """Until the client leaves. An error ends it: Home Assistant would wait on for sound."""
        try:
            event = await self._read()
            while event:
                event = await self._answer(event) or await self._read()
        except (FrameError, ClientGoneError, OSError, EOFError):
            pass
        except Exception as error:
            told = as_serving_error(error)
            if told.status == 500:
                log.exception("Wyoming: %s", error)
            await self._apologise(told)
        finally:
            self._writer.close()

    async def _answer(self, event: Event) -> Event | None:
        """An event that came instead of those expected is handed back. Unknown ones are nobody's business."""
        if Describe.is_type(event.type):
            await self._write(describe(self._studio.book))
        elif Ping.is_type(event.type):
            await self._write(Pong())
        elif Synthesize.is_type(event.type):
            with self._visit(event) as visit:
                await self._speak_whole(event, visit)
        elif SynthesizeStart.is_type(event.type):
            with self._visit(event) as visit:
                return await self._speak_stream(event, visit)
        return None

    async def _speak_whole(self, event: Event, visit: Visit) -> None:
        utterance = self._utterance(event, visit)
        await utterance.hear(self._studio.check_length(_text(event)))
        await utterance.finish()
        visit.complete = True

    async def _speak_stream(self, start: Event, visit: Visit) -> Event | None:
        """Sentences as they become whole. The whole text, which comes as well, has been heard by then."""
        utterance = self._utterance(start, visit)
        while event := await self._read():
            if SynthesizeChunk.is_type(event.type):
                await utterance.hear(_text(event))
            elif SynthesizeStop.is_type(event.type):
                await utterance.finish()
                await self._write(SynthesizeStopped())
                visit.complete = True
                return None
            elif SynthesizeStart.is_type(event.type):
                return event
            elif not Synthesize.is_type(event.type):
                await self._answer(event)
        raise ClientGoneError

    def _utterance(self, event: Event, visit: Visit) -> "Utterance":
        markup = MARKUP.get(str(event.data.get("text_format") or "text"))
        if markup is None:
            raise ServingError(400, "unsupported_format", f"text_format should be one of {', '.join(MARKUP)}")
        voice = event.data.get("voice") or {}
        name, speaker = (voice.get(field) for field in ("name", "speaker")) if isinstance(voice, dict) else (0, 0)
        if not isinstance(name, str | None) or not isinstance(speaker, str | None):
            raise ServingError(400, "invalid_value", "voice: name and speaker should be strings")
        order = Order("", self._studio.book.find(name or None, speaker or None), markup=markup)
        rate = self._studio.book.manifests[order.choice.voice].sample_rate
        return Utterance(LiveSpeech(self._studio, visit, order), rate, self._write)

    @contextmanager
    def _visit(self, event: Event) -> Iterator[Visit]:
        visit = Visit(self._client, "WYOMING", event.type, route=event.type, status=200, format="pcm")
        self.speaking = True
        try:
            with self._studio.journal.record(visit):
                yield visit
        finally:
            self.speaking = False

    async def _read(self) -> Event | None:
        settings = self._studio.settings
        return await read_event(self._reader, settings.max_body, settings.patience_s)

    async def _write(self, event: Eventable) -> None:
        try:
            await asyncio.wait_for(async_write_event(event.event(), self._writer), self._studio.settings.patience_s)
        except OSError:
            raise ClientGoneError from None

    async def _apologise(self, error: ServingError) -> None:
        with suppress(ClientGoneError):
            await self._write(Error(error.message, error.code))


class Utterance:
    """One text: audio-start, chunks, and audio-stop, however the text comes, and even if nothing is said."""

    def __init__(self, speech: LiveSpeech, sample_rate: int, write: Write) -> None:
        self._speech, self._rate, self._write = speech, sample_rate, write
        self._begun = False

    async def hear(self, text: str) -> None:
        """Speaks as much as is whole by now."""
        await self._speak(self._speech.feed(text))

    async def finish(self) -> None:
        """The text has ended."""
        await self._speak(self._speech.finish())
        await self._begin()
        await self._write(AudioStop())

    async def _speak(self, passages: list[Passage]) -> None:
        for passage in passages:
            async for item in self._speech.speak(passage):
                await self._begin()
                if not isinstance(item, Opening):
                    await self._send(to_pcm16(item.audio).astype("<i2").tobytes())

    async def _begin(self) -> None:
        if not self._begun:
            await self._write(AudioStart(self._rate, SAMPLE_WIDTH, CHANNELS))
            self._begun = True

    async def _send(self, content: bytes) -> None:
        size = SAMPLES_PER_CHUNK * SAMPLE_WIDTH
        for at in range(0, len(content), size):
            await self._write(AudioChunk(self._rate, SAMPLE_WIDTH, CHANNELS, content[at : at + size]))


def _text(event: Event) -> str:
    text = event.data.get("text")
    if not isinstance(text, str):
        raise ServingError(400, "invalid_value", "text should be a string")
    return text
