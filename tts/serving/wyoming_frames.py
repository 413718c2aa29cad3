"""Wyoming's events off a socket: a line of JSON, then as many bytes as it says. Whoever sends them is not trusted."""

import asyncio
import json
from typing import Any

from wyoming.event import Event

MAX_LINE = 64 << 10  # bytes
MAX_PAYLOAD = 1 << 20  # bytes of sound, which nobody has reason to send here


class FrameError(Exception):
    """Bytes that are not Wyoming's, or more of them than anybody needs."""


async def read_event(reader: asyncio.StreamReader, max_data: int, patience_s: float) -> Event | None:
    """The next event, ``None`` at the end. The reader's limit should be ``MAX_LINE``.

    Raises ``FrameError``, ``TimeoutError``, or ``EOFError`` for a frame that ends early.
    """
    try:
        line = await asyncio.wait_for(reader.readline(), patience_s)
    except ValueError:
        raise FrameError(f"a line is longer than {MAX_LINE} bytes") from None
    if not line:
        return None
    header = _parse(line)
    kind, data = header.get("type"), header.get("data") or {}
    if not isinstance(kind, str) or not isinstance(data, dict):
        raise FrameError("an event needs a type, and its data are an object")
    if content := await _read(reader, header.get("data_length"), max_data, patience_s):
        data |= _parse(content)
    await _read(reader, header.get("payload_length"), MAX_PAYLOAD, patience_s)
    return Event(kind, data)


async def _read(reader: asyncio.StreamReader, length: Any, limit: int, patience_s: float) -> bytes:
    length = length or 0
    if not isinstance(length, int) or not 0 <= length <= limit:
        raise FrameError(f"a length is not between 0 and {limit}")
    return await asyncio.wait_for(reader.readexactly(length), patience_s)


def _parse(content: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        raise FrameError("not JSON") from None
    if not isinstance(tree, dict):
        raise FrameError("not an object")
    return tree
