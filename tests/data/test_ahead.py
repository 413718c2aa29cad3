"""Batches made ahead: the same ones in the same order, errors where they belong, no thread left behind."""

import threading
from collections.abc import Callable, Iterator
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.data.ahead import made_ahead
from tts.errors import InputError


def jobs(n: int | None = None, fails_at: int | None = None) -> Iterator[Callable[[], int]]:
    def job(index: int) -> int:
        if index == fails_at:
            raise InputError("shard", "is damaged")
        return index

    for index in count() if n is None else range(n):
        yield lambda index=index: job(index)


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("batches")]


@given(st.integers(0, 20), st.integers(1, 5))
def test_every_result_once_and_in_order(n: int, n_ahead: int) -> None:
    with made_ahead(jobs(n), n_ahead) as results:
        assert list(results) == list(range(n))
    assert not running()


def test_the_next_ones_are_made_while_the_last_is_used() -> None:
    made = threading.Semaphore(0)
    release = (lambda: made.release() for _ in count())
    with made_ahead(release, n_ahead=3) as results:
        next(results)
        for _ in range(4):  # the one that was asked for and three ahead of it
            assert made.acquire(timeout=60)
        assert not made.acquire(timeout=0.05)


def test_an_error_comes_where_its_batch_would_have_come() -> None:
    with pytest.raises(InputError, match="is damaged"), made_ahead(jobs(fails_at=3)) as results:
        assert list(islice(results, 3)) == [0, 1, 2]
        next(results)
    assert not running()


def test_no_thread_outlives_a_training_that_fails() -> None:
    with pytest.raises(RuntimeError, match="loss"), made_ahead(jobs()) as results:
        next(results)
        raise RuntimeError("loss")
    assert not running()
