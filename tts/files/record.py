"""What each file of a folder was made from: who makes them again knows which are there, whole, and still right."""

import json
from pathlib import Path

from tts.files.digest import file_sha256
from tts.files.disk import append_line
from tts.files.whole import write_file

RECORD_FILE = ".made_from.jsonl"


class Record:
    """A line for each file that was finished, the last one counts: its name, a digest of its sources, and its own.

    A file that is changed, or replaced by a run that was killed before it could say so, is not current.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / RECORD_FILE
        self._made: dict[str, tuple[str, str]] = {}
        self._is_tidy = False
        for line in self._lines():
            try:
                name, source, digest = json.loads(line)
                self._made[str(name)] = str(source), str(digest)
            except (ValueError, TypeError, RecursionError):
                continue  # cut short, as the machine stopped: that file is made again

    def is_current(self, name: str, source: str) -> bool:
        """Whether the file ``name`` was made from ``source``, a digest, and is as it was then."""
        made_from, digest = self._made.get(name, ("", ""))
        path = self.folder / name
        try:
            return made_from == source and path.is_file() and file_sha256(path) == digest
        except OSError:
            return False

    def add(self, name: str, source: str, digest: str) -> None:
        """That ``name`` is finished, with its own digest. Raises ``InputError`` where that cannot be written down."""
        self._made[name] = source, digest
        if not self._is_tidy:
            write_file(self.path, "".join(f"{self._line(each)}\n" for each in self._made).encode())
            self._is_tidy = True
            return
        append_line(self.path, self._line(name))

    def _line(self, name: str) -> str:
        return json.dumps([name, *self._made[name]])

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
