"""Recordings of a corpus: where each lies, and its samples as whatever measures or learns from them reads them."""

import os
import unicodedata
from pathlib import Path, PurePath

import numpy as np
import numpy.typing as npt

from tts.audio.wav import read_audio
from tts.errors import InputError

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".w64", "_mic1.flac")  # the last as in VCTK 0.92


def read_recording(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    """Samples (S,) in [-1, 1], mono, and the sample rate (Hz).

    Raises ``InputError`` as ``read_audio`` does, and for a recording in which nothing can be heard.
    """
    audio, sample_rate = read_audio(path)
    if audio.min() == audio.max():
        raise InputError(path, "is silent: all its samples are equal", "record it again, or leave it out")
    return audio, sample_rate


class Recordings:
    """A folder of recordings, found by their ids whatever the case of the suffix and the form of accented letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        self._names = {_comparable(name): name for name in reversed(names)}

    def find(self, id: str) -> Path:
        """The recording of ``id``; if there is none, the path where it is expected, to be reported as missing."""
        for suffix in AUDIO_SUFFIXES:
            if (name := self._names.get(_comparable(f"{id}{suffix}"))) is not None:
                return self.folder / name
        return self.folder / f"{id}{AUDIO_SUFFIXES[0]}"


def _comparable(name: str) -> str:
    """A Mac writes accents as characters of their own (NFD), a list of ids seldom does; suffixes may be capitals."""
    name = unicodedata.normalize("NFC", name)
    suffix = PurePath(name).suffix
    return name.removesuffix(suffix) + suffix.lower()


def without_suffix(id: str) -> str:
    """Ids are sometimes the names of the files."""
    suffix = PurePath(id).suffix
    return id.removesuffix(suffix) if suffix.lower() in AUDIO_SUFFIXES else id


def existing(folder: Path, name: str) -> Path:
    """``folder / name``, or the file that is meant if ``name`` has backslashes, or accents written in another way."""
    path = folder / name
    if is_file(path):
        return path
    divided = name if os.sep == "\\" else name.replace("\\", "/")
    for form in ("NFC", "NFD"):
        if is_file(other := folder / unicodedata.normalize(form, divided)):
            return other
    return path


def is_file(path: Path) -> bool:
    """Also of names that no system allows."""
    try:
        return path.is_file()
    except OSError:
        return False
