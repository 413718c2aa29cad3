"""What the text leaves open about how it is said, as a latent variable: a variational autoencoder (arXiv 1312.6114)
whose prior reads the text, fine-grained as in arXiv 2002.03785 or one for the utterance.

In training the posterior, which hears the recording, says how this one was said, and the divergence from the prior is a
loss: so the prior learns what the text makes likely. A voice that speaks has the prior alone.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tts.config.acoustic import ProsodyConfig
from tts.models.length_regulator import mean_of_frames
from tts.models.masks import length_mask
from tts.models.variance import Controls, ConvPair, Targets

# Standard deviations between 0.007 and 7: beyond, a divergence is noise.
LOG_STD_RANGE = (-5.0, 2.0)
# Of the posterior at first: one as wide as the prior says nothing, so nobody would learn to listen to it.
SHARP_LOG_STD = -2.0
PROSODY = "prosody."  # its weights within the acoustic model
POSTERIOR = f"{PROSODY}posterior."  # which a voice does not carry


class Gaussian(NamedTuple):
    """Independent ones. Both: (B, L, Z), L = P, or 1 for a whole utterance."""

    mean: Tensor
    log_std: Tensor


class Latent(NamedTuple):
    posterior: Gaussian
    prior: Gaussian


class Reader(ConvPair):
    """A sequence into Gaussians, of every phone or of the whole utterance."""

    def __init__(self, config: ProsodyConfig, in_channels: int) -> None:
        super().__init__(config, in_channels)
        self.level = config.level
        self.projection = nn.Linear(config.channels, 2 * config.size)

    def forward(self, x: Tensor, mask: Tensor, durations: Tensor | None = None) -> Gaussian:  # type: ignore[override]
        """x: (B, L, C), mask: (B, L). durations: (B, P), where x is of frames."""
        read = super().forward(x, mask)
        if self.level == "utterance":
            real = mask[:, :, None].to(read.dtype)
            read = (read * real).sum(1, keepdim=True) / real.sum(1, keepdim=True).clamp(min=1)
        elif durations is not None:
            read = mean_of_frames(read, durations)
        mean, log_std = self.projection(read).chunk(2, dim=2)
        return Gaussian(mean, log_std.clamp(*LOG_STD_RANGE))


class Prosody(nn.Module):
    """Adds what the latent says to the hidden sequence, from which durations, pitch, energy and mel follow."""

    def __init__(self, config: ProsodyConfig, hidden: int, n_mels: int) -> None:
        super().__init__()
        self.level = config.level
        self.prior = Reader(config, hidden)
        self.posterior = Reader(config, n_mels)
        self.embedding = nn.Linear(config.size, hidden, bias=False)
        nn.init.zeros_(self.embedding.weight)  # a model that goes on from one without it begins as that one
        nn.init.constant_(self.posterior.projection.bias[config.size :], SHARP_LOG_STD)

    @property
    def size(self) -> int:
        return self.embedding.in_features

    def forward(self, hidden: Tensor, mask: Tensor, given: Targets | Controls) -> tuple[Tensor, Latent | None]:
        """hidden: (B, P, C), mask: (B, P). Returns hidden with what the latent adds, and the latent if ``given`` has a
        recorded mel: its posterior is drawn from in training; otherwise the prior's mean speaks, or what is asked for.
        """
        prior = self.prior(hidden, mask)
        latent, value = None, prior.mean
        if isinstance(given, Targets):
            if given.mel is not None:
                frame_mask = length_mask(given.durations.sum(1), given.mel.shape[2])
                latent = Latent(self.posterior(given.mel.transpose(1, 2), frame_mask, given.durations), prior)
                if self.training:
                    mean, log_std = latent.posterior
                    value = mean + log_std.exp() * torch.randn_like(mean)
        elif given.prosody is not None:
            asked = given.prosody if self.level == "phone" else given.prosody[:, :1]
            value = prior.mean + prior.log_std.exp() * asked
        return hidden + self.embedding(value), latent
