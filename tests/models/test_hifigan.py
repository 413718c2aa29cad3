from pathlib import Path

import pytest
import torch
from torch import Tensor

from tts.config.loader import load_config
from tts.config.vocoder import HiFiGANConfig
from tts.models.hifigan import HiFiGAN

CONFIGS = Path(__file__).parents[2] / "configs"
V1 = load_config().vocoder.generator
V2 = load_config([CONFIGS / "hifigan_v2.yaml"]).vocoder.generator
V3 = load_config([CONFIGS / "hifigan_v3.yaml"]).vocoder.generator
ISTFT = load_config([CONFIGS / "hifigan_istft.yaml"]).vocoder.generator
ISTFT_SMALL = load_config([CONFIGS / "hifigan_istft_small.yaml"]).vocoder.generator


def narrow(config: HiFiGANConfig) -> HiFiGANConfig:
    return config.model_copy(update={"channels": 32})


@pytest.mark.parametrize(("config", "millions"), [(V1, 13.92), (V2, 0.92), (V3, 1.46)])
def test_published_sizes(config: HiFiGANConfig, millions: float) -> None:
    generator = HiFiGAN(config, n_mels=80)
    generator.remove_weight_norm()
    assert sum(p.numel() for p in generator.parameters()) / 1e6 == pytest.approx(millions, abs=0.007)


def test_published_names() -> None:
    expected = {
        "conv_pre.weight",
        "ups.3.bias",
        "resblocks.11.convs1.2.weight",
        "resblocks.0.convs2.0.bias",
        "conv_post.bias",
    }
    assert expected <= HiFiGAN(narrow(V1), 80).folded().state_dict().keys()
    assert "resblocks.8.convs.1.weight" in HiFiGAN(narrow(V3), 80).folded().state_dict()


@pytest.mark.parametrize("config", [V1, V3, ISTFT, ISTFT_SMALL])
@pytest.mark.parametrize("n_frames", [1, 7])
def test_a_frame_becomes_a_hop_of_audio(config: HiFiGANConfig, n_frames: int) -> None:
    audio: Tensor = HiFiGAN(narrow(config), 4)(torch.randn(2, 4, n_frames))
    assert audio.shape == (2, 1, n_frames * 256) and audio.abs().max() <= 1


@pytest.mark.parametrize("config", [ISTFT, ISTFT_SMALL])
def test_every_weight_of_an_istft_generator_learns(config: HiFiGANConfig) -> None:
    generator = HiFiGAN(narrow(config), 4)
    generator(torch.randn(1, 4, 3)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in generator.parameters())


def test_folding_weight_norm_keeps_the_output_and_the_original() -> None:
    generator, mel = HiFiGAN(narrow(V3), 4), torch.randn(1, 4, 5)
    folded = generator.folded()
    torch.testing.assert_close(folded(mel), generator(mel))
    assert not any("parametrizations" in name for name in folded.state_dict())
    generator(mel).sum().backward()
    assert all(p.grad is not None for p in generator.parameters())
    before = generator(mel)
    generator.remove_weight_norm()
    generator.remove_weight_norm()
    torch.testing.assert_close(generator(mel), before)
