"""Sound as clients ask for it, made while it is spoken. libsndfile encodes."""

import io
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import soundfile

from tts.audio.ogg import SteadySerial
from tts.audio.resample import Audio, Resampler, resampled_length
from tts.audio.wav import PCM, WRITE_BLOCK, to_pcm16, wav_header
from tts.serving.errors import ServingError

USUAL_RATE = 24_000  # Hz, what OpenAI's clients take for granted
RATES = (8000, 48_000)  # Hz
COMMON_RATES = (8000, 16_000, 24_000, 48_000)  # Hz, of every format
FLAC_SIZE = slice(22, 26)  # bytes of the header's number of samples, but for its highest four bits


class Encoder(ABC):
    """Blocks of 16-bit samples (S,) into bytes that may be sent at once: nothing sent is ever changed."""

    @abstractmethod
    def feed(self, pcm: PCM) -> bytes: ...

    def finish(self) -> bytes:
        return b""


class Raw(Encoder):
    """Samples behind a header that is known when the sound begins."""

    def __init__(self, header: bytes = b"") -> None:
        self._header = header

    def feed(self, pcm: PCM) -> bytes:
        header, self._header = self._header, b""
        return header + pcm.astype("<i2").tobytes()


class Container(Encoder):
    """What libsndfile writes."""

    def __init__(self, sample_rate: int, kind: str, subtype: str, **options: Any) -> None:
        self._tape = _Tape()
        self._file = soundfile.SoundFile(self._tape, "w", sample_rate, 1, format=kind, subtype=subtype, **options)

    def feed(self, pcm: PCM) -> bytes:
        for at in range(0, len(pcm), WRITE_BLOCK):
            self._file.write(pcm[at : at + WRITE_BLOCK])
        return self._tape.take()

    def finish(self) -> bytes:
        self._file.close()
        return self._tape.take()


class Flac(Container):
    """Its header says how long the sound will be, which libsndfile writes at the end only."""

    def __init__(self, sample_rate: int, n_samples: int) -> None:
        super().__init__(sample_rate, "FLAC", "PCM_16")
        self._n_samples: int | None = n_samples

    def feed(self, pcm: PCM) -> bytes:
        return self._sized(super().feed(pcm))

    def finish(self) -> bytes:
        return self._sized(super().finish())

    def _sized(self, content: bytes) -> bytes:
        if not content or self._n_samples is None:
            return content
        header = bytearray(content)
        header[FLAC_SIZE] = self._n_samples.to_bytes(4, "big")
        self._n_samples = None
        return bytes(header)


class Opus(Container):
    """In Ogg."""

    def __init__(self, sample_rate: int) -> None:
        super().__init__(sample_rate, "OGG", "OPUS")
        self._pages = SteadySerial()

    def feed(self, pcm: PCM) -> bytes:
        return self._pages.feed(super().feed(pcm))

    def finish(self) -> bytes:
        return self._pages.feed(super().finish()) + self._pages.finish()


@dataclass(frozen=True)
class Format:
    mime: str
    make: Callable[[int, int], Encoder]  # of sample rate (Hz) and number of samples, 0 unless measured
    measured: bool = False  # whether the header holds the number of samples
    rates: tuple[int, ...] = ()  # Hz; any of RATES if empty


def _mp3(sample_rate: int, n_samples: int) -> Encoder:
    """At a constant bit rate: a variable one has a header that is only right at the end."""
    return Container(sample_rate, "MP3", "MPEG_LAYER_III", bitrate_mode="CONSTANT", compression_level=0.5)


FORMATS = {
    "mp3": Format("audio/mpeg", _mp3, rates=(8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)),
    "opus": Format("audio/ogg", lambda rate, _: Opus(rate), rates=(8000, 12_000, 16_000, 24_000, 48_000)),
    "flac": Format("audio/flac", Flac, measured=True),
    "wav": Format("audio/wav", lambda rate, n_samples: Raw(wav_header(rate, n_samples)), measured=True),
    "pcm": Format("audio/pcm", lambda *_: Raw()),
}


def find_format(name: str) -> Format:
    """Raises ``ServingError`` for a format that is not among ``FORMATS``."""
    if name not in FORMATS:
        message = f"response_format {name[:20]!r} is not supported; choose one of {', '.join(FORMATS)}"
        raise ServingError(400, "unsupported_format", message, param="response_format")
    return FORMATS[name]


def check_rate(format: Format, sample_rate: int) -> None:
    """Raises ``ServingError`` for a rate (Hz) that the format, or no listener, has."""
    low, high = RATES
    if not low <= sample_rate <= high or (format.rates and sample_rate not in format.rates):
        rates = ", ".join(map(str, format.rates)) or f"{low} to {high}"
        raise ServingError(
            400, "invalid_value", f"sample_rate {sample_rate} is not possible; choose from {rates}", param="sample_rate"
        )


class Delivery:
    """From what a voice speaks to what is sent: sample rate, 16 bits, container."""

    def __init__(self, format: Format, sample_rate: int, spoken_rate: int, n_samples: int | None) -> None:
        """Of ``n_samples`` at ``spoken_rate`` (Hz), ``None`` if that is not known."""
        self._resampler = Resampler(spoken_rate, sample_rate) if sample_rate != spoken_rate else None
        self._encoder = format.make(sample_rate, resampled_length(n_samples or 0, spoken_rate, sample_rate))

    def feed(self, audio: Audio) -> bytes:
        return self._encoder.feed(to_pcm16(self._resampler.feed(audio) if self._resampler else audio))

    def finish(self) -> bytes:
        rest = self._encoder.feed(to_pcm16(self._resampler.finish())) if self._resampler else b""
        return rest + self._encoder.finish()


class _Tape(io.RawIOBase):
    """A file that forgets what has been taken from it. libsndfile corrects headers at the end: too late, so ignored."""

    def __init__(self) -> None:
        self._kept, self._start, self._position = bytearray(), 0, 0

    def write(self, content: Any) -> int:
        content = bytes(content)
        late = min(max(self._start - self._position, 0), len(content))
        at = self._position + late - self._start
        self._kept[at : at + len(content) - late] = content[late:]
        self._position += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._start + len(self._kept)}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def take(self) -> bytes:
        content = bytes(self._kept)
        self._start += len(content)
        self._kept.clear()
        return content
