"""Following a long recording in its text: which word is said when, which is not said, and what is not written.

Viterbi's algorithm over a stretch of the recording and the words that may be in it. Between two words there may be
silence, words may be passed over, and anything may be said that is not written (a garbage state, as in keyword
spotting: it is as likely as the best of all phones, less a fixed amount in every frame).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

GARBAGE_LOSS = 2.2  # nats a frame by which speech that is not written is less likely than the best phones
ENTER_LOSS = 12.0  # nats, to begin something that is not written
LEAVE_LOSS, SKIP_LOSS = 15.0, 1.0  # nats, to pass over words, and for each of them
NEVER = np.float32(-1e30)
STAY, NEXT, OVER, BACK, SKIP = range(5)  # how a state was reached: BACK from garbage, SKIP from the boundary before

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Chain:
    """Words as states in a row: a boundary (silence), the states of a word, a boundary, and so on."""

    classes: npt.NDArray[np.int64]  # (N,) what each state sounds like
    places: npt.NDArray[np.int64]  # (N,) the word that a state belongs to; of boundaries, the word behind them
    boundaries: npt.NDArray[np.int64]  # (n + 1,) states between the words

    @classmethod
    def of(cls, words: Sequence[Sequence[int]], pause: int) -> "Chain":
        """words: each the classes of its states. pause: the class of silence."""
        classes, places, boundaries = [pause], [0], [0]
        for number, word in enumerate(words):
            classes += [*word, pause]
            places += [*[number] * len(word), number + 1]
            boundaries.append(len(classes) - 1)
        return cls(np.array(classes), np.array(places), np.array(boundaries))


@dataclass(frozen=True)
class Path:
    """What is said in each frame."""

    states: npt.NDArray[np.int64]  # (T,) of the chain; -1: something that is not written
    places: npt.NDArray[np.int64]  # (T,) the word that is said, or the one that comes next

    def at_boundary(self, chain: Chain) -> npt.NDArray[np.bool_]:
        """(T,) between two words, or in what is not written."""
        return (self.states < 0) | np.isin(self.states, chain.boundaries)


@dataclass(frozen=True)
class Came:
    """How everything was reached in each frame."""

    states: npt.NDArray[np.int8]  # (T, N)
    garbage: npt.NDArray[np.int8]  # (T, n + 1): from itself, from the boundary, or from the word before
    skips: npt.NDArray[np.int32]  # (T, n + 1): the boundary from which words were passed over


def follow(scores: Scores, chain: Chain, *, to_the_end: bool) -> Path:
    """The likeliest path. scores: (T, C) log-likelihoods of the classes, up to a constant in each frame.

    It begins at the first boundary, and ends anywhere, or, ``to_the_end``, at a boundary.
    """
    best = scores.max(1) - np.float32(GARBAGE_LOSS)
    first, last = chain.boundaries[:-1] + 1, chain.boundaries[1:] - 1  # states that begin and end the words
    n_frames, n_states = len(scores), len(chain.classes)
    at_boundaries = (n_frames, len(chain.boundaries))
    came = Came(
        np.zeros((n_frames, n_states), np.int8), np.zeros(at_boundaries, np.int8), np.zeros(at_boundaries, np.int32)
    )
    over = np.zeros(n_states, bool)
    over[first[1:]] = True  # a word may follow without a pause
    toll = np.arange(len(chain.boundaries), dtype=np.float32) * np.float32(SKIP_LOSS)

    sums, garbage = np.full(n_states, NEVER), np.full(len(chain.boundaries), NEVER)
    sums[0], garbage[0] = 0.0, 0.0
    for t in range(n_frames):
        ways = np.full((4, n_states), NEVER)
        ways[STAY] = sums
        ways[NEXT, 1:] = sums[:-1]
        ways[OVER, 2:] = np.where(over[2:], sums[:-2], NEVER)
        ways[BACK, chain.boundaries] = garbage
        ways[BACK, first] = garbage[:-1]
        if t == 0:
            ways[NEXT:BACK] = NEVER
            ways[NEXT, 1:2] = 0.0  # none where all words are behind
        came.states[t] = ways.argmax(0)
        reached = ways.max(0)
        entered = np.full((3, len(chain.boundaries)), NEVER)
        entered[0] = garbage
        entered[1] = sums[chain.boundaries] - ENTER_LOSS
        entered[2, 1:] = sums[last] - ENTER_LOSS
        came.garbage[t] = entered.argmax(0)
        garbage = entered.max(0) + best[t]
        sums = reached + scores[t, chain.classes]
        _pass_over(sums, chain.boundaries, toll, came.states[t], came.skips[t])
    return _trace(sums, garbage, came, chain, to_the_end=to_the_end)


def _pass_over(
    sums: Scores,
    boundaries: npt.NDArray[np.int64],
    toll: Scores,
    came: npt.NDArray[np.int8],
    skips: npt.NDArray[np.int32],
) -> None:
    """Words may be passed over within a frame, at a price."""
    paid = sums[boundaries] + toll
    highest = np.maximum.accumulate(paid)
    where = np.maximum.accumulate(np.where(paid >= highest, np.arange(len(paid)), 0))
    better = 1 + np.flatnonzero(highest[:-1] - np.float32(LEAVE_LOSS) > paid[1:])
    came[boundaries[better]] = SKIP
    skips[better] = where[better - 1]
    sums[boundaries[better]] = highest[better - 1] - np.float32(LEAVE_LOSS) - toll[better]


def _trace(sums: Scores, garbage: Scores, came: Came, chain: Chain, *, to_the_end: bool) -> Path:
    """The path back from its best end."""
    n_frames = len(came.states)
    states, places = np.empty(n_frames, np.int64), np.empty(n_frames, np.int64)
    ends = sums
    if to_the_end:
        ends, allowed = np.full(len(sums), NEVER), np.append(chain.boundaries, chain.boundaries[1:] - 1)
        ends[allowed] = sums[allowed]
    place, state = int(garbage.argmax()), int(ends.argmax())
    if garbage[place] > ends[state]:
        state = -1
    for t in range(n_frames - 1, -1, -1):
        if state >= 0 and came.states[t, state] == SKIP:
            state = int(chain.boundaries[came.skips[t, chain.places[state]]])
        states[t], places[t] = state, place if state < 0 else chain.places[state]
        if state < 0:
            way = came.garbage[t, place]
            if way:
                state = int(chain.boundaries[place]) - (way == 2)
        elif came.states[t, state] == BACK:
            place, state = int(chain.places[state]), -1
        else:
            state -= (0, 1, 2)[came.states[t, state]]
    return Path(states, places)


def runs(values: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(value, first, after) of each stretch of equal values."""
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return [(int(values[first]), first, after) for first, after in pairwise(edges) if after > first]
