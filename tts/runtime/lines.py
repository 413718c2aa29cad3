"""A file of texts into a folder of sound files. What is finished is kept: the same again goes on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from tts.audio.delivery import Delivery
from tts.audio.wav import audio_file
from tts.errors import InputError
from tts.runtime.manner import Manner
from tts.runtime.speech import Speech
from tts.runtime.voice import Voice
from tts.text.sentences import Unread

LONGEST_SHOWN = 40  # characters of what is named in a message
WINDOW = 32  # lines spoken together; a killed run repeats at most as many
FILE_NAME = re.compile(r"\w[\w.-]{0,99}")


@dataclass(frozen=True)
class Line:
    where: str  # file and line, for messages
    id: str  # name of the sound file, without the suffix
    text: str


def read_texts(path: Path) -> list[tuple[int, str]]:
    """The lines that are not empty, each with its number from 1 on. Raises ``InputError`` for what cannot be read."""
    try:
        written = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read as text ({error})") from None
    return [(number, line.rstrip("\r")) for number, line in enumerate(written, start=1) if line.strip()]


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
        if id in lines:
            raise InputError(where, f"id {id!r} is that of {lines[id].where} already")
        lines[id] = Line(where, id, text)
    if not lines:
        raise InputError(path, "holds no text")
    return list(lines.values())


def unfinished(lines: Sequence[Line], folder: Path, suffix: str) -> list[Line]:
    """Those without a sound file in ``folder``."""
    return [line for line in lines if not (folder / f"{line.id}{suffix}").exists()]


def speak_lines(
    voice: Voice, lines: Sequence[Line], folder: Path, suffix: str, delivery: Delivery, **how: Unpack[Manner]
) -> Iterator[tuple[Line, str]]:
    """Each line after its sound file has been written, and what of it could not be read, if anything.

    A line that cannot be spoken at all gets no file. If ``strict``, the first line of which something cannot be read
    raises ``InputError``; the lines before it are finished.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(lines), WINDOW):
        window = lines[first : first + WINDOW]
        for line, speech in _speak(voice, window, how):
            if isinstance(speech, InputError):
                if how.get("strict"):
                    raise InputError(line.where, str(speech))
                yield line, f"{line.where}: {speech}"
                continue
            with audio_file(folder / f"{line.id}{suffix}", delivery.rate(speech.sample_rate)) as write:
                for pcm in delivery.convert([speech.audio], speech.sample_rate):
                    write(pcm)
            yield line, f"{line.where}: {left_out(speech.unread)}" if speech.unread else ""


def left_out(unread: Sequence[Unread]) -> str:
    """One line that says what was not read."""
    return f"left out what has no reading: {', '.join(repr(entry.text[:LONGEST_SHOWN]) for entry in unread)}"


def _speak(voice: Voice, lines: Sequence[Line], how: Manner) -> Iterator[tuple[Line, Speech | InputError]]:
    try:
        speeches = voice.synthesize_batch([line.text for line in lines], **how)
    except InputError:  # one by one, to know the lines that are to blame
        for line in lines:
            try:
                yield line, voice.synthesize(line.text, **how)
            except InputError as error:
                yield line, error
    else:
        yield from zip(lines, speeches, strict=True)
