"""Processes that train together end together, and the user sees why: the error that came first, wherever it was."""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

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
        _append(failures, error, fabric.global_rank)
        if not fabric.is_global_zero:
            sys.exit(0)  # any other code would have Fabric kill the first process before it can report
        raise _first_of(failures) from None
    finally:
        over.set()
        if fabric.is_global_zero:
            failures.unlink(missing_ok=True)


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
