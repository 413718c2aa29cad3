"""A harmonic-plus-noise vocoder: the mel says how to filter pulses at its F0, and noise.

Pulses and their linear filters go back to Dudley's vocoder; networks that control them to the neural source-filter
model (arXiv 1810.11946) and DDSP (arXiv 2001.04643); F0 heard in the mel itself to HiFTNet (arXiv 2309.09493). What is
voiced is periodic by construction, which a GAN without a source only learns in very many steps.
"""

from math import ceil, inf, log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.audio import AudioConfig
from tts.config.vocoder import F0PredictorConfig, SourceFilterConfig
from tts.models.excitation import Noise, Pulses
from tts.models.generators import Generator, Graph
from tts.models.istft import ISTFT
from tts.models.vocos import ConvNeXt, istft_reach, reach
from tts.runtime import contract

INITIAL_LOG_GAIN = -4.0  # of both filters: about the level of speech
LARGEST_LOG_GAIN = 4.0
NEIGHBOURS = 4  # steps of the grid on each side of the likeliest that the F0 is a mean of
LOCAL = 4  # frames on each side over which those means agree with the likeliest steps
BLUR = 25 / 1200 * log(2)  # 25 cents as in CREPE: a near miss is a small mistake
F0_TIE_MARGIN = 2e-5  # of logits: nearer ones may change places after any rounding error, and another F0 is chosen
HARMONIC_TIE_MARGIN = 5e-8  # of the F0: nearer to where one more harmonic has room, rounding decides if it is there
SOURCE_REACH = LOCAL + 1  # frames on each side whose logits a frame's pulses depend on; the last by what lies between


class F0Predictor(nn.Module):
    """The F0 on a grid: the mean of the likeliest step and its neighbours, by probability (CREPE, arXiv 1802.06182)."""

    log_f0: Tensor

    def __init__(self, config: F0PredictorConfig, n_mels: int) -> None:
        super().__init__()
        self.step = config.step / 1200 * log(2)
        n_steps = ceil(log(config.ceiling / config.floor) / self.step) + 1
        self.register_buffer(
            "log_f0", log(config.floor) + self.step * torch.arange(n_steps, dtype=torch.float64), False
        )
        self.network = ConvNeXt(config, n_mels, n_steps)

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T). Returns the logits of each step (B, N, T)."""
        logits: Tensor = self.network(mel)
        return logits

    def cross_entropy(self, logits: Tensor, log_f0: Tensor) -> Tensor:
        """logits: (B, N, T). log_f0: (B, T) recorded, interpolated where unvoiced. Returns the cross-entropy of each
        item (B,) against the recorded F0 blurred over its neighbours on the grid."""
        return -(self.target(log_f0).to(logits.dtype) * logits.log_softmax(dim=1)).sum(dim=1).mean(dim=1)

    def target(self, log_f0: Tensor) -> Tensor:
        """log_f0: (B, T). Returns the probabilities of each step (B, N, T) that say so."""
        distance = (self.log_f0[:, None] - log_f0[:, None]) / BLUR
        return (-distance.square() / 2).softmax(dim=1).float()

    def choose(self, logits: Tensor) -> Tensor:
        """(B, N, T) to F0 (B, T) float64, Hz.

        The likeliest step is up to half a step off. Its mean with its neighbours is not, but has rounding errors, which
        phases would add up for ever: hence the mean counts only as far as it differs from what it does nearby.
        """
        likeliest = logits.argmax(1, keepdim=True)
        offsets = torch.arange(-NEIGHBOURS, NEIGHBOURS + 1, device=logits.device)[:, None]
        wanted = likeliest + offsets  # (B, 2 * NEIGHBOURS + 1, T)
        steps = wanted.clamp(0, logits.shape[1] - 1)
        near = logits.float().gather(1, steps).masked_fill(steps != wanted, -inf)
        shift = (near.softmax(1) * offsets).sum(1, keepdim=True)
        f0 = self.log_f0[likeliest].exp()  # (B, 1, T)
        correction = f0 * ((self.step * shift.double()).exp() - 1)
        nearby = F.avg_pool1d(correction.float(), 2 * LOCAL + 1, 1, LOCAL, count_include_pad=False)
        return (f0 + correction - nearby.double())[:, 0]


class SourceFilter(Generator):
    """Every frame of mel becomes filters, of pulses, complex, and of noise: each for one frame of the inverse STFT.

    Those are shorter than frames of mel where there are several to one, and begin and end sounds more sharply.
    """

    def __init__(self, config: SourceFilterConfig, audio: AudioConfig) -> None:
        super().__init__()
        self.config: SourceFilterConfig = config
        self.n_mels = audio.n_mels
        self.f0 = F0Predictor(config.f0, audio.n_mels)
        self.pulses = Pulses(audio.sample_rate, config.hop_length)
        self.istft = ISTFT(config.istft)
        self.noise = Noise(self.istft, config.filters_per_frame)
        n_bins = self.istft.n_channels // 2
        self.filter = ConvNeXt(config, audio.n_mels, config.filters_per_frame * 3 * n_bins)
        with torch.no_grad():
            self.filter.linear_post.bias.view(-1, 3, n_bins)[:, [0, 2]] = INITIAL_LOG_GAIN

    @classmethod
    def build(cls, config: SourceFilterConfig, audio: AudioConfig) -> "SourceFilter":
        return cls(config, audio)

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T), natural log. Returns audio (B, 1, T * hop_length), meant for [-1, 1]."""
        f0 = self.f0.choose(self.f0(mel))
        first_frame = torch.zeros(mel.shape[0], dtype=torch.int64, device=mel.device)
        return self._filtered(mel, f0, self.pulses.phases(f0), first_frame)

    def train_forward(
        self, mel: Tensor, log_f0: Tensor, first_frame: Tensor, phase: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The recorded F0 makes the pulses, which go on from ``phase``, and the term ``f0`` is how far off is what is
        heard in the mel.

        Where what hears it is frozen, that one makes the pulses, as it does when speaking: filters make up for it.
        """
        logits = self.f0(mel)
        is_frozen = not any(parameter.requires_grad for parameter in self.f0.parameters())
        f0 = self.f0.choose(logits.detach()) if is_frozen else log_f0.double().exp()
        phases = self.pulses.phases(f0) + (phase - phase.round())[:, None]
        audio = self._filtered(mel, f0, phases, first_frame)
        return audio, {"f0": self.f0.cross_entropy(logits, log_f0)}

    def go_on(
        self, mel: Tensor, first_frame: Tensor, phase: Tensor, anchor: Tensor, given_f0: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """A stretch of a longer mel, heard as in the whole. mel: (B, M, T). first_frame: (1,) int64, as above. phase:
        (1,) float64, the cycles at frame ``anchor`` (1,) int64 of ``mel``. given_f0: (B, T) float64, Hz, to speak at
        instead of what is heard; 0 for nothing.

        Returns audio (B, 1, T * hop_length), the cycles at each frame (B, T) float64, in [-0.5, 0.5], and the F0 heard
        (B, T) float64.
        """
        heard = self.f0.choose(self.f0(mel))
        f0 = torch.where(given_f0 > 0, given_f0, heard)
        phases = self.pulses.phases(f0)
        phases = phases - phases.index_select(1, anchor) + phase
        audio = self._filtered(mel, f0, phases, first_frame.expand(mel.shape[0]))
        return audio, phases - phases.round(), heard

    def _filtered(self, mel: Tensor, f0: Tensor, phases: Tensor, first_frame: Tensor) -> Tensor:
        gains = self.filter(mel).transpose(1, 2).unflatten(2, (self.config.filters_per_frame, -1)).flatten(1, 2)
        with torch.autocast(mel.device.type, enabled=False):  # 8 bits are too few for a phase
            log_gain, shift, log_noise_gain = gains.to(self.istft.window.dtype).chunk(3, dim=2)  # (B, L, bins)
            gain = log_gain.clamp(max=LARGEST_LOG_GAIN).exp()
            noise_gain = log_noise_gain.clamp(max=LARGEST_LOG_GAIN).exp()
            pulses, noise = self.istft.analyse(self.pulses(f0, phases)), self.noise(first_frame, mel.shape[2])
            cosine, sine = gain * shift.cos(), gain * shift.sin()
            audio: Tensor = self.istft(
                pulses.real * cosine - pulses.imaginary * sine + noise.real * noise_gain,
                pulses.real * sine + pulses.imaginary * cosine + noise.imaginary * noise_gain,
            )
            return audio

    @property
    def receptive_field(self) -> int:
        return istft_reach(self.config) + max(reach(self.config), SOURCE_REACH + reach(self.config.f0))

    def graph(self) -> Graph:
        """Pulses go on from one stretch of a mel to the next, at the F0 heard or at another."""
        plain = super().graph()
        optional = {
            contract.FIRST_FRAME: torch.zeros(1, dtype=torch.int64),
            contract.PHASE: torch.zeros(1).double(),
            contract.GIVEN_F0: torch.zeros(1, 1).double(),
        }
        free = {contract.GIVEN_F0: {0: "given_B", 1: "given_T"}}
        return Graph(
            _Stretch(self.folded()),
            {**plain.inputs, **{name: free.get(name, {}) for name in optional}},
            {**plain.outputs, contract.PHASES: {0: "B", 1: "T"}, contract.F0: {0: "B", 1: "T"}},
            (*plain.example, *optional.values()),
            frozenset(optional),
        )

    def is_decided(self, mel: Tensor) -> bool:
        logits = self.f0(mel)
        first, second = logits.topk(2, dim=1).values.unbind(1)
        room = self.pulses.room(self.f0.choose(logits))
        harmonics_stay = (room - room.round()).abs() > HARMONIC_TIE_MARGIN * room
        return bool(((first - second) > F0_TIE_MARGIN).all() and harmonics_stay.all())


class _Stretch(nn.Module):
    """A stretch of a longer mel, as ``vocoder.onnx`` takes it."""

    def __init__(self, generator: SourceFilter) -> None:
        super().__init__()
        self.generator, self.context = generator, generator.receptive_field

    def forward(
        self, mel: Tensor, first_frame: Tensor, phase: Tensor, given_f0: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """mel: (B, M, T), first_frame: (1,), phase: (1,), given_f0: (B, T), or (1, 1) for all frames alike.

        Returns audio (B, S), phases (B, T), and the F0 heard (B, T).
        """
        anchor = (first_frame > 0) * self.context
        audio, phases, f0 = self.generator.go_on(mel, first_frame, phase, anchor, given_f0)
        return audio[:, 0], phases, f0
