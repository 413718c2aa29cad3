"""What the losses did: running means over an epoch, validation beside them, the best so far."""

import time
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from tts.errors import InputError
from tts.evaluation.metrics import shortfall
from tts.losses.weighting import is_part
from tts.training.health import KINDS, Health
from tts.training.metrics_log import MetricsLog


class NonFiniteLossError(InputError):
    """A loss term became NaN or infinite. Raised before the weights are touched; the last checkpoint is sound."""

    def __init__(self, values: Mapping[str, float], step: int) -> None:
        self.names = [name for name, value in values.items() if not isfinite(value)]
        listed = ", ".join(f"{name!r} is {values[name]}" for name in self.names)
        super().__init__(f"step {step}", f"loss {listed}", "check the data, or go on with a lower learning rate")


NAME_WIDTH = 30  # columns of the table's names


class LossTracker:
    """Collects the terms of every step and tells a person about them once per epoch.

    The parts of terms (``term/part``) go into the log, not into the table.
    """

    def __init__(
        self,
        metrics_log: MetricsLog,
        step: int,
        average: Callable[[Tensor], Tensor] = Tensor.detach,
        health: Health | None = None,
    ) -> None:
        """``step``: how many steps are finished. ``average``: over the processes that train together, so that all see
        the same numbers, and all stop when those of one are not finite. ``health``: raises alarms over the terms.
        """
        self.metrics_log, self.average, self.health = metrics_log, average, health
        self.step = step  # finished, or under way once a part of it is reported
        self.validation_loss: float | None = None  # of the latest validation, lower is better
        self._reported: set[str] = set()  # terms of the step under way
        self._totals: dict[str, tuple[float, float]] = {}  # term -> sum of value * weight, sum of weights
        self._validated: dict[str, float] = {}  # term -> latest validation value of this epoch
        self._best: dict[str, tuple[float, int]] = {}  # term -> best validation value, its step
        self._start_epoch(step)

    def update(self, terms: Mapping[str, Tensor], weight: float) -> None:
        """Add the unweighted scalars of a step, or a part of them: a term reported again belongs to the next step.

        Call it before the optimizer steps; the device is waited for once, however many the terms. ``weight``: how much
        the step counts in the means, such as its batch size. Raises ``NonFiniteLossError`` naming the terms.
        """
        if not self._reported or self._reported & terms.keys():
            self._reported = set()
            self.step += 1
        self._reported |= terms.keys()
        numbers = self.average(torch.stack([term.detach().float() for term in terms.values()])).tolist()
        values = dict(zip(terms, numbers, strict=True))
        _check(values, self.step)
        for name, value in values.items():
            total, weights = self._totals.get(name, (0.0, 0.0))
            self._totals[name] = (total + value * weight, weights + weight)
        if self.health:
            self.health.update(values, self.step)
        self._seconds += self._lap()

    def validation(self, terms: Mapping[str, float], loss: float, step: int) -> None:
        """Log means over the validation split after ``step`` steps, and the figure by which checkpoints compare."""
        _check({**terms, "validation": loss}, step)
        self.metrics_log.scalars(step, "validation", terms)
        self.validation_loss = loss
        self._validated = dict(terms)
        for name, value in terms.items():
            if name not in self._best or shortfall(name, value) < shortfall(name, self._best[name][0]):
                self._best[name] = (value, step)
        if self.health:
            self.health.validation(terms, loss, step)
        self._lap()  # validating is not training time

    def means(self) -> dict[str, float]:
        """Weighted means of the training terms of this epoch."""
        return {name: total / weights for name, (total, weights) in self._totals.items()}

    def summary(self, epoch: int, step: int) -> str:
        """Close the epoch: log its means, and return a table of them, with the alarms below.

        ``*`` marks the best validation so far.
        """
        means, seconds = self.means(), self._seconds
        self.metrics_log.scalars(step, "train", means, epoch)
        speed = (step - self._first_step) / seconds if seconds else 0.0
        lines = [
            f"epoch {epoch}   step {step:,}   {seconds:.1f} s   {speed:.2f} steps/s",
            f"  {'':<{NAME_WIDTH}}{'train':>10}{'validation':>14}{'best':>12}{'at step':>12}",
        ]
        lines += [self._line(name, means) for name in dict.fromkeys([*means, *self._validated]) if not is_part(name)]
        for alarm in self.health.report(step) if self.health else []:
            self.metrics_log.alarm(step, alarm)
            lines += [f"! {alarm}", f"  usually helps: {KINDS[alarm.kind].helps}"]
        self._start_epoch(step)
        return "\n".join(lines)

    def state_dict(self) -> dict[str, Any]:
        """Everything a resumed run needs to report as if it had never stopped, in the middle of an epoch too."""
        return {
            "first_step": self._first_step,
            "seconds": self._seconds,
            "totals": dict(self._totals),
            "validated": dict(self._validated),
            "best": dict(self._best),
            "validation_loss": self.validation_loss,
            "health": self.health and self.health.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._first_step, self._seconds = state["first_step"], state["seconds"]
        self._totals, self._validated = dict(state["totals"]), dict(state["validated"])
        self._best, self.validation_loss = dict(state["best"]), state["validation_loss"]
        if self.health and state.get("health"):  # absent from checkpoints of before there were alarms
            self.health.load_state_dict(state["health"])

    def _start_epoch(self, step: int) -> None:
        self._first_step = step
        self._seconds = 0.0
        self._totals, self._validated = {}, {}
        self._lap_start = time.perf_counter()

    def _lap(self) -> float:
        start, self._lap_start = self._lap_start, time.perf_counter()
        return self._lap_start - start

    def _line(self, name: str, means: Mapping[str, float]) -> str:
        train, validation = _figure(means.get(name)), _figure(self._validated.get(name))
        best, at_step = self._best.get(name, (None, None))
        mark = "*" if best is not None and best == self._validated.get(name) else " "
        when = "" if at_step is None else f"{at_step:,}"
        return f"  {name:<{NAME_WIDTH}}{train:>10}{validation:>12} {mark}{_figure(best):>12}{when:>12}".rstrip()


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:#.4g}"


def _check(values: Mapping[str, float], step: int) -> None:
    if not all(isfinite(value) for value in values.values()):
        raise NonFiniteLossError(values, step)
