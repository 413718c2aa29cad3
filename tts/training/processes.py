"""Processes that train together end together, and the user sees why: the error that came first, wherever it was."""

import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from lightning_fabric import Fabric
from torch import Tensor

from tts.errors import EXIT_BAD_INPUT, InputError

POLL_S = 1.0
GRACE_S = 5.0  # for a process to end by itself after another has failed


def average(values: Tensor, fabric: Fabric) -> Tensor:
    """Over the processes."""
    averaged = fabric.all_reduce(values, reduce_op="mean")
    assert isinstance(averaged, Tensor)
    return averaged


def launch(fabric: Fabric) -> None:
    """Start the other processes. When one of them is killed, this one ends with a line; when this one is, they end.

    Fabric runs the same command again in each, so a command can have several only if it trains and does nothing else.
    """
    if fabric.world_size > 1 and "LOCAL_RANK" in os.environ:
        Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    elif fabric.world_size > 1:
        Thread(target=_end_if_left_alone, args=(fabric.strategy.launcher, fabric.world_size - 1), daemon=True).start()
    fabric.launch()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_S)
    os._exit(1)


def _end_if_left_alone(launcher: Any, n_others: int) -> None:
    while not _lost(launcher.procs):
        time.sleep(POLL_S)
        if len(launcher.procs) == n_others:  # Fabric, where it still finds one killed in its list, kills us too
            watched, launcher.procs = launcher.procs, [*launcher.procs]
            watched.clear()
            n_others = 0
    time.sleep(GRACE_S)
    print(_lost(launcher.procs), file=sys.stderr, flush=True)
    os._exit(EXIT_BAD_INPUT)


def _lost(processes: list[subprocess.Popen[bytes]]) -> InputError | None:
    """The first that ended, but not well, and not because a signal asked all of them to stop."""
    for rank, process in enumerate(processes, start=1):
        code = process.poll() or 0
        if 0 != code < 128:
            how = f"signal {-code} ended it" if code < 0 else f"it ended with code {code}"
            fix = "give the same command again; if memory ran out, set fewer devices or a smaller batch"
            return InputError(f"process {rank} of the training", f"is gone ({how})", fix)
    return None


@contextmanager
def failing_together(fabric: Fabric) -> Iterator[None]:
    """Raise in the first process what failed in any; the other processes end without a word.

    Left alone, each would report the connections that the failed one broke. An error other than ``InputError`` becomes
    a ``RuntimeError`` that holds its traceback. A process that waits for ever, as collectives of GPUs do, is ended.
    """
    if fabric.world_size == 1:
        yield
        return
    failures, over = _shared_file(fabric), Event()  # a line of each failed process; gone when the first one has ended
    Thread(target=_end_if_stuck, args=(failures, over, fabric.is_global_zero), daemon=True).start()
    try:
        yield
    except Exception as error:
        _append(failures, _why(error, fabric), fabric.global_rank)
        if not fabric.is_global_zero:
            sys.exit(0)  # any other code would have Fabric kill the first process before it can report
        raise _first_of(failures) from None
    finally:
        over.set()
        if fabric.is_global_zero:
            failures.unlink(missing_ok=True)


def _why(error: Exception, fabric: Fabric) -> Exception:
    """The error, or that a process was killed, whose connections break a moment before its end can be seen."""
    if isinstance(error, InputError) or not fabric.is_global_zero:
        return error
    time.sleep(POLL_S)
    return _lost(getattr(fabric.strategy.launcher, "procs", [])) or error


def _shared_file(fabric: Fabric) -> Path:
    path = ""
    if fabric.is_global_zero:
        descriptor, path = tempfile.mkstemp(prefix="tts-failures-")
        os.close(descriptor)
    return Path(fabric.broadcast(path))


def _append(failures: Path, error: Exception, rank: int) -> None:
    told = [error.where, error.what, error.fix] if isinstance(error, InputError) else traceback.format_exc()
    try:
        # A single write to a file opened for appending: lines are whole, and the first is of the first who failed.
        descriptor = os.open(failures, os.O_WRONLY | os.O_APPEND)
    except FileNotFoundError:
        return
    os.write(descriptor, f"{json.dumps([rank, told])}\n".encode())
    os.close(descriptor)


def _first_of(failures: Path) -> InputError | RuntimeError:
    rank, told = json.loads(failures.read_text(encoding="utf-8").partition("\n")[0])
    return RuntimeError(f"process {rank} failed:\n{told}") if isinstance(told, str) else InputError(*told)


def _end_if_stuck(failures: Path, over: Event, tells: bool) -> None:
    while not over.wait(POLL_S):
        if (failures.exists() and not failures.stat().st_size) or over.wait(GRACE_S):
            continue
        if not tells:
            os._exit(0)
        error = _first_of(failures)
        print(error, file=sys.stderr, flush=True)
        os._exit(EXIT_BAD_INPUT if isinstance(error, InputError) else 1)
