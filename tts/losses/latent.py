"""Distances between distributions of latent variables."""

from torch import Tensor

from tts.models.processes import mean_over_processes


def kl_divergence(z_p: Tensor, logs_q: Tensor, m_p: Tensor, logs_p: Tensor, z_mask: Tensor) -> Tensor:
    """KL divergence of the posterior from the prior, both Gaussian, estimated at a sample (VITS, arXiv 2106.06103).

    z_p: (B, C, T) a sample of the posterior, carried by a flow, if there is one, to where the prior lives.
    logs_q: (B, C, T) log standard deviation of the posterior; m_p, logs_p: (B, C, T) mean and log standard deviation of
    the prior. z_mask: (B, 1, T), true (or 1) where a position is real. The sum over channels and real positions, per
    real position; 0 when there is none. Padding changes nothing, whatever stands in it. Returns a scalar.
    """
    mask = z_mask.bool()
    z_p, logs_q, m_p, logs_p = (x.float().where(mask, 0.0) for x in (z_p, logs_q, m_p, logs_p))
    divergence = logs_p - logs_q - 0.5 + 0.5 * (z_p - m_p).square() * (-2 * logs_p).exp()
    return divergence.where(mask, 0.0).sum() / mean_over_processes(mask.sum().float()).clamp(min=1.0)
