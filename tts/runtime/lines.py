"""A file of texts into a folder of sound files. What is finished is kept: the same again goes on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tts.audio.delivery import Delivery
from tts.audio.wav import audio_file
from tts.errors import InputError
from tts.runtime.synthesizer import Speech
from tts.runtime.voice import Voice

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
    """``id|text``, or text whose id is its line number; empty lines are none.

    Raises ``InputError`` for a file that cannot be read, and an id that is twice there or no file name.
    """
    lines: dict[str, Line] = {}
    for number, content in read_texts(path):
        where = f"{path}, line {number}"
        id, bar, text = content.partition("|")
        if not bar:
            id, text = f"{number:05}", content
        if not FILE_NAME.fullmatch(id):
            raise InputError(where, f"id {id!r} is no file name", "use letters, digits, '.', '-' and '_'")
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
    voice: Voice, lines: Sequence[Line], folder: Path, suffix: str, delivery: Delivery, **how: Any
) -> Iterator[Line]:
    """Each line after its sound file has been written. ``how`` is as for ``Voice.synthesize``.

    Raises ``InputError`` with the first line that cannot be spoken; the lines before it are finished.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(lines), WINDOW):
        window = lines[first : first + WINDOW]
        for line, speech in _speak(voice, window, how):
            with audio_file(folder / f"{line.id}{suffix}", delivery.rate(speech.sample_rate)) as write:
                for pcm in delivery.convert([speech.audio], speech.sample_rate):
                    write(pcm)
            yield line


def _speak(voice: Voice, lines: Sequence[Line], how: dict[str, Any]) -> Iterator[tuple[Line, Speech]]:
    try:
        speeches = voice.synthesize_batch([line.text for line in lines], **how)
    except InputError:  # one by one, up to the line that is to blame
        for line in lines:
            try:
                yield line, voice.synthesize(line.text, **how)
            except InputError as error:
                raise InputError(line.where, str(error)) from None
    else:
        yield from zip(lines, speeches, strict=True)
