"""Dynamic time warping: which frames of two renditions of a sentence belong together."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating]
IntArray = npt.NDArray[np.int64]


def warp(recorded: FloatArray, generated: FloatArray) -> tuple[IntArray, IntArray]:
    """Frames of each, pair by pair from first to last, of the path with the least sum of Euclidean distances.

    recorded: (D, T), generated: (D, U). Steps go on by one frame in one of them or in both (Sakoe and Chiba, IEEE TASSP
    26, 1978).
    """
    cost = _accumulated(_distances(recorded, generated))
    row, column = len(cost) - 1, cost.shape[1] - 1
    path = [(row, column)]
    while row or column:
        steps = [(row - 1, column - 1), (row - 1, column), (row, column - 1)]
        row, column = min((step for step in steps if min(step) >= 0), key=lambda step: cost[step])
        path.append((row, column))
    rows, columns = np.array(path[::-1], np.int64).T
    return rows, columns


def _distances(recorded: FloatArray, generated: FloatArray) -> FloatArray:
    """(D, T), (D, U) to (T, U)."""
    squares = np.square(recorded).sum(0)[:, None] + np.square(generated).sum(0) - 2 * recorded.T @ generated
    return np.asarray(np.sqrt(squares.clip(0.0)))


def _accumulated(distances: FloatArray) -> FloatArray:
    """Least cost of a path from the first pair to each, diagonal by diagonal."""
    n_rows, n_columns = distances.shape
    cost = np.full((n_rows + 1, n_columns + 1), np.inf)  # with an edge that no path crosses but at its corner
    cost[0, 0] = 0.0
    for diagonal in range(2, n_rows + n_columns + 1):
        rows = np.arange(max(1, diagonal - n_columns), min(n_rows, diagonal - 1) + 1)
        columns = diagonal - rows
        cheapest = np.minimum(cost[rows - 1, columns - 1], np.minimum(cost[rows - 1, columns], cost[rows, columns - 1]))
        cost[rows, columns] = distances[rows - 1, columns - 1] + cheapest
    return np.asarray(cost[1:, 1:])
