"""The path of least cost, beside a search through all of them."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.evaluation.warping import warp


def cost(a: np.ndarray, b: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> float:
    return float(np.linalg.norm(a[:, rows] - b[:, columns], axis=0).sum())


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 999))
def test_no_path_is_cheaper(n_rows: int, n_columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(3, n_rows)), rng.normal(size=(3, n_columns))

    @cache
    def least(i: int, j: int) -> float:
        before = [(x, y) for x, y in ((i - 1, j - 1), (i - 1, j), (i, j - 1)) if x >= 0 and y >= 0]
        return float(np.linalg.norm(a[:, i] - b[:, j])) + min((least(*step) for step in before), default=0.0)

    rows, columns = warp(a, b)
    assert cost(a, b, rows, columns) == pytest.approx(least(n_rows - 1, n_columns - 1), abs=1e-6)
    assert (rows[0], columns[0]) == (0, 0) and (rows[-1], columns[-1]) == (n_rows - 1, n_columns - 1)
    steps = {(int(i), int(j)) for i, j in zip(np.diff(rows), np.diff(columns), strict=True)}
    assert steps <= {(1, 1), (0, 1), (1, 0)}


def test_a_stretched_rendition_finds_itself() -> None:
    a = np.random.default_rng(1).normal(size=(13, 40))
    stretch = np.repeat(np.arange(40), np.random.default_rng(2).integers(1, 4, 40))
    rows, columns = warp(a, a[:, stretch])
    np.testing.assert_array_equal(rows, stretch[columns])
