"""A page for a blind listening test: it stands alone, plays each sentence of each system, and keeps the votes.

In a test of pairs the listener says which of two sounds is better. In a test of single sounds (absolute category
rating, ITU-T P.800) each is rated from 1 to 5, recordings among them if there are any: the hidden reference. All sounds
have the same loudness, since the louder one is liked better.
"""

import base64
import io
import json
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from tts.audio.loudness import normalise_loudness
from tts.audio.wav import check_rate, read_audio, to_pcm16
from tts.errors import InputError
from tts.files.digest import sha256
from tts.names import ListeningKind
from tts.page.shared import shared_files
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.lines import Line
from tts.runtime.voice import Voice

PAGE = Path(__file__).with_name("listening_page")
SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".opus")
LOUDNESS = -23.0  # LUFS, of EBU R 128

Audio = npt.NDArray[np.float32]


def listening_page(systems: Sequence[str], lines: Sequence[Line], kind: ListeningKind, reference: Path | None) -> str:
    """HTML. systems: voices (names or folders), or folders of sounds named by the ids of ``lines``.

    Raises ``InputError`` for a system that lacks one of the lines, two of one name, and what cannot be read.
    """
    if kind == "pairs" and reference:
        raise InputError(
            "--reference", "is for --kind mos", "give the folder as one more system to compare it in pairs"
        )
    if kind == "pairs" and len(systems) < 2:
        raise InputError("pairs", "need two systems", "give another voice or folder, or --kind mos")
    places = [*systems, *([str(reference)] if reference else [])]
    names = _names(places)
    sounds = {
        name: [_packed(*sound) for sound in _sounds(place, lines)] for name, place in zip(names, places, strict=True)
    }
    test: dict[str, Any] = {
        "kind": kind,
        "systems": names,
        "utterances": [{"id": line.id, "text": line.text} for line in lines],
        "sounds": [sounds[name] for name in names],
        "pairs": list(combinations(range(len(names)), 2)) if kind == "pairs" else [],
    }
    test["key"] = sha256(json.dumps(test).encode())[:16]  # a browser keeps the votes of a page under this name
    return _fill(test)


def _names(places: Sequence[str]) -> list[str]:
    """The last part of each path where that tells them apart, else the whole."""
    short = [Path(place).name for place in places]
    names = short if len(set(short)) == len(short) else list(places)
    if len(set(names)) < len(names):
        raise InputError(", ".join(places), "names a system twice", "compare different ones")
    return names


def _sounds(place: str, lines: Sequence[Line]) -> Iterator[tuple[Audio, int]]:
    """Samples and sample rate of each line."""
    folder = Path(place)
    if folder.is_dir() and not (folder / MANIFEST_FILE).is_file():
        for line in lines:
            yield read_audio(_sound_file(folder, line))
        return
    voice = Voice.load(place)
    for line in lines:
        try:
            speech = voice.synthesize(line.text)
        except InputError as error:
            raise InputError(line.where, str(error)) from None
        yield speech.audio, speech.sample_rate


def _sound_file(folder: Path, line: Line) -> Path:
    for suffix in SUFFIXES:
        if (path := folder / f"{line.id}{suffix}").is_file():
            return path
    raise InputError(folder, f"has no sound file {line.id!r}", f"it needs one for each line, such as {line.id}.wav")


def _packed(audio: Audio, sample_rate: int) -> str:
    """A data URL of FLAC, which every browser plays and which loses nothing. Raises ``InputError`` for a sample rate
    that it cannot have."""
    check_rate("flac", sample_rate, "sounds")
    file = io.BytesIO()
    pcm = to_pcm16(normalise_loudness(audio, sample_rate, LOUDNESS))
    soundfile.write(file, pcm, sample_rate, format="FLAC", subtype="PCM_16")
    return f"data:audio/flac;base64,{base64.b64encode(file.getvalue()).decode()}"


def _fill(test: dict[str, Any]) -> str:
    """The page with everything it needs in it."""
    shared = {name: content.decode() for name, content in shared_files().items()}
    own = {path.name: path.read_text(encoding="utf-8") for path in PAGE.iterdir() if path.is_file()}
    data = json.dumps(test).replace("<", "\\u003c")  # or a text could end the script that holds it
    icon = base64.b64encode(shared["icon.svg"].encode()).decode()
    page = own["index.html"]
    for place, content in {
        "ICON": f"data:image/svg+xml;base64,{icon}",
        "STYLE": shared["style.css"] + own["listening.css"],
        "TEST": data,
        "SCRIPT": own["listening.js"],
    }.items():
        page = page.replace(f"{{{{{place}}}}}", content, 1)
    return page
