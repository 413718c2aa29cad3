"""The history of a run: one JSON object a line in ``metrics.jsonl``, and the same in TensorBoard.

A row is ``{"step", "split", "time", <term>: <value>, ...}`` with ``step`` the finished steps, ``split`` "train" (means
since the row before, with the epoch and the learning rate at that step) or "validation", and ``time`` in seconds since
1970. Alarms have the split "health", with ``alarm``, its kind, ``since``, ``until`` (null where it begins) and
``message`` in place of terms.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from torch.utils.tensorboard import SummaryWriter

from tts.errors import InputError, system_error
from tts.files.disk import append_line
from tts.files.documents import parse_json, read_document
from tts.files.whole import write_file
from tts.names import Split
from tts.training.health import Alarm
from tts.training.run_dir import RunDir

Row = dict[str, Any]
MAX_BYTES = 1 << 30


class MetricsLog:
    """Appends to the history of a run that stands at ``step``; what a killed run had logged after it is dropped."""

    def __init__(self, run: RunDir, step: int) -> None:
        self.path, self._folder = run.metrics, run.tensorboard
        self._tensorboard: SummaryWriter | None = None
        if run.writes:
            _drop_after(step, self.path)
            self._tensorboard = SummaryWriter(run.tensorboard, purge_step=step + 1)

    def scalars(self, step: int, split: Split, values: Mapping[str, float], epoch: int | None = None) -> None:
        """Log finite values by name."""
        if self._tensorboard is None:
            return
        about = {"step": step, "split": split, "time": round(time.time(), 3)}
        row = about | ({} if epoch is None else {"epoch": epoch}) | dict(values)
        append_line(self.path, json.dumps(row, allow_nan=False))
        for name, value in values.items():
            self._draw("add_scalar", f"{name}/{split}", value, step)

    def alarm(self, step: int, alarm: Alarm) -> None:
        """Log an alarm that begins or has ended."""
        if self._tensorboard is None:
            return
        about = {"step": step, "split": "health", "time": round(time.time(), 3)}
        what = {"alarm": alarm.kind, "since": alarm.since, "until": alarm.until, "message": str(alarm)}
        append_line(self.path, json.dumps(about | what))
        self._draw("add_text", f"health/{alarm.kind}", str(alarm), step)

    def picture(self, name: str, figure: Figure, step: int) -> None:
        self._draw("add_figure", name, figure, step)

    def audio(self, name: str, audio: np.ndarray, sample_rate: int, step: int) -> None:
        """audio: (S,) in [-1, 1]; sample_rate: Hz."""
        self._draw("add_audio", name, audio[None], step, sample_rate)

    def close(self) -> None:
        self._draw("flush")  # else what its thread could not write would be lost in silence
        self._draw("close")

    def _draw(self, method: str, *what: Any) -> None:
        """For TensorBoard. Raises ``InputError`` where it cannot be written."""
        try:
            if self._tensorboard is not None:
                getattr(self._tensorboard, method)(*what)
        except OSError as error:
            raise system_error(self._folder, "cannot be written", error) from None


def read_metrics(path: Path) -> list[Row]:
    """The rows of a ``metrics.jsonl``, oldest first; a last line cut short by a kill is not a row.

    Raises ``InputError`` naming the line that is damaged.
    """
    rows = []
    lines = read_document(path, MAX_BYTES).splitlines(keepends=True) if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            break
        try:
            row = parse_json(line, "it")
            if not isinstance(row, dict) or not isinstance(row.get("step"), int):
                raise InputError("it", "names no step")
        except InputError as error:
            raise InputError(f"{path}, line {number}", error.what, "delete the line") from None
        rows.append(row)
    return rows


def _drop_after(step: int, path: Path) -> None:
    kept = [row for row in read_metrics(path) if row["step"] <= step]
    write_file(path, "".join(f"{json.dumps(row)}\n" for row in kept).encode())
