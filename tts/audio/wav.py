"""Sound files in and out, without torch."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from tts.config.errors import InputError
from tts.config.features import PCM_FULL_SCALE

FORMATS = {".wav": ("WAV", "PCM_16"), ".flac": ("FLAC", "PCM_16"), ".ogg": ("OGG", "VORBIS")}
WRITE_BLOCK = 1 << 16  # samples; libsndfile's Vorbis encoder keeps a whole write on the stack and overflows it
UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # what programs that write a WAV into a pipe leave in its header


def read_audio(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    """Samples (S,) in [-1, 1], channels averaged to mono, and the sample rate (Hz).

    Raises ``InputError`` for a file that is missing, unreadable, truncated, empty, or holds NaN or infinity.
    """
    try:
        with soundfile.SoundFile(path) as file:
            audio = file.read(dtype="float32", always_2d=True)  # (S, channels)
            sample_rate, promised = file.samplerate, file.frames
    except (OSError, soundfile.LibsndfileError) as error:
        reason = "audio file is missing" if not path.exists() else f"cannot be read as audio ({error})"
        raise InputError(path, reason) from None
    if len(audio) < promised or _missing_bytes(path):
        raise InputError(path, "is truncated: it holds fewer samples than its header promises", "restore the file")
    if not len(audio):
        raise InputError(path, "holds no samples")
    if not np.isfinite(audio).all():
        raise InputError(path, "holds samples that are NaN or infinite")
    return audio.mean(axis=1, dtype=np.float32), sample_rate


def write_audio(path: Path, audio: npt.NDArray[np.float32], sample_rate: int) -> None:
    """Write samples (S,) in [-1, 1], in the format the suffix names: 16-bit WAV or FLAC, or Ogg Vorbis.

    Louder samples are clipped. The file appears whole or not at all. Raises ``InputError`` for another suffix, a
    missing folder, or samples that are NaN or infinite.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise InputError(path, "the suffix names no audio format", f"use one of {', '.join(FORMATS)}")
    if not np.isfinite(audio).all():
        raise InputError(path, "not written, since samples are NaN or infinite")
    scaled = np.rint(audio.astype(np.float64) * PCM_FULL_SCALE)
    pcm = scaled.clip(-PCM_FULL_SCALE, PCM_FULL_SCALE - 1).astype(np.int16)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with soundfile.SoundFile(partial, "w", sample_rate, channels=1, format=kind[0], subtype=kind[1]) as file:
            for start in range(0, len(pcm), WRITE_BLOCK):
                file.write(pcm[start : start + WRITE_BLOCK])
        partial.replace(path)
    except (OSError, soundfile.LibsndfileError) as error:
        reason = "cannot be written" if path.parent.is_dir() else "its folder does not exist"
        raise InputError(path, f"{reason} ({error})") from None
    finally:
        partial.unlink(missing_ok=True)


def _missing_bytes(path: Path) -> int:
    """How many bytes of sample data a RIFF header promises beyond the end of the file; libsndfile does not say."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(12)[:4] != b"RIFF":
            return 0
        while len(header := file.read(8)) == 8:
            length = int.from_bytes(header[4:], "little")
            if header[:4] == b"data":
                return 0 if length in UNKNOWN_SIZES else max(0, file.tell() + length - size)
            file.seek(length + length % 2, os.SEEK_CUR)
    return 0
