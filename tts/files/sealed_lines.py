"""A file of lines that grows while long work goes on, so that a run that was killed goes on with what is right."""

from pathlib import Path

from tts.files.digest import sha256
from tts.files.disk import append_line
from tts.files.whole import write_file


class SealedLines:
    """Each line begins with a digest of itself and of all before it, the first of which is what the work is made from.

    ``found``: the lines that were there, up to the first that is damaged, or follows from something else.
    """

    def __init__(self, path: Path, source: str) -> None:
        """Drops what follows ``found``. Raises ``InputError`` where the file cannot be written."""
        self.path, self.found, self._seal = path, list[str](), source
        kept = []
        for line in path.read_bytes().decode(errors="replace").split("\n") if path.is_file() else []:
            seal, _, content = line.partition(" ")
            if seal != self._next_seal(content):
                break
            self._seal = seal
            self.found.append(content)
            kept.append(f"{seal} {content}\n")
        write_file(path, "".join(kept).encode())

    def add(self, content: str) -> None:
        """Raises ``InputError`` where it cannot be written."""
        self._seal = self._next_seal(content)
        append_line(self.path, f"{self._seal} {content}")

    def _next_seal(self, content: str) -> str:
        return sha256(self._seal.encode(), content.encode())
