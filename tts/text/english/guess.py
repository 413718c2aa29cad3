"""How an unknown word is probably said: a small network reads its letters in both directions.

For each letter it scores what that may stand for: no phone, one, or two, vowels with their stress. How often these
follow each other counts too. Of all readings with one main stress the best is chosen (``tools/train_guesser.py`` trains
it).
"""

import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tts.text.sentences import Phones

GUESSER_FILE = Path(__file__).with_name("guesser.onnx")
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
MAX_LETTERS = 40
BATCH = 64  # words of about one length, read together
CHOICES, MAIN_CHOICES = 5, 3  # labels considered for a letter, without the main stress and with it
IMPOSSIBLE = -1e9

AROUND = 3  # letters seen at once on either side
PAIRS = (-1, 0)  # letters that are also seen together with the next one
N_LETTERS = len(LETTERS) + 1  # 0 lies beyond the word
N_FEATURES = (2 * AROUND + 1) * N_LETTERS + len(PAIRS) * N_LETTERS**2  # rows of the network's table

# Features (L, N, F) of N words of up to L letters, and their lengths (N,), to log-probabilities (L, N, labels).
Scorer = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int32]], npt.NDArray[np.float32]]


def letter_features(word: str) -> npt.NDArray[np.int64]:
    """(L, F) rows of the table: for each letter of ``LETTERS`` its own, and those of the letters around it."""
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


def decode(
    words: Sequence[str], labels: Sequence[Phones], transitions: npt.NDArray[np.float32], score: Scorer
) -> list[Phones]:
    """The best reading of each word of ``LETTERS`` that has one vowel with the main stress (Viterbi's algorithm).

    transitions: (labels, labels), what it is worth that the second one follows the first.
    """
    lengths = np.array([len(word) for word in words], dtype=np.int32)
    features = np.zeros((lengths.max(initial=1), len(words), letter_features("a").shape[1]), dtype=np.int64)
    for index, word in enumerate(words):
        features[: len(word), index] = letter_features(word)
    main = np.array([any(phone.endswith("1") for phone in label) for label in labels])
    scores = score(features, lengths)
    chosen = np.concatenate(
        [_likeliest(scores, ~main, CHOICES), _likeliest(scores, main, MAIN_CHOICES)], axis=-1
    )  # (L, N, K): the labels that a letter may have
    chosen_scores = np.take_along_axis(scores, chosen, axis=-1)
    best = _best_paths(chosen, chosen_scores, transitions, main[chosen[0, 0]], lengths)
    return [
        tuple(phone for place in range(length) for phone in labels[chosen[place, index, best[place, index]]])
        for index, length in enumerate(lengths)
    ]


def _likeliest(scores: npt.NDArray[np.float32], among: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.int64]:
    """(L, N, count) or fewer: labels."""
    labels = np.flatnonzero(among)
    return labels[np.argsort(scores[:, :, labels], axis=-1)[:, :, -count:]]


def _best_paths(
    chosen: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float32],
    transitions: npt.NDArray[np.float32],
    is_main: npt.NDArray[np.bool_],
    lengths: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    """(L, N): which choice of each letter. Two kinds of beginnings of a word are kept, those with the main stress and
    those still without. is_main: (K,), whether a choice bears it."""
    ahead = np.where(is_main, IMPOSSIBLE, scores[0])  # (N, K), by the last choice
    behind = np.where(is_main, scores[0], IMPOSSIBLE)
    steps = list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]()  # the choice before, of both kinds
    for place in range(1, len(scores)):
        joined = transitions[chosen[place - 1][:, :, None], chosen[place][:, None]]  # (N, K, K)
        to_ahead, to_behind = ahead[:, :, None] + joined, behind[:, :, None] + joined
        steps.append((to_ahead.argmax(axis=1), np.where(is_main, to_ahead, to_behind).argmax(axis=1)))
        within = (place < lengths)[:, None]
        grown = np.where(is_main, to_ahead, to_behind).max(axis=1) + scores[place]
        ahead = np.where(within, np.where(is_main, IMPOSSIBLE, to_ahead.max(axis=1) + scores[place]), ahead)
        behind = np.where(within, grown, behind)
    rows, last, best = np.arange(len(lengths)), behind.argmax(axis=1), np.zeros(scores.shape[:2], dtype=np.int64)
    has_main = np.ones(len(lengths), dtype=bool)
    for place in reversed(range(len(scores))):
        best[place] = last
        if place:
            without, with_main = (step[rows, last] for step in steps[place - 1])
            within = place < lengths
            last = np.where(within, np.where(has_main, with_main, without), last)
            has_main &= ~(within & is_main[best[place]])
    return best


@cache
def open_guesser(file: Path) -> tuple[tuple[Phones, ...], npt.NDArray[np.float32], Scorer]:
    """The labels of the network, their transitions, and the network."""
    from tts.onnx_runtime import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # too little to do for more
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])

    def run(output: str, features: npt.NDArray[np.int64], lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        (found,) = session.run([output], {"features": features, "lengths": lengths})
        return np.asarray(found)

    transitions = run("transitions", letter_features("a")[:, None], np.ones(1, dtype=np.int32))
    return tuple(map(tuple, labels)), transitions, partial(run, "scores")


def guess(words: Sequence[str], file: Path = GUESSER_FILE) -> list[Phones]:
    """Phones of words of ``LETTERS``, at most ``MAX_LETTERS`` long."""
    labels, transitions, score = open_guesser(file)
    by_length, said = sorted(words, key=len), dict[str, Phones]()
    for start in range(0, len(words), BATCH):
        batch = by_length[start : start + BATCH]
        said |= zip(batch, decode(batch, labels, transitions, score), strict=True)
    return [said[word] for word in words]
