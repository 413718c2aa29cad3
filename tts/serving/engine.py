"""Performances on the threads of this machine: a bounded number at once, one step of each in turn."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from tts.runtime.voice import Voice
from tts.serving.errors import BusyError
from tts.serving.metrics import Metrics
from tts.serving.performance import Item, Order, perform

T = TypeVar("T")
USUAL_STEP_S = 0.05  # until the first one has been timed
SMOOTHING = 0.05  # share of the newest step in the mean time of one


class Engine(Protocol):
    """Speaks orders."""

    def perform(self, order: Order) -> AsyncGenerator[Item, None]:
        """What ``performance.perform`` gives. Leaving it ends the work after the step in progress.

        Raises ``BusyError``, unless it is the continuation of a text that was accepted.
        """
        ...

    async def close(self) -> None: ...


class LocalEngine:
    """Threads that share the voices.

    Each step of a performance is one turn of a worker, first come, first served: many requests at once all begin to
    sound early, whoever reads slowly asks for no turns, and who has gone away gets none.
    """

    def __init__(self, voices: Mapping[str, Voice], jobs: int, queue: int, metrics: Metrics) -> None:
        self._voices = dict(voices)
        self._jobs, self._queue, self._metrics = jobs, queue, metrics
        self._workers = ThreadPoolExecutor(jobs, "speaker")
        self._turns = asyncio.Semaphore(jobs)
        self._waiting = 0
        self._step_s = USUAL_STEP_S

    async def perform(self, order: Order) -> AsyncGenerator[Item, None]:
        if self._waiting >= self._queue and order.opening:
            raise BusyError(max(1, math.ceil(self._waiting * self._step_s / self._jobs)))
        steps = perform(self._voices[order.choice.voice], order)
        while (step := await self._turn(partial(next, steps, None))) is not None:
            for item in step:
                yield item

    async def close(self) -> None:
        self._workers.shutdown(cancel_futures=True)

    async def _turn(self, work: Callable[[], T]) -> T:
        self._count_waiting(+1)
        try:
            await self._turns.acquire()
        finally:
            self._count_waiting(-1)
        try:
            seconds, result = await asyncio.get_running_loop().run_in_executor(self._workers, _timed, work)
        finally:
            self._turns.release()
        self._step_s += SMOOTHING * (seconds - self._step_s)
        self._metrics.synthesis_seconds.inc(seconds)
        return result

    def _count_waiting(self, change: int) -> None:
        self._waiting += change
        self._metrics.queue_depth.set(self._waiting)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
