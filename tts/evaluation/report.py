"""What a model scored on each clip, for a person and for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, isnan
from statistics import fmean, median, pstdev
from typing import Any, TypeVar

from tts.evaluation.metrics import IDEAL

NAME_WIDTH = 32  # columns of the table's names
T = TypeVar("T")

Scores = Mapping[str, float]  # metric -> value; NaN where it could not be measured


@dataclass(frozen=True)
class Summary:
    """One metric over the clips on which it could be measured."""

    mean: float
    std: float
    median: float
    n_clips: int


@dataclass(frozen=True)
class Report:
    """``str`` is a table."""

    model: str  # what was evaluated
    features: str  # on what
    clips: Mapping[str, Scores]  # utterance id -> scores
    remarks: tuple[str, ...] = ()
    unit: str = "validation clips"

    def __str__(self) -> str:
        lines = [
            f"{self.model} on {len(self.clips)} {self.unit} of {self.features}",
            f"  {'':<{NAME_WIDTH}}{'mean':>10}{'std':>10}{'median':>10}{'ideal':>10}{'clips':>8}",
        ]
        for name, s in summarise(self.clips.values()).items():
            ideal = IDEAL[name.rpartition("/")[2]]
            figures = f"{s.mean:>10.4g}{s.std:>10.3g}{s.median:>10.4g}{'' if isnan(ideal) else format(ideal, 'g'):>10}"
            lines.append(f"  {name:<{NAME_WIDTH}}{figures}{s.n_clips:>8}")
        return "\n".join([*lines, *self.remarks])

    def tree(self) -> dict[str, Any]:
        """The same for JSON, with the scores of every clip; null where one could not be measured."""
        summary = {name: asdict(entry) for name, entry in summarise(self.clips.values()).items()}
        clips = {id: {k: v if isfinite(v) else None for k, v in scores.items()} for id, scores in self.clips.items()}
        return {"model": self.model, "features": self.features, "summary": summary, "clips": clips}


def summarise(clips: Iterable[Scores]) -> dict[str, Summary]:
    """By metric, in the order in which they come; those that could be measured on no clip are left out."""
    values: dict[str, list[float]] = {}
    for scores in clips:
        for name, value in scores.items():
            values.setdefault(name, []).extend([value] if isfinite(value) else [])
    return {name: Summary(fmean(v), pstdev(v), median(v), len(v)) for name, v in values.items() if v}


def spread(items: Sequence[T], n: int | None) -> list[T]:
    """``n`` of them at even distances, hence of every speaker of a corpus; all when there are no more, or for None."""
    n = len(items) if n is None else min(n, len(items))
    return [items[i * len(items) // n] for i in range(n)]
