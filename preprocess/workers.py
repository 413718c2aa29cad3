"""Jobs on several processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import Synchronized
from typing import Any, Protocol, TypeVar

import torch
from tqdm import tqdm

from tts.errors import InputError

Job = TypeVar("Job")
Found = TypeVar("Found")
Work = Callable[[Job], Iterator[Found | None]]  # yields after each item of the job what is wrong with it, or None

POLL_S = 0.2  # s between two looks at the progress


class Engine(Protocol):
    """What does jobs: ``run_jobs`` below, or on several machines ``preprocess.ray_engine.run_jobs``."""

    def __call__(
        self, work: Work[Job, Found], jobs: Sequence[Job], n_workers: int | None, stop: bool, bar: "tqdm[Any]"
    ) -> list[Found]: ...


_n_items: "Synchronized[int]"  # items done by all workers together; set in each worker when it starts


def run_jobs(
    work: Work[Job, Found], jobs: Sequence[Job], n_workers: int | None, stop: bool, bar: "tqdm[Any]"
) -> list[Found]:
    """Do all jobs and return what was found wrong; with ``stop``, begin no more jobs once something was.

    ``work`` and the jobs must be picklable. n_workers: processes, by default one per core. ``bar`` counts items.
    """
    n_workers = min(n_workers or os.cpu_count() or 1, len(jobs))
    if n_workers > 1:
        return _run_in_pool(work, jobs, n_workers, stop, bar)
    found: list[Found] = []
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in the pool: the number of threads may change the last bit
    try:
        for job in jobs:
            for item in work(job):
                bar.update()
                found += [] if item is None else [item]
            if found and stop:
                break
    finally:
        torch.set_num_threads(n_threads)
    return found


def _run_in_pool(
    work: Work[Job, Found], jobs: Sequence[Job], n_workers: int, stop: bool, bar: "tqdm[Any]"
) -> list[Found]:
    context = multiprocessing.get_context("spawn")  # a forked torch may hang
    n_items = context.Value("q", 0)
    n_before = bar.n
    found: list[Found] = []
    with ProcessPoolExecutor(n_workers, context, _start_worker, (n_items,)) as pool:
        pending: set[Future[list[Found]]] = {pool.submit(_do, work, job) for job in jobs}
        try:
            while pending:
                done, pending = wait(pending, POLL_S, FIRST_COMPLETED)
                bar.update(n_before + n_items.value - bar.n)
                for future in done:
                    found += future.result()
                if found and stop:
                    pending = {future for future in pending if not future.cancel()}
        except BrokenProcessPool:
            hint = "run again with fewer --workers: finished shards are kept"
            raise InputError("preprocess", "a worker was killed, perhaps for lack of memory", hint) from None
        except BaseException:  # a signal, or the error of a job: what the others do is not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return found


def _start_worker(n_items: "Synchronized[int]") -> None:
    global _n_items
    _n_items = n_items
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker at once and in silence: shards are atomic
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    """A killed parent cannot stop its workers; without this they would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(work: Work[Job, Found], job: Job) -> list[Found]:
    found = []
    for item in work(job):
        with _n_items.get_lock():
            _n_items.value += 1
        if item is not None:
            found.append(item)
    return found
