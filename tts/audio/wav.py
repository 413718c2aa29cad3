"""Sound files in and out, without torch."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from tts.audio.ogg import OggFile
from tts.errors import InputError, system_error
from tts.files.disk import DiskFile
from tts.files.whole import whole_file

PCM = npt.NDArray[np.int16]
PCM_FULL_SCALE = 32768.0  # what 1 is in 16 bits
Sink = Callable[[PCM], object]

LARGEST_RATE = {"ogg": 192_000, "flac": 655_350}  # Hz; of higher ones libsndfile's encoder ends the process
FLAC_ANY_RATE = 65_535  # Hz; above, only multiples of 10 fit into its header
FORMATS = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "ogg": ("OGG", "VORBIS"), "raw": ("RAW", "PCM_16")}
READ_BLOCK = 1 << 20  # samples of all channels
SAMPLE_RATES = (4_000, 192_000)  # Hz, of recordings of speech
LARGEST_PEAK = 4.0  # floats may go somewhat beyond 1, as lossy formats do; 12 dB beyond, they are in another unit
WRITE_BLOCK = 1 << 16  # samples; libsndfile's Vorbis encoder keeps a whole write on the stack and overflows it
UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # what programs that write a WAV into a pipe leave in its header


def read_audio(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    """Samples (S,) in [-1, 1], channels averaged to mono, and the sample rate (Hz).

    Memory is bounded by the samples that are really there, not by what the header promises. Raises ``InputError`` for
    a file that is missing, unreadable, truncated, empty, or whose samples or sample rate no recording has.
    """
    if not path.is_file():  # of a pipe it would wait for sound
        raise unreadable(path, "it is not a file")
    try:
        with soundfile.SoundFile(path) as file:
            sample_rate = file.samplerate
            promised = 0 if file.format == "MP3" else file.frames  # that of an MP3 is an estimate
            check_recording_rate(path, sample_rate)
            audio = _read_mono(file)
    except (OSError, ValueError, soundfile.SoundFileError) as error:
        raise unreadable(path, error) from None
    if not len(audio):
        raise InputError(path, "holds no samples")
    if len(audio) < promised or _missing_bytes(path):
        raise InputError(path, "is truncated: it holds fewer samples than its header promises", "restore the file")
    check_samples(path, audio)
    return audio, sample_rate


def check_samples(path: Path, audio: npt.NDArray[np.float32]) -> None:
    """Raise ``InputError`` for what no recording holds."""
    peak = float(np.abs(audio).max(initial=0.0))
    if not np.isfinite(peak):
        raise InputError(path, "holds samples that are NaN or infinite")
    if peak > LARGEST_PEAK:
        raise InputError(path, f"holds samples up to {peak:.4g}, far beyond 1", "scale them to between -1 and 1")


def unreadable(path: Path, reason: object) -> InputError:
    """Of a sound file. libsndfile says "System error" for whatever the system answers when it opens one."""
    try:
        if path.is_file():
            path.open("rb").close()
        elif not path.exists():
            return InputError(path, "audio file is missing", "restore it, or take it out of the list")
    except OSError as refused:
        return system_error(path, "cannot be read", refused)
    return InputError(path, f"cannot be read as audio ({reason})", "save it as WAV or FLAC")


def _read_mono(file: soundfile.SoundFile) -> npt.NDArray[np.float32]:
    """Block by block, until nothing more comes. (S,)"""
    blocks: list[npt.NDArray[np.float32]] = []
    while len(block := file.read(READ_BLOCK // file.channels, dtype="float32", always_2d=True)):  # (S, channels)
        blocks.append(block.mean(axis=1, dtype=np.float32))
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def check_recording_rate(path: Path, sample_rate: int) -> None:
    """Raise ``InputError`` for one (Hz) that no recording of speech has."""
    low, high = SAMPLE_RATES
    if not low <= sample_rate <= high:
        what = f"has a sample rate of {sample_rate:,} Hz, not between {low:,} and {high:,} Hz"
        raise InputError(path, what, "is its header right? else resample it")


def to_pcm16(audio: npt.NDArray[np.float32], dither: np.random.Generator | None = None) -> PCM:
    """Samples (S,) in [-1, 1] rounded to 16 bits; louder ones are clipped, never wrapped.

    ``dither`` adds triangular noise of two steps' width first, which turns what rounding does to faint sounds from
    distortion into hiss (Lipshitz et al. 1992). Raises ``InputError`` for samples that are NaN or infinite.
    """
    if not np.isfinite(audio).all():
        raise InputError("audio", "not written, since samples are NaN or infinite")
    scaled = audio.astype(np.float64) * PCM_FULL_SCALE
    if dither is not None:
        scaled += dither.triangular(-1.0, 0.0, 1.0, len(scaled))
    return np.rint(scaled).clip(-PCM_FULL_SCALE, PCM_FULL_SCALE - 1).astype(np.int16)


def wav_header(sample_rate: int, n_samples: int | None = None) -> bytes:
    """Of a mono 16-bit WAV file of so many samples, or as long as the pipe that it comes through."""
    layout = struct.pack("<HHIIHH", 1, 1, sample_rate, 2 * sample_rate, 2, 16)  # PCM, channels, bytes and bits a sample
    content = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + b"data"
    endless = UNKNOWN_SIZES[-1]
    size = endless if n_samples is None else 2 * n_samples  # bytes
    whole = endless if n_samples is None else len(content) + 4 + size
    return b"RIFF" + struct.pack("<I", whole) + content + struct.pack("<I", size)


@contextmanager
def audio_file(path: Path, sample_rate: int, name: str | None = None) -> Iterator[Sink]:
    """Something to call with one block of samples (S,) after the other, in the format ``name`` or the suffix says.

    The file appears whole when the context ends, or not at all. Raises ``InputError`` for another suffix, or a folder
    that is missing.
    """
    name = name or path.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise InputError(path, "the suffix names no audio format", f"use one of {', '.join(f'.{f}' for f in FORMATS)}")
    with whole_file(path) as partial, encoder(partial, sample_rate, name) as write:
        yield write


def check_rate(name: str, sample_rate: int, where: object) -> None:
    """Raise ``InputError`` unless the format ``name`` can hold sound of that rate (Hz)."""
    too_high = sample_rate > LARGEST_RATE.get(name, sample_rate)
    if too_high or (name == "flac" and sample_rate > FLAC_ANY_RATE and sample_rate % 10):
        what = f"a sample rate of {sample_rate:,} Hz does not fit into {name}"
        raise InputError(where, what, "resample to 48,000 Hz")


@contextmanager
def encoder(path: Path, sample_rate: int, name: str) -> Iterator[Sink]:
    """As ``audio_file``, into a file that is not whole before the context ends. Raises ``OSError``, too."""
    check_rate(name, sample_rate, path.name)
    kind, subtype = FORMATS[name]
    with OggFile(path) if kind == "OGG" else DiskFile(path) as disk:
        try:
            with soundfile.SoundFile(disk, "w", sample_rate, channels=1, format=kind, subtype=subtype) as file:
                yield lambda pcm: _write(file, disk, pcm)
        except soundfile.LibsndfileError as error:
            raise OSError(str(error)) from None


def _write(file: soundfile.SoundFile, disk: DiskFile, pcm: PCM) -> None:
    for at in range(0, len(pcm), WRITE_BLOCK):
        file.write(pcm[at : at + WRITE_BLOCK])
        disk.check()


@contextmanager
def audio_pipe(pipe: BinaryIO, sample_rate: int, name: str = "wav") -> Iterator[Sink]:
    """The same into a pipe, heard while it is written: ``wav``, whose header leaves the length open, or ``raw``."""
    if name == "wav":
        pipe.write(wav_header(sample_rate))
    elif name != "raw":
        raise InputError(f"format {name!r}", "cannot be written into a pipe", "use wav or raw")

    def write(pcm: PCM) -> None:
        pipe.write(pcm.astype("<i2").tobytes())
        pipe.flush()

    yield write


def write_audio(path: Path, audio: npt.NDArray[np.float32], sample_rate: int) -> None:
    """Samples (S,) in [-1, 1] as an ``audio_file``. Raises ``InputError`` for samples that are NaN or infinite, too."""
    with audio_file(path, sample_rate) as write:
        write(to_pcm16(audio))


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
