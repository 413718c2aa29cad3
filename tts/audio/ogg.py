"""Ogg streams that are the same bytes whenever they hold the same sound.

libsndfile numbers each stream at random. Streams that are played one after the other must have different numbers, so
each gets one that hangs on its first sound. RFC 3533: a page is a header, a table of lengths, and the content they add
up to.
"""

import zlib
from pathlib import Path
from types import TracebackType
from typing import Any

from tts.files.disk import DiskFile

HEADER = 27  # bytes, the last of which is how many lengths follow
GRANULES = slice(6, 14)  # how much sound there is up to the end of the page: none in pages that only describe it
SERIAL, CHECKSUM = slice(14, 18), slice(22, 26)
# The checksum of Ogg takes the bits of a byte in the other order than zlib does, and begins and ends without inversion.
MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
ALL_ONES = 0xFFFFFFFF


class SteadySerial:
    """Pages in, in pieces of any length; whole pages out, from the first one with sound on."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._held: list[bytearray] = []
        self._serial = b""

    def feed(self, content: bytes) -> bytes:
        self._unread += content
        while page := self._next_page():
            if not self._serial and any(page[GRANULES]):
                self._serial = zlib.crc32(page[HEADER:]).to_bytes(4, "little")
            self._held.append(page)
        return self._numbered() if self._serial else b""

    def finish(self) -> bytes:
        """The rest, which is all of it where there was no sound."""
        self._serial = self._serial or bytes(4)
        return self._numbered() + bytes(self._unread)

    def _next_page(self) -> bytearray:
        """Empty while it is not there as a whole."""
        table = HEADER + self._unread[HEADER - 1] if len(self._unread) >= HEADER else 0
        end = table + sum(self._unread[HEADER:table])
        if not table or len(self._unread) < end:
            return bytearray()
        page = self._unread[:end]
        del self._unread[:end]
        return page

    def _numbered(self) -> bytes:
        for page in self._held:
            page[SERIAL], page[CHECKSUM] = self._serial, bytes(4)
            page[CHECKSUM] = checksum(page).to_bytes(4, "little")
        done = b"".join(self._held)
        self._held.clear()
        return done


class OggFile(DiskFile):
    """What libsndfile writes of Ogg, which is one page after the other."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pages = SteadySerial()

    def write(self, content: Any) -> int:
        super().write(self._pages.feed(content))
        return len(content)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        super().write(self._pages.finish())
        super().__exit__(kind, error, tb)


def checksum(page: bytes | bytearray) -> int:
    """CRC-32 by the polynomial 0x04c11db7, from 0 on, the highest bit of each byte first."""
    mirrored = zlib.crc32(page.translate(MIRRORED), ALL_ONES) ^ ALL_ONES
    return int(f"{mirrored:032b}"[::-1], 2)
