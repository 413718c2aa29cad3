"""Learning rate schedules: a step to a factor on the configured learning rate."""

from math import sqrt


def inverse_square_root(step: int, warmup_steps: int) -> float:
    """The Transformer's schedule (arXiv 1706.03762, section 5.3), scaled so that its peak is 1.

    Rises linearly over ``warmup_steps``, then falls with the square root. ``step`` counts the finished optimizer steps,
    so that the first one already learns.
    """
    n = step + 1
    return min(n / warmup_steps, sqrt(warmup_steps / n))
