"""Text streamed over a WebSocket, spoken while it is written, in vLLM-Omni's messages."""

import json
from typing import Any

from pydantic import ValidationError
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tts.runtime.speech import WordSpan
from tts.serving.captions import timestamps
from tts.serving.encode import Delivery
from tts.serving.errors import ServingError, as_serving_error
from tts.serving.live import LiveSpeech, Passage
from tts.serving.openai import SpeechRequest
from tts.serving.performance import Opening
from tts.serving.studio import studio_of, visit_of

CONTINUOUS = "pcm"  # the format whose sentences join to one sound; in others each is a file of its own
BAD_DATA = 1003  # WebSocket's number for it


class Session:
    """What one client says, and hears: ``session.config``, ``input.text`` as it comes, ``input.done``, again and again.

    For every passage an ``audio.start``, bytes, and an ``audio.done`` with the times of its words; ``session.done``
    when all of a text has been spoken. With another sample rate than the voice's, the last few samples come before it.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._studio, self._visit = studio_of(socket), visit_of(socket)
        self._asked = SpeechRequest(input=".", response_format=CONTINUOUS)
        self._begin()

    def _begin(self) -> None:
        """A new text."""
        self._wish = self._asked.wish()
        self._speech = LiveSpeech(self._studio, self._visit, self._asked.order(self._studio))
        self._delivery: Delivery | None = None
        self._n_passages = 0
        self._visit.format = self._wish.name

    async def take(self, message: Any) -> bool:
        """Whether to go on. Raises ``ServingError`` for a message that is not one."""
        match message:
            case {"type": "session.config"}:
                fields = {"response_format": CONTINUOUS, **message, "input": "."}
                self._asked = SpeechRequest.model_validate(fields)
                self._begin()
            case {"type": "input.text", "text": str(text)}:
                await self._speak(self._speech.feed(text))
            case {"type": "input.done"}:
                await self._finish()
            case {"type": "session.close"}:
                return False
            case _:
                raise ServingError(
                    400, "unknown_message", "expected session.config, input.text, input.done or session.close"
                )
        return True

    async def _finish(self) -> None:
        await self._speak(self._speech.finish())
        if self._delivery and (rest := self._delivery.finish()):
            await self._socket.send_bytes(rest)
        await self._socket.send_json({"type": "session.done", "total_sentences": self._n_passages})
        self._begin()

    async def _speak(self, passages: list[Passage]) -> None:
        for passage in passages:
            await self._speak_one(passage)

    async def _speak_one(self, passage: Passage) -> None:
        words: list[WordSpan] = []
        n_bytes, delivery = 0, None
        number = {"sentence_index": self._n_passages}
        async for item in self._speech.speak(passage):
            if isinstance(item, Opening):
                delivery = self._deliver(item)
                rate = self._wish.sample_rate
                start = {"sentence_text": passage.text.strip(), "format": self._wish.name, "sample_rate": rate}
                await self._socket.send_json({"type": "audio.start", **number, **start})
                continue
            assert delivery
            words += item.words
            n_bytes += await self._send(delivery.feed(item.audio))
        if delivery is None:
            return  # nothing to say
        if delivery is not self._delivery:
            n_bytes += await self._send(delivery.finish())
        end = {"total_bytes": n_bytes, "error": False, "timestamps": timestamps(words)}
        await self._socket.send_json({"type": "audio.done", **number, **end})
        self._n_passages += 1

    def _deliver(self, opening: Opening) -> Delivery:
        rate = self._wish.sample_rate or opening.sample_rate
        if self._wish.name != CONTINUOUS:
            return Delivery(self._wish.format, rate, opening.sample_rate, opening.n_samples)
        self._delivery = self._delivery or Delivery(self._wish.format, rate, opening.sample_rate, opening.n_samples)
        return self._delivery

    async def _send(self, content: bytes) -> int:
        if content:
            await self._socket.send_bytes(content)
        return len(content)


async def speech_stream(socket: WebSocket) -> None:
    await socket.accept()
    session = Session(socket)
    try:
        while await session.take(json.loads(await socket.receive_text())):
            pass
        await socket.close()
    except WebSocketDisconnect:
        pass
    except Exception as error:
        told = as_serving_error(ServingError(400, "invalid_json", "not JSON") if _garbled(error) else error)
        await socket.send_json({"type": "error", "message": told.message, "error": told.tree()})
        await socket.close(BAD_DATA)
        if told.status == 500:
            raise


def _garbled(error: Exception) -> bool:
    return isinstance(error, ValueError | KeyError | RecursionError) and not isinstance(error, ValidationError)


routes = [WebSocketRoute("/v1/audio/speech/stream", speech_stream)]
