"""A file of texts into a folder of sound files. What is finished and still right is kept: the same again goes on."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Unpack

from tts.audio.delivery import Delivery
from tts.audio.wav import encoder
from tts.errors import InputError, system_error
from tts.files.digest import file_sha256, sha256
from tts.files.documents import read_text
from tts.files.names import as_file, check_name
from tts.files.record import Record
from tts.files.whole import remove_leftovers, whole_file
from tts.names import Variant
from tts.runtime.contract import VoiceManifest
from tts.runtime.folder import graph_files
from tts.runtime.manner import Manner
from tts.runtime.voice import Voice
from tts.text.sentences import Unread
from tts.text.user_lexicon import UserLexicon, read_user_lexicon

LONGEST_SHOWN = 40  # characters of what is named in a message
FILE_NAME = re.compile(r"\w[\w.-]{0,99}")


@dataclass(frozen=True)
class Line:
    where: str  # file and line, for messages
    id: str  # name of the sound file, without the suffix
    text: str


def read_texts(path: Path) -> list[tuple[int, str]]:
    """The lines that are not empty, each with its number from 1 on. Raises ``InputError`` for what cannot be read."""
    written = io.StringIO(read_text(path), newline=None)
    return [(number, line.rstrip("\n")) for number, line in enumerate(written, start=1) if line.strip()]


def read_lines(path: Path) -> list[Line]:
    """``id|text``, or text whose id is its line number; empty lines are left out.

    Raises ``InputError`` for a file that cannot be read, and an id that occurs twice or is not a file name.
    """
    lines: dict[str, Line] = {}
    for number, content in read_texts(path):
        where = f"{path}, line {number}"
        id, bar, text = content.partition("|")
        if not bar:
            id, text = f"{number:05}", content
        if not FILE_NAME.fullmatch(id):
            raise InputError(where, f"id {id!r} is not a file name", "use letters, digits, '.', '-' and '_'")
        check_name(id, "id", where)
        if same := lines.get(as_file(id)):
            raise InputError(where, f"id {id!r} is that of {same.where} already", "give each line its own id")
        lines[as_file(id)] = Line(where, id, text)
    if not lines:
        raise InputError(path, "holds no text")
    return list(lines.values())


class Speaking:
    """How lines become the sound files of ``folder``. Each hangs on its text, the voice and the options alone."""

    def __init__(self, folder: Path, suffix: str, delivery: Delivery, **how: Unpack[Manner]) -> None:
        lexicon = how.get("lexicon")
        if isinstance(lexicon, str | Path):  # read once, for all lines and for the record of what they were made from
            how["lexicon"] = read_user_lexicon(Path(lexicon))
        self.folder, self.suffix, self.delivery, self.how = folder, suffix, delivery, how
        self.record = Record(folder)

    def unfinished(self, lines: Sequence[Line], manifest: VoiceManifest, variant: Variant | None) -> list[Line]:
        """Those without a sound file, or whose file was made from something else or changed since."""
        self._made_with = sha256(repr((_voice(manifest, variant), self.suffix, self.delivery, self._manner())).encode())
        return [line for line in lines if not self.record.is_current(f"{line.id}{self.suffix}", self._source(line))]

    def speak(self, voice: Voice, lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
        """Each line of ``unfinished`` after its sound file was written, and what of it could not be read, if anything.

        A line that cannot be spoken at all gets no file, and one that it had before is removed. If ``strict``, the
        first line of which something cannot be read raises ``InputError``; the lines before it are finished.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise system_error(self.folder, "cannot be made", error) from None
        remove_leftovers(self.folder)
        for line in lines:
            yield line, self._speak(voice, line)

    def _speak(self, voice: Voice, line: Line) -> str:
        path = self.folder / f"{line.id}{self.suffix}"
        try:
            speech = voice.synthesize(line.text, **self.how)
        except InputError as error:
            if self.how.get("strict"):
                raise InputError(line.where, str(error)) from None
            path.unlink(missing_ok=True)
            return f"{line.where}: {error}"
        with whole_file(path) as partial:
            with encoder(partial, self.delivery.rate(speech.sample_rate), self.suffix.removeprefix(".")) as write:
                for pcm in self.delivery.convert([speech.audio], speech.sample_rate):
                    write(pcm)
            digest = file_sha256(partial)  # of this one: another run may replace it
        self.record.add(path.name, self._source(line), digest)
        return f"{line.where}: {left_out(speech.unread)}" if speech.unread else ""

    def _source(self, line: Line) -> str:
        return sha256(self._made_with.encode(), line.text.encode())

    def _manner(self) -> list[tuple[str, object]]:
        """All that changes the sound. Of a lexicon its content counts."""
        how = {key: value for key, value in self.how.items() if value is not None and key != "strict"}
        if isinstance(lexicon := how.get("lexicon"), UserLexicon):
            how["lexicon"] = lexicon.source
        return sorted(how.items())


def _voice(manifest: VoiceManifest, variant: Variant | None) -> object:
    """All of a voice, and of this program, that changes the sound."""
    graphs = graph_files(manifest, variant)
    files = {name: digest for name, digest in manifest.sha256.items() if name in graphs or not name.endswith(".onnx")}
    versions = [version("linnet-tts"), version("onnxruntime")]
    return manifest.facts_sha256, manifest.default_speaker, sorted(files.items()), versions


def left_out(unread: Sequence[Unread]) -> str:
    """One line that says what was not read."""
    return f"left out what has no reading: {', '.join(repr(entry.text[:LONGEST_SHOWN]) for entry in unread)}"
