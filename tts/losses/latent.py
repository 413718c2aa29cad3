"""The Kullback-Leibler divergence of a posterior from its prior, with free bits (arXiv 1606.04934, section C.8)."""

from torch import Tensor

from tts.models.prosody import Gaussian, Latent


def kl_divergence(posterior: Gaussian, prior: Gaussian) -> Tensor:
    """Nats, exactly, of each number: (B, L, Z)."""
    ratio = (2 * (posterior.log_std - prior.log_std)).exp()
    distance = ((posterior.mean - prior.mean) / prior.log_std.exp()).square()
    return prior.log_std - posterior.log_std + (ratio + distance - 1) / 2


def latent_terms(latent: Latent, phone_mask: Tensor, free_bits: float) -> dict[str, Tensor]:
    """Of each utterance (B,): ``kl/nats``, the divergence of a phone's latent (the mean over real phones) or of the
    utterance's; and ``kl``, the same where each number counts as ``free_bits`` nats at least, so that none is given up.

    phone_mask: (B, P). Padding changes nothing, whatever stands in it.
    """
    nats = kl_divergence(latent.posterior, latent.prior).float()
    real = phone_mask[:, : nats.shape[1], None]  # of an utterance's, the first phone
    each = nats.where(real, 0.0).sum(1) / real.sum(1).clamp(min=1)  # (B, Z)
    return {"kl": each.clamp(min=free_bits).sum(1), "kl/nats": each.sum(1)}
