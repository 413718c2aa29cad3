"""Messages of protobuf, read field by field (https://protobuf.dev/programming-guides/encoding).

Everything here raises ``MalformedError``, ``IndexError`` or ``UnicodeDecodeError`` for what is not such a message.
"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types

Message = bytes | memoryview
Value = int | Message


class MalformedError(ValueError):
    """Not what protobuf would write."""


def fields(message: Message) -> Iterator[tuple[int, Value]]:
    """Number and value of each field: a number, or the bytes of a text or a message."""
    at, end = 0, len(message)
    while at < end:
        key = message[at]
        at += 1
        if key > 0x7F:
            key, at = _varint(message, at - 1)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind == BYTES:
            size, at = _varint(message, at)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise MalformedError(f"wire type {kind}")
        if at + size > end:
            raise MalformedError("it ends too early")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: Message, at: int) -> tuple[int, int]:
    """The number at ``at``, and where the next byte is."""
    byte = message[at]
    if byte < 0x80:
        return byte, at + 1
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise MalformedError("a number of more than 10 bytes")


def varints(packed: Message) -> list[int]:
    at, numbers = 0, []
    while at < len(packed):
        number, at = _varint(packed, at)
        numbers.append(number)
    return numbers


def signed(number: int) -> int:
    """Of the two's complement in 64 bits, as protobuf writes it."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def message_in(value: Value) -> Message:
    if isinstance(value, int):
        raise MalformedError("a number where a message belongs")
    return value


def text(value: Value) -> str:
    return bytes(message_in(value)).decode()
