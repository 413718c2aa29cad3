"""Which state of which phone a frame of speech belongs to."""

from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.aligner import AlignerConfig
from tts.models.masks import MaskedConv1d, length_mask

RAREST = 1e-6  # lower bound of a state's frequency


class Aligner(nn.Module):
    """Convolutions over the mel, then a classifier over ``n_phones * n_states`` states.

    Its context is short on purpose: a network that sees far recognises a phone before it begins or after it has ended,
    and learns from forward-sum to say so anywhere near it.
    """

    log_prior: Tensor

    def __init__(self, config: AlignerConfig, n_phones: int) -> None:
        super().__init__()
        self.config = config
        n_classes = n_phones * config.n_states
        channels = [config.audio.n_mels, *[config.channels] * len(config.kernels)]
        self.convolutions = nn.ModuleList(map(MaskedConv1d, channels[:-1], channels[1:], config.kernels))
        self.norms = nn.ModuleList(nn.LayerNorm(config.channels) for _ in config.kernels)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.channels, n_classes)
        # All states alike at the start, so that the first alignments are spread evenly over each utterance.
        nn.init.zeros_(self.classifier.weight)
        nn.init.zeros_(self.classifier.bias)
        self.register_buffer("log_prior", torch.full((n_classes,), -log(n_classes)))

    def forward(self, mel: Tensor, mel_lengths: Tensor) -> Tensor:
        """mel: (B, M, T), z-scored per band; mel_lengths: (B,). Returns log P(state | frame), (B, T, C)."""
        mask = length_mask(mel_lengths, mel.shape[2])
        x = mel.transpose(1, 2)  # (B, T, M)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = self.dropout(norm(convolution(x, mask).relu()))
        return F.log_softmax(self.classifier(x), dim=-1)

    def scores(self, log_posteriors: Tensor, phone_ids: Tensor) -> Tensor:
        """What each frame says for each state of an utterance's phones.

        log_posteriors: (B, T, C); phone_ids: (B, P). Returns (B, T, P * n_states): posteriors divided by the states'
        frequency raised to ``prior_scale``, as in hybrid speech recognisers. Without it frequent states, silence above
        all, would swallow the others.
        """
        likelihoods = log_posteriors - self.config.prior_scale * self.log_prior
        return likelihoods.gather(2, self._states(phone_ids, likelihoods.shape[1]))

    @torch.no_grad()
    def update_prior(self, occupancy: Tensor, phone_ids: Tensor, decay: float) -> None:
        """Follow how many frames the alignments give to each state.

        occupancy: (B, T, P * n_states); phone_ids: (B, P). The mean of the posteriors would do at the end, but early
        on, when they are still flat, it lets the alignments run astray.
        """
        states = self._states(phone_ids, occupancy.shape[1])
        frames = torch.zeros_like(self.log_prior).index_add_(0, states.flatten(), occupancy.flatten())
        prior = decay * self.log_prior.exp() + (1.0 - decay) * frames / frames.sum()
        self.log_prior.copy_(prior.clamp(min=RAREST).log())

    def _states(self, phone_ids: Tensor, n_frames: int) -> Tensor:
        """(B, n_frames, P * n_states), the classes of an utterance's states, the same in each frame."""
        n = self.config.n_states
        states = (phone_ids[:, :, None] * n + torch.arange(n, device=phone_ids.device)).flatten(1)
        return states[:, None].expand(-1, n_frames, -1)
