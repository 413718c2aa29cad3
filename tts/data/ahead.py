"""Batches made ahead of time, in the background: a step finds the next one ready."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def made_ahead(jobs: Iterator[Callable[[], T]], n_ahead: int = 4) -> Iterator[Iterator[T]]:
    """What the ``jobs`` return, in their order, with ``n_ahead`` of them under way or done before they are asked for.

    An error of a job is raised where its result is asked for. One thread does all: a batch is mostly copies from mapped
    files, for which ``tools/bench_feeding.py`` shows it to be enough, and a second one would fight for the interpreter.
    The thread has ended when the context is left.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
        try:
            yield _in_order(jobs, thread, n_ahead)
        finally:
            thread.shutdown(cancel_futures=True)


def _in_order(jobs: Iterator[Callable[[], T]], thread: ThreadPoolExecutor, n_ahead: int) -> Iterator[T]:
    pending = deque(thread.submit(job) for job in islice(jobs, n_ahead))
    while pending:
        result = pending.popleft().result()
        pending.extend(thread.submit(job) for job in islice(jobs, 1))
        yield result
