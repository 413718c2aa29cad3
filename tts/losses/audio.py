"""What a distance between generated and recorded audio is, and those that a config asks for by naming their terms."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from torch import Tensor, nn

from tts.config.audio import AudioConfig
from tts.config.training import VocoderTrainingConfig
from tts.names import LOSSES, find


class AudioLoss(nn.Module, ABC):
    """A distance, or several that share their work. ``tts.names.LOSSES`` lists all of them, a line for each term."""

    @classmethod
    def build(cls, config: VocoderTrainingConfig, audio: AudioConfig) -> Self:
        return cls()

    @abstractmethod
    def per_item(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S) in [-1, 1]. Returns unweighted terms of each item (B,)."""

    def forward(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """The terms of the batch, scalars; no gradient reaches the target."""
        return {name: values.mean() for name, values in self.per_item(prediction, target.detach()).items()}


class AudioLosses(AudioLoss):
    """Those that return the given terms; other terms, such as those of discriminators, are not theirs."""

    def __init__(self, terms: Iterable[str], config: VocoderTrainingConfig, audio: AudioConfig) -> None:
        super().__init__()
        self.terms = LOSSES.keys() & set(terms)
        places = sorted({LOSSES[term] for term in self.terms})
        self.losses: Sequence[AudioLoss] = [find(place).build(config, audio) for place in places]
        self.members = nn.ModuleList(self.losses)  # which moves their buffers with this module

    def per_item(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S). Returns the given terms of each item (B,)."""
        return self._given(loss.per_item(prediction, target) for loss in self.losses)

    def forward(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S). Returns the given terms, scalars."""
        return self._given(loss(prediction, target) for loss in self.losses)

    def _given(self, results: Iterable[Mapping[str, Tensor]]) -> dict[str, Tensor]:
        return {name: value for terms in results for name, value in terms.items() if name in self.terms}
