"""What listeners said in a test of 'tts evaluate listen': what was preferred, how good it sounded, how sure it is."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from math import comb, exp, lgamma, log
from pathlib import Path
from typing import Any

import numpy as np

from tts.errors import InputError
from tts.files.documents import read_text

PAIR_COLUMNS = ("listener", "utterance", "first", "second", "preferred")
SCORE_COLUMNS = ("listener", "utterance", "system", "score")
CONFIDENCE = 0.95
N_RESAMPLES, SEED = 5000, 1234  # of the bootstrap


@dataclass(frozen=True)
class Preference:
    """How often ``a`` was liked better than ``b``, and how often the other way round."""

    a: str
    b: str
    for_a: int
    for_b: int
    no_difference: int

    @property
    def p(self) -> float:
        return sign_test(self.for_a, self.for_b)

    @property
    def share(self) -> tuple[float, float, float]:
        """Of ``a`` among the votes that prefer one, with its confidence interval."""
        n = self.for_a + self.for_b
        return (self.for_a / n if n else 0.5, *exact_interval(self.for_a, n))


@dataclass(frozen=True)
class Opinion:
    """Mean opinion score of a system, with its confidence interval."""

    system: str
    mean: float
    low: float
    high: float
    n_votes: int


@dataclass(frozen=True)
class Verdict:
    """``str`` is for a person, ``tree`` for programs."""

    n_listeners: int
    n_utterances: int
    opinions: tuple[Opinion, ...]  # the best first; none in a test of pairs
    preferences: tuple[Preference, ...]  # in a test of scores: whose score was higher

    def __str__(self) -> str:
        lines = [f"{_counted(self.n_listeners, 'listener')}, {_counted(self.n_utterances, 'sentence')}"]
        if self.opinions:
            lines += ["", f"{'mean opinion score':<32}{'95 % interval':>18}{'votes':>8}"]
            lines += [
                f"  {o.system:<24}{o.mean:>6.2f}{o.low:>10.2f} to {o.high:.2f}{o.n_votes:>8}" for o in self.opinions
            ]
        for preference, p in zip(self.preferences, holm([entry.p for entry in self.preferences]), strict=True):
            lines += ["", *_sentences(preference, p, len(self.preferences))]
        return "\n".join(lines)

    def tree(self) -> dict[str, Any]:
        preferences = [asdict(entry) | {"share": entry.share, "p": entry.p} for entry in self.preferences]
        return asdict(self) | {"preferences": preferences}


def read_votes(paths: Sequence[Path]) -> Verdict:
    """Raises ``InputError`` for what is not such a file, a vote that is given twice, and tests of different kinds."""
    votes: dict[tuple[str, ...], str] = {}  # listener, utterance, and the system or both -> the answer
    kinds = set()
    for path in paths:
        for where, row in _rows(path):
            kinds.add(len(row))
            listener, utterance, *systems, answer = row
            key = (listener, utterance, *sorted(systems))
            if key in votes:
                raise InputError(where, f"{listener!r} voted on {utterance!r} before", "give each file once")
            votes[key] = answer
    if len(kinds) > 1:
        raise InputError(paths[0], "holds votes of another kind than the other files", "count them separately")
    if not votes:
        raise InputError(paths[0], "holds no votes")
    listeners, utterances = ({key[i] for key in votes} for i in (0, 1))
    if kinds == {len(PAIR_COLUMNS)}:
        return Verdict(len(listeners), len(utterances), (), tuple(_preferences(votes)))
    scores = {key: int(answer) for key, answer in votes.items()}
    opinions = sorted(_opinions(scores), key=lambda opinion: -opinion.mean)
    return Verdict(len(listeners), len(utterances), tuple(opinions), tuple(_higher(scores, opinions)))


def sign_test(n_for: int, n_against: int) -> float:
    """Probability of votes at least as one-sided if both were liked alike: the exact binomial test, two-sided."""
    n = n_for + n_against
    tail = sum(comb(n, i) for i in range(min(n_for, n_against) + 1))
    return min(1.0, float(2 * tail / 2**n))


def exact_interval(k: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Of a share of ``k`` in ``n`` (Clopper and Pearson 1934)."""
    alpha = (1 - confidence) / 2
    low = 0.0 if k == 0 else _bisect(lambda p: 1 - _at_most(k - 1, n, p) < alpha)
    high = 1.0 if k == n else _bisect(lambda p: _at_most(k, n, p) > alpha)
    return low, high


def holm(p_values: Sequence[float]) -> list[float]:
    """p values for many questions asked at once (Holm 1979), so that more questions find no more by chance."""
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = worst
    return adjusted


def _rows(path: Path) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Place and cells of each row, checked; the answer is the last cell."""
    try:
        rows = list(csv.reader(read_text(path).splitlines()))
    except csv.Error as error:
        raise InputError(path, f"is not CSV ({error})", "give a file that the page saved") from None
    header = tuple(rows[0]) if rows else ()
    if header not in (PAIR_COLUMNS, SCORE_COLUMNS):
        fix = f"its first line should be {','.join(PAIR_COLUMNS)} or {','.join(SCORE_COLUMNS)}"
        raise InputError(path, "is not a file of votes", fix)
    for number, row in enumerate(rows[1:], start=2):
        where = f"{path}, line {number}"
        if len(row) != len(header):
            raise InputError(where, f"has {len(row)} columns, not {len(header)}")
        answers = {row[2], row[3], ""} if header == PAIR_COLUMNS else {"1", "2", "3", "4", "5"}
        if row[-1] not in answers:
            raise InputError(where, f"{header[-1]} is {row[-1]!r}", f"it should be one of {', '.join(sorted(answers))}")
        yield where, tuple(row)


def _preferences(votes: dict[tuple[str, ...], str]) -> Iterable[Preference]:
    for a, b in sorted({(key[2], key[3]) for key in votes}):
        answers = [answer for key, answer in votes.items() if key[2:] == (a, b)]
        yield Preference(a, b, answers.count(a), answers.count(b), answers.count(""))


def _opinions(scores: dict[tuple[str, ...], int]) -> Iterable[Opinion]:
    """Intervals by resampling listeners and sentences, since votes of one listener or on one sentence are alike."""
    listeners, utterances, systems = (sorted({key[i] for key in scores}) for i in (0, 1, 2))
    rng = np.random.default_rng(SEED)
    of_listener = rng.multinomial(len(listeners), np.full(len(listeners), 1 / len(listeners)), N_RESAMPLES)
    of_utterance = rng.multinomial(len(utterances), np.full(len(utterances), 1 / len(utterances)), N_RESAMPLES)
    for system in systems:
        table = np.array(
            [[scores.get((person, said, system), 0) for said in utterances] for person in listeners]
        )  # 0: no vote
        weights = np.einsum("nl,lu,nu->n", of_listener, table > 0, of_utterance)
        means = np.einsum("nl,lu,nu->n", of_listener, table, of_utterance)[weights > 0] / weights[weights > 0]
        edges = (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2
        low, high = np.quantile(means, edges)
        votes = table[table > 0]
        yield Opinion(system, float(votes.mean()), float(low), float(high), len(votes))


def _higher(scores: dict[tuple[str, ...], int], opinions: Sequence[Opinion]) -> Iterable[Preference]:
    heard = sorted({key[:2] for key in scores})
    for a, b in combinations([opinion.system for opinion in opinions], 2):
        both = [(scores[*key, a], scores[*key, b]) for key in heard if {(*key, a), (*key, b)} <= scores.keys()]
        higher, lower = sum(x > y for x, y in both), sum(x < y for x, y in both)
        yield Preference(a, b, higher, lower, len(both) - higher - lower)


def _sentences(preference: Preference, p: float, n_questions: int) -> list[str]:
    share, low, high = (100 * value for value in preference.share)
    together = f", with {n_questions} comparisons taken into account (Holm)" if n_questions > 1 else ""
    sure = "a difference" if p < 1 - CONFIDENCE else "no difference that these votes could show"
    return [
        f"{preference.a} against {preference.b}",
        f"  better: {preference.a} {preference.for_a}, {preference.b} {preference.for_b}; "
        f"no difference {preference.no_difference}",
        f"  {preference.a} has {share:.0f} % of the votes that prefer one (95 % interval {low:.0f} to {high:.0f} %)",
        f"  exact binomial test: p = {p:.2g}{together}: {sure}",
    ]


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _at_most(k: int, n: int, p: float) -> float:
    """Probability of at most ``k`` successes in ``n`` trials."""
    if p <= 0.0 or p >= 1.0:
        return float(p <= 0.0 or k >= n)
    logs = (lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log(1 - p) for i in range(k + 1))
    return min(1.0, sum(map(exp, logs)))


def _bisect(too_low: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2
