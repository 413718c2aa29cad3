"""Which utterances make which batch."""

from collections.abc import Sequence

import numpy as np


class BucketSampler:
    """Batches of similar length in random order: little padding, and the same batches for the same seed and epoch.

    The order is a function of (seed, epoch), so a run resumed in the middle of an epoch repeats and skips nothing.
    """

    POOL_BATCHES = 16  # batches sorted together: more means less padding and less shuffling

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int, rank: int = 0, n_ranks: int = 1) -> None:
        """``batch_size`` is per process; ``rank`` of ``n_ranks`` processes gets its share of each global batch."""
        self.lengths, self.seed, self.rank, self.n_ranks = np.asarray(lengths), seed, rank, n_ranks
        # A corpus smaller than a batch is one batch; otherwise the ragged end waits for the next epoch's shuffle.
        self.global_size = min(batch_size * n_ranks, max(len(lengths), n_ranks))
        self.n_batches = max(1, len(lengths) // self.global_size)

    def batches(self, epoch: int) -> list[list[int]]:
        """This process's indices for each step of the epoch."""
        rng = np.random.default_rng((self.seed, epoch))
        order = rng.permutation(len(self.lengths))[: self.n_batches * self.global_size]
        pool = self.global_size * self.POOL_BATCHES
        pools = [order[i : i + pool] for i in range(0, len(order), pool)]
        order = np.concatenate([p[np.argsort(self.lengths[p], kind="stable")] for p in pools])
        starts = rng.permutation(self.n_batches) * self.global_size
        return [order[start : start + self.global_size][self.rank :: self.n_ranks].tolist() for start in starts]
