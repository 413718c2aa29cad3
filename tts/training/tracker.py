"""What the losses did: means over the latest steps, validation beside them, the best so far."""

import time
from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import Any

import torch
from torch import Tensor

from tts.errors import InputError
from tts.evaluation.metrics import shortfall
from tts.losses.weighting import is_part
from tts.training.health import Health

NAME_WIDTH = 30  # columns of the table's names


class NonFiniteLossError(InputError):
    """A loss term became NaN or infinite. Raised before the weights are touched; the last checkpoint is sound."""

    def __init__(self, values: Mapping[str, float], step: int) -> None:
        self.names = [name for name, value in values.items() if not isfinite(value)]
        listed = ", ".join(f"{name!r} is {values[name]}" for name in self.names)
        super().__init__(f"step {step}", f"loss {listed}", "check the data, or go on with a lower learning rate")


class LossTracker:
    """Collects the terms of every step, and makes the table that a person reads.

    ``begin`` and ``update`` add a step, ``validation`` a validation; ``clear`` starts the means afresh. ``means`` and
    ``summary`` only look. Parts of terms (``term/part``) are in the means, not in the table.
    """

    def __init__(
        self,
        step: int,
        n_steps: int,
        average: Callable[[Tensor], Tensor] = Tensor.detach,
        health: Health | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``step``: how many of ``n_steps`` are finished. ``average``: over the processes that train together, so that
        all see the same numbers, and all stop when those of one are not finite. ``health``: raises alarms over terms.
        ``clock``: seconds.
        """
        self.n_steps, self.average, self.health, self._clock = n_steps, average, health, clock
        self.step = step  # finished, or under way once it has begun
        self.epoch, self.learning_rate = 0, 0.0  # of that step
        self.validation_loss: float | None = None  # of the latest validation, lower is better
        self.best_loss, self.stale = inf, 0  # of all validations; how many there were since
        self._validated: dict[str, float] = {}  # term -> value of the latest validation
        self._validated_at: int | None = None  # step
        self._best: dict[str, tuple[float, int]] = {}  # term -> best validation value, its step
        self._sitting_from, self._sitting_seconds = step, 0.0  # since this program began, validations included
        self._lap_start = clock()
        self.clear()

    def begin(self, epoch: int, learning_rate: float) -> None:
        """A step begins. ``epoch`` counts from 0."""
        self.step += 1
        self.epoch, self.learning_rate = epoch, learning_rate

    def update(self, terms: Mapping[str, Tensor], weight: float) -> None:
        """Add the unweighted scalars of the step under way, or a part of them.

        Call it before the optimizer steps; the device is waited for once, however many the terms. ``weight``: how much
        the step counts in the means, such as its batch size. Raises ``NonFiniteLossError`` naming the terms.
        """
        numbers = self.average(torch.stack([term.detach().float() for term in terms.values()])).tolist()
        values = dict(zip(terms, numbers, strict=True))
        _check(values, self.step)
        for name, value in values.items():
            total, weights = self._totals.get(name, (0.0, 0.0))
            self._totals[name] = (total + value * weight, weights + weight)
        if self.health:
            self.health.update(values, self.step)
        self._seconds += self.lap()

    def validation(self, terms: Mapping[str, float], loss: float) -> None:
        """Means over the validation split after the latest step, and the figure by which checkpoints compare."""
        _check({**terms, "validation": loss}, self.step)
        self.validation_loss = loss
        self.stale = 0 if loss < self.best_loss else self.stale + 1
        self.best_loss = min(loss, self.best_loss)
        self._validated, self._validated_at = dict(terms), self.step
        for name, value in terms.items():
            if name not in self._best or shortfall(name, value) < shortfall(name, self._best[name][0]):
                self._best[name] = (value, self.step)
        if self.health:
            self.health.validation(terms, loss, self.step)

    def lap(self) -> float:
        """Seconds since the lap before. Calling it leaves out what was done since then from the time of the steps."""
        start, self._lap_start = self._lap_start, self._clock()
        self._sitting_seconds += self._lap_start - start
        return self._lap_start - start

    def means(self) -> dict[str, float]:
        """Weighted means of the training terms since they were cleared."""
        return {name: total / weights for name, (total, weights) in self._totals.items()}

    def clear(self) -> None:
        """Start the means and the speed afresh; what was validated and what is best stays."""
        self._totals: dict[str, tuple[float, float]] = {}  # term -> sum of value * weight, sum of weights
        self._first_step, self._seconds = self.step, 0.0

    def summary(self) -> str:
        """A table of the means, the latest validation and the best one (``*`` marks where they are the same)."""
        means = {"learning_rate": self.learning_rate, **self.means()}
        speed = (self.step - self._first_step) / self._seconds if self._seconds else 0.0
        title = [f"step {self.step:,} of {self.n_steps:,}", f"epoch {self.epoch}", f"{speed:.2f} steps/s"]
        title += [] if self._validated_at in (None, self.step) else [f"validated at step {self._validated_at:,}"]
        header = f"  {'':<{NAME_WIDTH}}{'train':>10}{'validation':>14}{'best':>12}{'at step':>12}"
        names = [name for name in dict.fromkeys([*means, *self._validated]) if not is_part(name)]
        alarms = [f"! {alarm}" for alarm in (self.health.lasting() if self.health else [])]
        return "\n".join(["   ".join([*title, self._left()]), header, *(self._line(n, means) for n in names), *alarms])

    def state_dict(self) -> dict[str, Any]:
        """Everything a resumed run needs to report as if it had never stopped."""
        return {
            "first_step": self._first_step,
            "seconds": self._seconds,
            "totals": dict(self._totals),
            "validated": dict(self._validated),
            "validated_at": self._validated_at,
            "best": dict(self._best),
            "validation_loss": self.validation_loss,
            "best_loss": self.best_loss,
            "stale": self.stale,
            "health": self.health and self.health.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._first_step, self._seconds = state["first_step"], state["seconds"]
        self._totals, self._best = dict(state["totals"]), dict(state["best"])
        self._validated, self._validated_at = dict(state["validated"]), state["validated_at"]
        self.validation_loss = state["validation_loss"]
        self.best_loss, self.stale = state.get("best_loss", inf), state.get("stale", 0)
        if self.health:
            self.health.load_state_dict(state["health"])

    def _left(self) -> str:
        """How long the remaining steps will take, at the pace of this sitting, validations and checkpoints included."""
        steps = self.step - self._sitting_from
        seconds = round((self.n_steps - self.step) * self._sitting_seconds / max(steps, 1))
        if seconds < 120:
            return f"{seconds} s left"
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours} h {minutes} min left" if hours else f"{minutes} min left"

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
