"""What one utterance is like: its recording, its alignment, its words. Judging that is left to ``doctor``."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import soundfile

from preprocess.corpus import Utterance
from preprocess.durations import speech_span
from preprocess.recording import read_recording
from preprocess.textgrid import UNKNOWN, Interval, is_silence, lay_out, owners_of, read_textgrid
from preprocess.textgrid import Alignment as Tiers
from preprocess.transcript import match_transcript
from tts.config.root import Config
from tts.config.text import TextConfig
from tts.errors import InputError
from tts.files.digest import sha256
from tts.text.front_end import transcript_words

FRAME_S = 0.01  # s, of the levels that tell speech from silence
LOUD_PERCENTILE = 95  # of the frames' levels: loud speech, but no click
SHORTEST_FLAT_TOP = 3  # samples in a row at the very same extreme
STEEP = 1e-3  # of full scale, between neighbours; a slow wave that was not cut is flat, but reaches its top gently

Severity = Literal["error", "warning", "note"]
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Finding:
    """Something to look at. An error stops preprocessing; a warning may spoil the voice; a note is good to know."""

    severity: Severity
    check: str  # which of the checks found it
    where: str  # a file, or file:line
    what: str
    fix: str = ""
    utterance: str = ""  # its id, where it is about one
    extent: float = 0.0  # how far beyond what is usual, to show the worst first

    @classmethod
    def of(cls, error: InputError, check: str, utterance: str = "") -> "Finding":
        """What preprocessing would stop at."""
        return cls("error", check, error.where, error.what, error.fix, utterance)


@dataclass(frozen=True)
class Sound:
    """A recording that could be read. Levels are in dB below full scale, -inf for digital silence."""

    sample_rate: int  # Hz
    n_channels: int
    duration_s: float
    level_db: float  # of the speech, as root mean square
    peak: float  # of full scale
    dc_offset: float  # of full scale
    n_clipped: int  # samples on flat tops
    leading_s: float  # silence before the speech
    trailing_s: float  # and after it
    pause_s: float  # the longest silence within it
    digest: str  # equal for equal samples

    @property
    def speech_s(self) -> float:
        return self.duration_s - self.leading_s - self.trailing_s


@dataclass(frozen=True)
class Alignment:
    """A TextGrid that could be read."""

    end_s: float
    phones: Counter[str]
    unknown: list[Interval]  # words that the aligner did not know
    without_word: list[Interval]  # phones that are said outside all words


@dataclass(frozen=True)
class Measurement:
    """One utterance. What could not be read is None, and ``problems`` say why."""

    utterance: Utterance
    sound: Sound | None = None
    alignment: Alignment | None = None
    said: Counter[str] | None = None  # phones of the transcript as the front end says it
    problems: list[Finding] = field(default_factory=list)

    @property
    def n_letters(self) -> int:
        return sum(map(str.isalnum, self.utterance.text))


def measure_all(utterances: Sequence[Utterance], config: Config) -> Iterator[Measurement]:
    """The work of one process."""
    for utterance in utterances:
        yield measure(utterance, config)


def measure(utterance: Utterance, config: Config) -> Measurement:
    """Never raises ``InputError``: each becomes a problem. Uses what preprocessing uses, so that both agree."""
    problems: list[Finding] = []

    def attempt(check: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except InputError as error:
            problems.append(Finding.of(error, check, utterance.id))
            return None

    sound = attempt("audio", lambda: _listen(utterance, config))
    alignment = None
    if utterance.textgrid.is_file():  # missing ones are reported for the corpus as a whole
        tiers = attempt("textgrid", lambda: read_textgrid(utterance.textgrid, utterance.speaker))
        if tiers:
            alignment = attempt("textgrid", lambda: _lay_out(utterance, tiers, sound, config))
            words = [word.label for word in tiers.words]
            if utterance.text:
                grid, text = utterance.textgrid, utterance.text
                attempt("transcript", lambda: match_transcript(grid, words, text, config.text))
    said = None
    try:
        said = _say(utterance, config.text)
    except InputError as error:  # stops nothing where the TextGrid has phones, but the voice could not say it
        what = f"{error.where} {error.what}"
        problems.append(Finding("warning", "text", utterance.line, what, error.fix, utterance.id))
    return Measurement(utterance, sound, alignment, said, problems)


def silences(audio: Samples, sample_rate: int, silence_db: float) -> tuple[float, float, float, float]:
    """Level of the speech (dB), and seconds of silence before, after and, at most, within it.

    audio: (S,). A frame is silent when it is ``silence_db`` below the loud ones.
    """
    hop = max(1, round(FRAME_S * sample_rate))
    n_frames = max(1, len(audio) // hop)
    power = np.square(audio[: n_frames * hop], dtype=np.float64)
    power = power.reshape(n_frames, -1).mean(axis=1)
    loud = np.percentile(power, LOUD_PERCENTILE)
    spoken = np.flatnonzero(power > loud * 10 ** (-silence_db / 10))
    if not len(spoken):
        return float("-inf"), len(audio) / sample_rate, 0.0, 0.0
    seconds = hop / sample_rate
    trailing_s = max(0.0, len(audio) / sample_rate - (spoken[-1] + 1) * seconds)
    longest = int(np.diff(spoken).max(initial=1)) - 1
    return _decibels(power[spoken].mean()), float(spoken[0]) * seconds, trailing_s, longest * seconds


def count_clipped(audio: Samples) -> int:
    """Samples on flat tops: in a row at exactly the highest or lowest value of ``audio`` (S,), reached in a step."""
    n_clipped = 0
    around = np.pad(audio, 1)  # sample i is at i + 1
    for extreme in (audio.max(), audio.min()):
        edges = np.flatnonzero(np.diff(audio == extreme, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        step = np.minimum(abs(extreme - around[starts]), abs(extreme - around[ends + 1]))
        lengths = ends - starts
        n_clipped += int(lengths[(lengths >= SHORTEST_FLAT_TOP) & (step > STEEP)].sum())
    return n_clipped


def _listen(utterance: Utterance, config: Config) -> Sound:
    audio, sample_rate = read_recording(utterance.audio)
    dc_offset = float(audio.mean(dtype=np.float64))
    level_db, leading_s, trailing_s, pause_s = silences(audio - dc_offset, sample_rate, config.doctor.silence_db)
    return Sound(
        sample_rate=sample_rate,
        n_channels=soundfile.info(utterance.audio).channels,
        duration_s=len(audio) / sample_rate,
        level_db=level_db,
        peak=float(np.abs(audio).max()),
        dc_offset=dc_offset,
        n_clipped=count_clipped(audio),
        leading_s=leading_s,
        trailing_s=trailing_s,
        pause_s=pause_s,
        digest=sha256(audio.tobytes()),
    )


def _lay_out(utterance: Utterance, tiers: Tiers, sound: Sound | None, config: Config) -> Alignment:
    """The alignment, if preprocessing can make frames of it."""
    end_s = tiers.phones[-1].end_s if tiers.phones else 0.0
    hop_s, window_s = (n / config.audio.sample_rate for n in (config.audio.hop_length, config.audio.n_fft))
    _, ends_s = lay_out(utterance.textgrid, tiers, sound.duration_s if sound else end_s, hop_s)
    start_s, stop_s = speech_span(ends_s, config.preprocess.edge_silence_s)
    if (stop_s - start_s) // hop_s * hop_s < window_s:
        raise InputError(utterance.audio, f"holds less speech than one window ({window_s:.3f} s)", "leave it out")
    heard = [phone for phone in tiers.phones if not is_silence(phone.label)]
    return Alignment(end_s, Counter(phone.label for phone in heard), _unknown(tiers), _without_word(tiers, heard))


def _unknown(tiers: Tiers) -> list[Interval]:
    """Words that the aligner did not know, hence did not say in phones."""
    words = [word for word in tiers.words if not is_silence(word.label)]
    owners = owners_of(tiers.phones, words)
    unknown = {o for phone, o in zip(tiers.phones, owners, strict=True) if phone.label.strip("<>").lower() == UNKNOWN}
    return [words[owner] for owner in sorted(owner for owner in unknown if owner is not None)]


def _without_word(tiers: Tiers, heard: Sequence[Interval]) -> list[Interval]:
    """Phones where the tier of words, if there is one, has none. "silence" may be a word, too."""
    words = [word for word in tiers.words if word.label == "silence" or not is_silence(word.label)]
    return [p for p, owner in zip(heard, owners_of(heard, words), strict=True) if owner is None] if words else []


def _say(utterance: Utterance, config: TextConfig) -> Counter[str] | None:
    """Phones of the transcript, if there is one."""
    if not utterance.text:
        return None
    return Counter(phone for word in transcript_words(utterance.text, config) for phone in word.phones)


def _decibels(power: float) -> float:
    return float(10 * np.log10(power)) if power > 0 else float("-inf")
