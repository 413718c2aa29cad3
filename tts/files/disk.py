"""Files that grow while they are written, and say when that fails."""

import io
from pathlib import Path
from types import TracebackType
from typing import Any

from tts.errors import system_error


def append_line(path: Path, line: str) -> None:
    """One write, so that other processes see the whole line or none of it. Raises ``InputError``.

    A line that a full disk cut short stays alone on its line: whoever reads passes over it.
    """
    content = f"{line}\n".encode()
    try:
        with path.open("a+b", buffering=0) as file:
            if file.seek(0, io.SEEK_END):
                file.seek(-1, io.SEEK_END)
                content = content if file.read(1) == b"\n" else b"\n" + content
            while content:
                content = content[file.write(content) :]
    except OSError as error:
        raise system_error(path, "cannot be written", error) from None


class DiskFile(io.FileIO):
    """A new file, for libraries that drop what the system answers when it cannot be written, or say something else.

    At the end of its context it raises ``OSError`` if anything could not be written.
    """

    failure: OSError | None = None

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w+")

    def write(self, content: Any) -> int:
        """All of it, unless the system refused before."""
        rest = whole = memoryview(content).cast("B")
        try:
            while rest and not self.failure:
                rest = rest[super().write(rest) :]
        except OSError as error:
            self.failure = error
        return len(whole)

    def check(self) -> None:
        """Raises ``OSError`` if anything could not be written so far."""
        if self.failure:
            raise self.failure

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        super().__exit__(kind, error, tb)
        if self.failure:
            raise self.failure from None
