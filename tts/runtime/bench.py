"""How fast a voice speaks on this machine, over the length of the text."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from tts.errors import InputError
from tts.names import Variant
from tts.runtime.folder import chosen_variant
from tts.runtime.memory import peak_mb
from tts.runtime.session import Hardware
from tts.runtime.voice import Voice

# Short and long ones, as people write.
SENTENCES = (
    "The rain has stopped.",
    "We walked down to the harbour, where the boats were coming in one after another with the tide.",
    "Nobody had expected so many of them.",
    "If you stand at the end of the pier on a clear morning, you can see the lighthouse, the two islands behind it, "
    "and sometimes, far away, the snow on the mountains.",
    "What do you think they will bring?",
    "Fish, mostly, and news from the villages along the coast.",
)
LONGEST_S = 36_000.0  # which would take for hours
LENGTHS = (1.0, 5.0, 20.0, 60.0, 180.0, 600.0)  # s, about
REPEATS = 3  # of what takes less than a second; the fastest counts

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One text. Times are wall-clock; memory is the most the process has held so far."""

    audio_s: float
    first_audio_ms: float
    stream_rtf: float  # time to compute / time to play
    stream_peak_mb: float
    rtf: float
    peak_mb: float


@dataclass(frozen=True)
class Report:
    """``str`` is a table."""

    voice: str
    variant: Variant
    device: str
    threads: int
    load_s: float
    rows: tuple[Row, ...]

    def tree(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        threads = self.threads or "all"
        return "\n".join(
            [
                f"voice {self.voice}, {self.variant}, {self.device}, {threads} threads, loaded in {self.load_s:.2f} s",
                f"{'':9}{'------- stream -------':>33}{'---- one piece ----':>20}",
                f"{'audio s':>9}{'first audio ms':>16}{'RTF':>8}{'peak MB':>9}{'RTF':>11}{'peak MB':>9}",
                *map(_line, self.rows),
            ]
        )


def bench(
    folder: Path, hardware: Hardware, variant: Variant | None = None, lengths: Sequence[float] = LENGTHS
) -> Report:
    """``lengths``: about so many s of audio each. Raises ``InputError`` as ``Voice.load`` does, and for a voice that
    cannot read English, and for lengths that nobody waits for."""
    for length in lengths:
        if not 0.0 < length <= LONGEST_S:
            raise InputError(f"--length {length}", f"is not between 0 and {LONGEST_S:.0f} s of speech")
    load_s, voice = _timed(lambda: Voice.load(folder, hardware, variant))
    texts = [_text(voice, length) for length in lengths]
    streamed = [_stream(voice, text) for text in texts]  # all of them first: speaking in one piece needs more memory
    rows = []
    for text, (audio_s, first_s, whole_s, peak) in zip(texts, streamed, strict=True):
        spoken_s = _fastest(lambda text=text: voice.synthesize(text))  # type: ignore[misc]
        rows.append(Row(audio_s, 1000 * first_s, whole_s / audio_s, peak, spoken_s / audio_s, peak_mb()))
    variant = chosen_variant(voice.manifest, variant)
    return Report(voice.manifest.name, variant, hardware.device, hardware.threads, load_s, tuple(rows))


def _text(voice: Voice, length_s: float) -> str:
    """As many sentences as ``voice`` needs ``length_s`` for."""
    sentence = SENTENCES[1]
    per_letter = voice.synthesize(sentence).phones[-1].end_s / len(sentence)
    for n_sentences in count(1):
        text = " ".join(SENTENCES[index % len(SENTENCES)] for index in range(n_sentences))
        if len(text) * per_letter >= length_s:
            break
    return text


def _stream(voice: Voice, text: str) -> tuple[float, float, float, float]:
    """Seconds of audio, seconds to the first chunk, seconds to the last, and the peak memory."""
    n_samples = 0

    def speak() -> None:
        nonlocal n_samples
        n_samples = sum(len(chunk.audio) for chunk in voice.stream(text))

    first_s = _fastest(lambda: next(voice.stream(text)))
    whole_s = _fastest(speak)
    return n_samples / voice.manifest.sample_rate, first_s, whole_s, peak_mb()


def take_turns(actions: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each action in each round. Side by side, so that a busy machine slows all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            seconds[name].append(_timed(action)[0])
    return seconds


def speed_ratio(seconds: Mapping[str, Sequence[float]], faster: str, slower: str) -> float:
    """How many times as fast one action of ``take_turns`` is as another: the median over rounds."""
    return median(b / a for a, b in zip(seconds[faster], seconds[slower], strict=True))


def _fastest(action: Callable[[], object]) -> float:
    first, _ = _timed(action)
    return min([first, *(_timed(action)[0] for _ in range(REPEATS - 1))]) if first < 1 else first


def _timed(action: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


def _line(row: Row) -> str:
    return (
        f"{row.audio_s:9.1f}{row.first_audio_ms:16.1f}{row.stream_rtf:8.4f}{row.stream_peak_mb:9.0f}"
        f"{row.rtf:11.4f}{row.peak_mb:9.0f}"
    )
