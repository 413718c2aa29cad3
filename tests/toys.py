"""A vocoder, a loss, a front end and a target of one's own: what each takes, and no more."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from torch import Tensor, nn

from tts.config.vocoder import GeneratorConfig
from tts.export.targets.target import Target
from tts.export.voice_graphs import VoiceGraphs
from tts.losses.audio import AudioLoss
from tts.models.generators import Generator
from tts.text.lexicon import Lexicon
from tts.text.sentences import FrontEnd, Pause, Phones, Sentence, Word


class ToyConfig(GeneratorConfig):
    kind: Literal["toy"] = "toy"
    hop: int = 256  # samples

    @property
    def hop_length(self) -> int:
        return self.hop

    @property
    def hop_factors(self) -> str:
        return f"hop {self.hop}"


class ToyGenerator(Generator):
    """A frame of mel to samples, by one matrix."""

    def __init__(self, config: ToyConfig, n_mels: int) -> None:
        super().__init__()
        self.config: ToyConfig = config
        self.n_mels = n_mels
        self.layer = nn.Linear(n_mels, config.hop_length)

    @property
    def receptive_field(self) -> int:
        return 0

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T). Returns audio (B, 1, T * hop_length)."""
        return self.layer(mel.transpose(1, 2)).tanh().flatten(1)[:, None]


class ToyLoss(AudioLoss):
    """How far samples are apart."""

    def per_item(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S). Returns the term (B,)."""
        return {"toy": (prediction - target).abs().mean(1)}


class ToyFrontEnd(FrontEnd):
    """A word is spelled with the phones ``a`` to ``d``."""

    def __init__(self, language: str, lexicon: Lexicon | None = None) -> None:
        self.language = language

    def prepare(self) -> None:
        pass

    def vocabulary(self) -> Mapping[str, Phones]:
        return {}

    def sentences(self, text: str) -> Iterator[Sentence]:
        words = [Word(word, tuple(letter for letter in word if letter in "abcd")) for word in text.split()]
        yield Sentence((*words[:-1], Word(words[-1].text, words[-1].phones, Pause.FULL_STOP)))


def write_toy(voice: VoiceGraphs, folder: Path) -> str:
    (folder / "toy.txt").write_text(voice.manifest.name, encoding="utf-8")
    return "a toy"


TARGET = Target(write_toy)
