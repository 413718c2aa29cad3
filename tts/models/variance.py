"""The variance adaptor of FastSpeech 2 (arXiv 2006.04558): duration, pitch and energy."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.acoustic import AcousticConfig, PredictorConfig, VarianceConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.models.length_regulator import expand, phone_of_frame
from tts.models.masks import MaskedConv1d, length_mask

LOG_PER_SEMITONE = log(2) / 12
LOG_PER_DB = log(10) / 20
SMOOTHED_SHARE = 30  # an embedding is the mean over about 1/30 of the range: half a semitone, a fraction of a dB


@dataclass(frozen=True)
class Targets:
    """What training forces on the adaptor."""

    durations: Tensor  # (B, P) int64, frames, 0 at padding
    pitch: Tensor  # (B, P) or (B, T), z-scored
    energy: Tensor  # (B, P) or (B, T), z-scored
    mel: Tensor | None = None  # (B, M, T), for the posterior of the prosody


@dataclass(frozen=True)
class Controls:
    """What a speaker of the voice may ask for, phone by phone."""

    duration_scale: Tensor  # (B, P), factor
    pitch_shift: Tensor  # (B, P), semitones
    energy_shift: Tensor  # (B, P), dB
    prosody: Tensor | None = None  # (B, P, Z), standard deviations from what the text makes likely


@dataclass(frozen=True)
class Adapted:
    hidden: Tensor  # (B, T, C)
    log_durations: Tensor  # (B, P) predicted, log(1 + frames)
    durations: Tensor  # (B, P) int64, the ones used
    pitch: Tensor  # (B, P) or (B, T), predicted, with its shift
    energy: Tensor  # (B, P) or (B, T), predicted, with its shift
    frame_mask: Tensor  # (B, T)
    mel_lengths: Tensor  # (B,)


def unrounded_frames(log_durations: Tensor, duration_scale: Tensor) -> Tensor:
    """Durations in frames as predicted, before they are rounded. All: (B, P)."""
    return (log_durations.exp() - 1) * duration_scale


class ConvPair(nn.Module):
    """Two convolutions, each with ReLU, layer norm and dropout."""

    def __init__(self, config: PredictorConfig, hidden: int) -> None:
        super().__init__()
        self.conv_1 = MaskedConv1d(hidden, config.channels, config.kernel)
        self.norm_1 = nn.LayerNorm(config.channels)
        self.conv_2 = MaskedConv1d(config.channels, config.channels, config.kernel)
        self.norm_2 = nn.LayerNorm(config.channels)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, L, C_in), mask: (B, L). Returns (B, L, channels), arbitrary where the mask is False."""
        x = self.dropout(self.norm_1(self.conv_1(x, mask).relu()))
        x = self.dropout(self.norm_2(self.conv_2(x, mask).relu()))
        return x


class Predictor(ConvPair):
    """One value per position: a pair of convolutions, then a projection."""

    def __init__(self, config: PredictorConfig, hidden: int) -> None:
        super().__init__(config, hidden)
        self.projection = nn.Linear(config.channels, 1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, L, C), mask: (B, L). Returns (B, L), 0 where the mask is False."""
        values: Tensor = self.projection(super().forward(x, mask)).squeeze(2)
        return values.masked_fill(~mask, 0.0)


class BinEmbedding(nn.Module):
    """The paper's embedding of a quantised value, made continuous.

    A value at the centre of a bin has that bin's embedding, between two centres the linear interpolation of the two;
    bins are smoothed over their close neighbours. Hard bins would turn a rounding error of 1e-7 at an edge into a jump
    of a whole bin, and rough ones amplify it: neither could be exported to within 1e-4 of the mel. Pitch control
    gains too, being free of steps.
    """

    low: Tensor
    bins_per_unit: Tensor

    def __init__(self, n_bins: int, hidden: int, moments: Sequence[Moments]) -> None:
        """Bins are uniform from the smallest to the largest value (in std) of any speaker."""
        super().__init__()
        low, high = min(m.minimum for m in moments), max(m.maximum for m in moments)
        self.last_bin = n_bins - 1
        self.smoothing = n_bins // SMOOTHED_SHARE // 2  # bins on each side
        # Linear in the value to begin with, so that bins which speech rarely visits hold a sensible extrapolation.
        direction = torch.randn(hidden) / sqrt(hidden)
        self.embedding = nn.Parameter(torch.linspace(low, high, n_bins) * direction[:, None])  # (C, bins)
        self.register_buffer("low", torch.tensor(low))
        self.register_buffer("bins_per_unit", torch.tensor(self.last_bin / (high - low) if high > low else 0.0))

    def forward(self, values: Tensor) -> Tensor:
        """values: (B, L), z-scored; those outside the bins count as the outermost. Returns (B, L, C)."""
        width = 2 * self.smoothing + 1
        bins = F.avg_pool1d(self.embedding[None], width, 1, self.smoothing, count_include_pad=False)[0].T  # (bins, C)
        position = ((values.float() - self.low) * self.bins_per_unit).clamp(0, self.last_bin)
        below = position.long()
        above = (below + 1).clamp(max=self.last_bin)
        return torch.lerp(F.embedding(below, bins), F.embedding(above, bins), (position - below)[:, :, None])


class Variance(nn.Module):
    """Predicts one quantity and adds its embedding to the hidden sequence."""

    std: Tensor

    def __init__(self, config: VarianceConfig, hidden: int, moments: Sequence[Moments], log_per_unit: float) -> None:
        """``moments``: one per speaker. ``log_per_unit``: what one unit of the shift adds to the logarithm."""
        super().__init__()
        self.level = config.level
        self.log_per_unit = log_per_unit
        self.predictor = Predictor(config.predictor, hidden)
        self.embedding = BinEmbedding(config.n_bins, hidden, moments)
        self.register_buffer("std", torch.tensor([m.std for m in moments]))

    def in_std(self, shift: Tensor, speaker_ids: Tensor) -> Tensor:
        """shift: (B, P), semitones or dB. Returns (B, P) in units of the speaker's standard deviation."""
        return shift * self.log_per_unit / self.std[speaker_ids][:, None]

    def forward(
        self, hidden: Tensor, mask: Tensor, target: Tensor | None, shift: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """hidden: (B, L, C); mask, target (z-scored), shift (in std): (B, L).

        Returns hidden plus the embedding of the target or, without one, of the prediction; and the prediction (B, L).
        """
        predicted = self.predictor(hidden, mask)
        if shift is not None:
            predicted = (predicted + shift).masked_fill(~mask, 0.0)
        return hidden + self.embedding(predicted if target is None else target), predicted


class VarianceAdaptor(nn.Module):
    """Predicts durations, adds pitch and energy at the level each is modelled at, and regulates the length."""

    def __init__(self, config: AcousticConfig, statistics: Sequence[SpeakerStatistics]) -> None:
        super().__init__()
        pitch = [speaker.pitch[config.pitch.level] for speaker in statistics]
        energy = [speaker.energy[config.energy.level] for speaker in statistics]
        self.duration = Predictor(config.duration, config.hidden)
        self.pitch = Variance(config.pitch, config.hidden, pitch, LOG_PER_SEMITONE)
        self.energy = Variance(config.energy, config.hidden, energy, LOG_PER_DB)

    def forward(self, hidden: Tensor, phone_mask: Tensor, speaker_ids: Tensor, given: Targets | Controls) -> Adapted:
        """hidden: (B, P, C), phone_mask: (B, P), speaker_ids: (B,)."""
        log_durations = self.duration(hidden, phone_mask)
        targets: dict[str, Tensor] = {}
        shifts: dict[str, Tensor] = {}
        if isinstance(given, Targets):
            durations = given.durations
            targets = {"pitch": given.pitch, "energy": given.energy}
        else:
            frames = unrounded_frames(log_durations, given.duration_scale)
            durations = frames.round().clamp(min=0).long().masked_fill(~phone_mask, 0)
            shifts["pitch"] = self.pitch.in_std(given.pitch_shift, speaker_ids)
            shifts["energy"] = self.energy.in_std(given.energy_shift, speaker_ids)

        phone_index = phone_of_frame(durations)
        mel_lengths = durations.sum(1)
        frame_mask = length_mask(mel_lengths, phone_index.shape[1])
        mask, predicted = phone_mask, {}
        for level in ("phone", "frame"):
            if level == "frame":
                hidden, mask = expand(hidden, phone_index), frame_mask
                shifts = {name: expand(shift, phone_index) for name, shift in shifts.items()}
            for name, variance in (("pitch", self.pitch), ("energy", self.energy)):
                if variance.level == level:
                    hidden, predicted[name] = variance(hidden, mask, targets.get(name), shifts.get(name))
        return Adapted(
            hidden, log_durations, durations, predicted["pitch"], predicted["energy"], frame_mask, mel_lengths
        )
