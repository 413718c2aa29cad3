"""What a person is shown while a run goes on: the table in time, alarms at once; the history keeps the same."""

import time
from collections.abc import Callable, Mapping

from tts.training.health import KINDS
from tts.training.metrics_log import MetricsLog
from tts.training.tracker import LossTracker

READ_S = 20.0  # a table is read for
WAIT_S = 120.0  # nobody waits for longer


class TableClock:
    """When the table is due: at once, at the end of an epoch, and every two minutes.

    An epoch that ends before the table before it could be read has none of its own.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, read_s: float = READ_S, wait_s: float = WAIT_S
    ) -> None:
        self.now, self.read_s, self.wait_s = now, read_s, wait_s
        self._latest = now()

    def due(self, *, epoch_ends: bool, now: bool) -> bool:
        """Asked after each step. Where it says yes, the time runs from there."""
        waited = self.now() - self._latest
        if not (now or waited >= self.wait_s or (epoch_ends and waited >= self.read_s)):
            return False
        self._latest = self.now()
        return True


class Reports:
    """Reports what the tracker has seen to a person (``write``) and to the history."""

    def __init__(
        self,
        tracker: LossTracker,
        metrics_log: MetricsLog,
        write: Callable[[str], None],
        clock: TableClock | None = None,
    ) -> None:
        self.tracker, self.metrics_log, self.write, self.clock = tracker, metrics_log, write, clock or TableClock()

    def validation(self, terms: Mapping[str, float], loss: float) -> None:
        """Means over the validation split after the latest step, and the figure by which checkpoints compare."""
        self.tracker.validation(terms, loss)
        self.metrics_log.scalars(self.tracker.step, "validation", terms)

    def alarms(self) -> None:
        """Those that have begun or ended with the latest step or validation."""
        health, step = self.tracker.health, self.tracker.step
        for alarm in health.news(step) if health else []:
            self.metrics_log.alarm(step, alarm)
            self.write(f"! {alarm}\n  {'it is over' if alarm.until else f'usually helps: {KINDS[alarm.kind].helps}'}")

    def table_when_due(self, *, epoch_ends: bool, now: bool) -> None:
        """The table, ``now`` or when it is time. The means start afresh: the next one is about the steps to come."""
        if not self.clock.due(epoch_ends=epoch_ends, now=now):
            return
        tracker = self.tracker
        self.write(tracker.summary())
        values = {"learning_rate": tracker.learning_rate, **tracker.means()}
        self.metrics_log.scalars(tracker.step, "train", values, tracker.epoch)
        tracker.clear()
