"""An order's sound as the body of an answer, sent while it is spoken."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from tts.runtime.speech import WordSpan
from tts.serving.encode import Delivery, Format, check_rate
from tts.serving.errors import ClientGoneError, CutOffError, as_serving_error
from tts.serving.journal import Visit
from tts.serving.performance import Opening, Order
from tts.serving.studio import Studio, studio_of, visit_of
from tts.text.sentences import Unread

log = logging.getLogger("tts.serving")
T = TypeVar("T")
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # or proxies would wait for the end


@dataclass(frozen=True)
class Sound:
    """Some encoded bytes, and the words and phones of the sentence that begins with them."""

    content: bytes
    words: tuple[WordSpan, ...] = ()
    unread: tuple[Unread, ...] = ()  # left out, since it has no reading


@dataclass(frozen=True)
class Wish:
    """How the sound should be sent. Raises ``ServingError`` for a sample rate that its format has not."""

    name: str  # of the format
    format: Format
    sample_rate: int | None = None  # Hz; None: the voice's

    def __post_init__(self) -> None:
        if self.sample_rate is not None:
            check_rate(self.format, self.sample_rate)


async def record(studio: Studio, visit: Visit, order: Order, wish: Wish) -> AsyncGenerator[Sound, None]:
    """The order's sound, encoded. Raises what ``Engine.perform`` does."""
    visit.voice, visit.format, visit.characters = str(order.choice), wish.name, len(order.text)
    delivery: Delivery | None = None
    async with aclosing(studio.engine.perform(order)) as items:
        async for item in items:
            if isinstance(item, Opening):
                rate = wish.sample_rate or item.sample_rate
                delivery = Delivery(wish.format, rate, item.sample_rate, item.n_samples)
                continue
            assert delivery
            content = await asyncio.to_thread(delivery.feed, item.audio)
            visit.hear(item)
            yield Sound(content, item.words, item.unread)
    assert delivery
    yield Sound(await asyncio.to_thread(delivery.finish))


async def answer_with_sound(
    request: Request, order: Order, wish: Wish, headers: dict[str, str] | None = None
) -> StreamingResponse:
    """Bytes of the format. What goes wrong before the first of them is an error with a status; later it cuts the
    connection, so that half a sound is never taken for the whole."""
    sounds = record(studio_of(request), visit_of(request), order, wish)
    contents = (sound.content async for sound in sounds if sound.content)
    body = await begin(request, contents)
    return StreamingResponse(body, media_type=wish.format.mime, headers={**UNBUFFERED, **(headers or {})})


async def begin(request: Request, items: AsyncGenerator[T, None]) -> AsyncIterator[T]:
    """The same items, the first of them computed: it is known by now whether there is anything to send.

    A client that goes away meanwhile stops the work.
    """
    first = await unless_gone(request, lambda: anext(items))
    visit, studio = visit_of(request), studio_of(request)
    studio.journal.hear(visit)

    async def all_items() -> AsyncGenerator[T, None]:
        try:
            async with aclosing(items):
                yield first
                async for item in items:
                    yield item
        except Exception as error:
            log.error("%s: cut off: %s", visit.id, error, exc_info=as_serving_error(error).status == 500)
            raise CutOffError from error

    return all_items()


async def unless_gone(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Raises ``ClientGoneError`` as soon as the client has closed its connection."""

    async def leaving() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, gone = asyncio.ensure_future(work()), asyncio.ensure_future(leaving())
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGoneError
    finally:
        working.cancel()
        gone.cancel()
