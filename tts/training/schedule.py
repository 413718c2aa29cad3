"""Learning rates: a step, or an epoch, to a rate."""

from math import cos, pi, sqrt

from tts.config.training import VocoderTrainingConfig


def inverse_square_root(step: int, peak: float, warmup_steps: int) -> float:
    """The Transformer's schedule (arXiv 1706.03762, section 5.3), given its peak.

    Rises linearly over ``warmup_steps``, then falls with the square root. ``step`` counts the finished optimizer steps,
    so that the first one already learns.
    """
    n = step + 1
    return peak * min(n / warmup_steps, sqrt(warmup_steps / n))


def vocoder_rate(step: int, epoch: int, config: VocoderTrainingConfig) -> float:
    """The schedule of the config: a decay per epoch (HiFi-GAN), or half a cosine over all steps (Vocos)."""
    if config.schedule == "cosine":
        return config.learning_rate * (1 + cos(pi * min(step / config.steps, 1.0))) / 2
    return config.learning_rate * config.decay**epoch
