from pathlib import Path

import pytest
import torch

from tts.config.audio import AudioConfig
from tts.config.loader import load_config
from tts.config.vocoder import GeneratorConfig
from tts.models.generators import make_generator

CONFIGS = Path(__file__).parents[2] / "configs"


def generator_of(*recipes: str) -> GeneratorConfig:
    return load_config([CONFIGS / f"{recipe}.yaml" for recipe in recipes]).vocoder.generator


@pytest.mark.parametrize(
    ("config", "frames"),
    [
        (generator_of(), 13),
        (generator_of("hifigan_v2"), 13),
        (generator_of("hifigan_v3"), 11),
        (generator_of("hifigan_istft"), 14),
        (generator_of("hifigan_istft_small"), 11),
        (generator_of("vocos"), 29),
        (generator_of("vocos").model_copy(update={"n_blocks": 2, "kernel": 3}), 7),
    ],
)
def test_receptive_field_is_exact(config: GeneratorConfig, frames: int) -> None:
    torch.manual_seed(0)
    generator = make_generator(config.model_copy(update={"channels": 16}), AudioConfig(n_mels=1)).folded().double()
    assert generator.receptive_field == frames
    for name, parameter in generator.named_parameters():
        # Positive weights on positive input, so that nothing cancels; far from where tanh is flat. (Of a Vocos, whose
        # norms make any constant vanish, the random weights do.)
        if config.kind == "hifigan":
            torch.nn.init.constant_(parameter, 0.01 if name.endswith("weight") else 0.0)
    mel = torch.ones(1, 1, 91, dtype=torch.float64, requires_grad=True)
    generator(mel)[0, 0, 45 * 256 : 46 * 256].sum().backward()
    assert mel.grad is not None
    reached = mel.grad[0, 0].nonzero().flatten() - 45
    assert (reached.min(), reached.max()) == (-frames, frames)
