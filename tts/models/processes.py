"""What the processes that train together must agree on.

A mean over a batch is the mean of the means over its halves, and gradients are averaged accordingly. But where a loss
divides by something that the batch decides, such as the number of real frames, it must be that of all processes: only
then do two with half a batch each learn what one with the whole batch learns.

Without gradients these functions return what they are given: what is measured is each process's own affair.
"""

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.nn.functional import all_reduce


def sum_over_processes(x: Tensor) -> Tensor:
    """Differentiable."""
    if n_learning() == 1:
        return x
    total: Tensor = all_reduce(x)  # type: ignore[no-untyped-call]
    return total


def mean_over_processes(x: Tensor) -> Tensor:
    """Differentiable."""
    return sum_over_processes(x) / n_learning()


def n_learning() -> int:
    """How many processes learn together; 1 where there is no gradient."""
    return dist.get_world_size() if torch.is_grad_enabled() and dist.is_available() and dist.is_initialized() else 1
