"""A small spoken corpus in the LJSpeech layout, with exact TextGrids, made on the spot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
from praatio import textgrid
from praatio.data_classes.interval_tier import IntervalTier
from tqdm import tqdm

from tts.audio.wav import write_audio
from tts.demo.espeak import LINKING, PAUSES, SAMPLE_RATE, Clause, speak
from tts.demo.sentences import sentences
from tts.files.whole import write_file
from tts.text.english.front_end import EnglishFrontEnd
from tts.text.inventory import PAUSE
from tts.text.sentences import Pause, Word

FRONT_END = EnglishFrontEnd("en-us")  # the one the voice will read with
EDGE_SILENCE_S = 0.1  # s before and after the speech
NOISE = 1e-4  # standard deviation; a recording is never digitally silent
MELTED_SHARE = 1 / 3  # of vowel and liquid together, counted to the liquid

Interval = tuple[float, float, str]  # start s, end s, label


@dataclass(frozen=True)
class Recording:
    audio: npt.NDArray[np.float32]  # (S,) in [-1, 1] at espeak-ng's SAMPLE_RATE
    words: list[Interval]
    phones: list[Interval]  # without gaps, pauses included


def make_corpus(
    folder: Path,
    n_utterances: int,
    sample_rate: int = SAMPLE_RATE,
    seed: int = 0,
    voices: Sequence[str] = ("en-us",),
) -> None:
    """Write metadata.csv, wavs/ and TextGrid/ into ``folder``; with several voices, one such subfolder per voice.

    Every voice speaks ``n_utterances`` sentences of its own. metadata.csv comes last: its presence means complete.
    The same arguments give the same sentences, and in a fresh process the same samples.
    """
    for index, voice in enumerate(voices):
        _make_speaker(folder / voice if len(voices) > 1 else folder, n_utterances, sample_rate, seed + index, voice)


def record(text: str, voice: str, rng: np.random.Generator) -> Recording:
    """``text``, one sentence, as espeak-ng speaks it in the phones of our front end."""
    words = [word for sentence in FRONT_END(text) for word in sentence.words]
    clauses = list(_clauses(words, end=text[-1]))
    samples, events = speak(clauses, voice)
    starts = _phone_starts(clauses, samples, events, text)
    edge = round(EDGE_SILENCE_S * SAMPLE_RATE)
    audio = np.pad(samples / 32768.0, edge) + rng.normal(0.0, NOISE, len(samples) + 2 * edge)
    phones = _intervals([(0, PAUSE), *((start + edge, label) for start, label in starts)], len(audio))
    return Recording(audio.clip(-1, 1).astype(np.float32), _word_intervals(words, phones), phones)


def _make_speaker(folder: Path, n_utterances: int, sample_rate: int, seed: int, voice: str) -> None:
    (folder / "wavs").mkdir(parents=True, exist_ok=True)
    (folder / "TextGrid").mkdir(exist_ok=True)
    rng = np.random.default_rng(seed)
    lines = []
    for index, text in enumerate(tqdm(sentences(n_utterances, seed), desc=f"recording {voice}", unit="utterance")):
        utterance_id = f"{voice}-{index:04d}"
        recording = record(text, voice, rng)
        audio = soxr.resample(recording.audio, SAMPLE_RATE, sample_rate)
        write_audio(folder / "wavs" / f"{utterance_id}.wav", audio, sample_rate)
        _write_textgrid(folder / "TextGrid" / f"{utterance_id}.TextGrid", recording)
        lines.append(f"{utterance_id}|{text}|{text}\n")
    write_file(folder / "metadata.csv", "".join(lines).encode())


def _clauses(words: Sequence[Word], end: str) -> Iterator[Clause]:
    """Words up to each pause, with the mark whose intonation ends them."""
    clause: list[Sequence[str]] = []
    for word in words:
        clause.append(word.phones)
        if word is words[-1] or word.pause is not Pause.NONE:
            yield clause, end if word is words[-1] else ","
            clause = []


def _phone_starts(
    clauses: list[Clause], samples: npt.NDArray[np.int16], events: list[tuple[int, str]], text: str
) -> list[tuple[int, str]]:
    """Our phones, a PAUSE after each clause, with the sample each begins at.

    Raises ``RuntimeError`` when espeak-ng spoke another number of phones than it was given.
    """
    expected = [[*(phone for word in words for phone in word), PAUSE] for words, _ in clauses]
    labels = [label for clause in expected for label in clause]
    spoken = [(start, name in PAUSES) for start, name in events if name not in LINKING]
    spoken = [now for before, now in zip([(0, False), *spoken], spoken, strict=False) if not (before[1] and now[1])]
    if [pause for _, pause in spoken] != [label == PAUSE for label in labels]:
        raise RuntimeError(f"espeak-ng spoke other phones than given for {text!r}")
    starts = [start for start, _ in spoken]
    # espeak-ng counts the closure of a plosive, digital silence, to the phone before; it is part of the plosive.
    for i in range(1, len(starts)):
        while PAUSE not in labels[i - 1 : i + 1] and starts[i] > starts[i - 1] and samples[starts[i] - 1] == 0:
            starts[i] -= 1
    # A liquid that espeak-ng melts into the vowel before ("farmer") gets no time of its own; it is the vowel's end.
    for i in range(1, len(starts) - 1):
        if starts[i] == starts[i + 1]:
            starts[i] -= round((starts[i] - starts[i - 1]) * MELTED_SHARE)
    return list(zip(starts, labels, strict=True))


def _intervals(starts: list[tuple[int, str]], n_samples: int) -> list[Interval]:
    ends = [start for start, _ in starts[1:]] + [n_samples]
    return [(start / SAMPLE_RATE, end / SAMPLE_RATE, label) for (start, label), end in zip(starts, ends, strict=True)]


def _word_intervals(words: Sequence[Word], phones: list[Interval]) -> list[Interval]:
    spoken = iter([phone for phone in phones if phone[2] != PAUSE])
    intervals = []
    for word in words:
        own = [next(spoken) for _ in word.phones]
        intervals.append((own[0][0], own[-1][1], word.text))
    return intervals


def _write_textgrid(path: Path, recording: Recording) -> None:
    end = len(recording.audio) / SAMPLE_RATE
    grid = textgrid.Textgrid(0, end)
    grid.addTier(IntervalTier("words", recording.words, 0, end))
    grid.addTier(IntervalTier("phones", recording.phones, 0, end))
    grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)
