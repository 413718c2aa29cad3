"""How an unknown word is probably said: a small network goes through its letters, from left to right.

For each letter the network sees the letters around it and what was decided for those before, and scores what the letter
may stand for: no phone, one, or two. A beam of the best readings so far is kept (``tools/train_guesser.py`` trains it).
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tts.text.arpabet import is_vowel
from tts.text.sentences import Phones

GUESSER_FILE = Path(__file__).with_name("guesser.onnx")
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
MAX_LETTERS = 40
BEAM = 4  # readings

AROUND = 7  # letters seen on either side
PAIRS = (-2, -1, 0, 1)  # letters that are also seen together with the next one
DECIDED = 4  # decisions seen of the letters before
MAX_SYLLABLES = 3  # more count as so many
N_LETTERS = len(LETTERS) + 1  # 0 lies beyond the word

Scorer = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]  # features (N, F) to log-probabilities (N, labels)


def n_features(n_labels: int) -> int:
    """Rows of the network's table."""
    return (2 * AROUND + 1) * N_LETTERS + len(PAIRS) * N_LETTERS**2 + DECIDED * (n_labels + 1) + 2 * (MAX_SYLLABLES + 1)


def letter_features(word: str) -> npt.NDArray[np.int64]:
    """(L, features of letters): for each letter its own and those around it."""
    ids = np.zeros(len(word) + 2 * AROUND, dtype=np.int64)
    ids[AROUND:-AROUND] = [LETTERS.index(letter) + 1 for letter in word]
    windows = np.lib.stride_tricks.sliding_window_view(ids, 2 * AROUND + 1)
    single = windows + N_LETTERS * np.arange(2 * AROUND + 1)
    first = (2 * AROUND + 1) * N_LETTERS
    pairs = [
        windows[:, AROUND + place] * N_LETTERS + windows[:, AROUND + place + 1] + first + index * N_LETTERS**2
        for index, place in enumerate(PAIRS)
    ]
    return np.concatenate([single, np.stack(pairs, axis=1)], axis=1)


def decision_features(decisions: Sequence[int], stresses: Sequence[str], n_labels: int) -> list[int]:
    """Of the labels decided so far; ``stresses``: of the vowels in them."""
    first = (2 * AROUND + 1) * N_LETTERS + len(PAIRS) * N_LETTERS**2
    last = [0] * max(DECIDED - len(decisions), 0) + [label + 1 for label in decisions[-DECIDED:]]
    features = [first + place * (n_labels + 1) + label for place, label in enumerate(last)]
    stress = 2 * min(len(stresses), MAX_SYLLABLES) + ("1" in stresses)
    return [*features, first + DECIDED * (n_labels + 1) + stress]


class Reading:
    """A beginning of a word's phones."""

    def __init__(self, labels: tuple[int, ...] = (), stresses: str = "", score: float = 0.0) -> None:
        self.labels, self.stresses, self.score = labels, stresses, score


def decode(words: Sequence[str], labels: Sequence[Phones], score: Scorer) -> list[Phones]:
    """The best reading of each word of ``LETTERS``: with a vowel that bears the main stress, where one is found."""
    seen = [letter_features(word) for word in words]
    marks = ["".join(phone[-1] for phone in label if is_vowel(phone)) for label in labels]
    beams = [[Reading()] for _ in words]
    for place in range(max(map(len, words), default=0)):
        rows = [(index, reading) for index, word in enumerate(words) if place < len(word) for reading in beams[index]]
        features = [
            [*seen[index][place], *decision_features(reading.labels, reading.stresses, len(labels))]
            for index, reading in rows
        ]
        scores = score(np.array(features, dtype=np.int64))
        best = np.argpartition(-scores, BEAM - 1, axis=1)[:, :BEAM]
        grown: dict[int, list[Reading]] = {}
        for (index, reading), row, choices in zip(rows, scores, best, strict=True):
            grown.setdefault(index, []).extend(
                Reading((*reading.labels, choice), reading.stresses + marks[choice], reading.score + float(row[choice]))
                for choice in choices.tolist()
            )
        for index, readings in grown.items():
            beams[index] = sorted(readings, key=lambda reading: -reading.score)[:BEAM]
    return [_phones(readings, labels) for readings in beams]


def _phones(readings: Sequence[Reading], labels: Sequence[Phones]) -> Phones:
    best = next((reading for reading in readings if reading.stresses.count("1") == 1), readings[0])
    return tuple(phone for label in best.labels for phone in labels[label])


@cache
def open_guesser() -> tuple[tuple[Phones, ...], Scorer]:
    """The labels of the network, and the network."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # too little to do for more
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(GUESSER_FILE), options, providers=["CPUExecutionProvider"])
    labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])

    def score(features: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        (scores,) = session.run(None, {"features": features})
        return np.asarray(scores)

    return tuple(map(tuple, labels)), score


def guess(words: Sequence[str]) -> list[Phones]:
    """Phones of words of ``LETTERS``, at most ``MAX_LETTERS`` long; none for one that the network takes for silent."""
    labels, score = open_guesser()
    return decode(words, labels, score)
