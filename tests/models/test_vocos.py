import pytest
import torch

from tts.config.loader import load_config
from tts.config.vocoder import HiFiGANConfig, VocosConfig
from tts.errors import InputError
from tts.models.vocos import Vocos

SMALL = VocosConfig(channels=16, hidden_channels=24, n_blocks=2)


@pytest.mark.parametrize("n_frames", [1, 7])
def test_a_frame_becomes_a_hop_of_audio(n_frames: int) -> None:
    audio = Vocos(SMALL, 4)(torch.randn(2, 4, n_frames))
    assert audio.shape == (2, 1, n_frames * 256)


def test_every_weight_learns() -> None:
    generator = Vocos(SMALL, 4)
    generator(torch.randn(1, 4, 5)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in generator.parameters())


def test_padding_beyond_the_receptive_field_changes_nothing() -> None:
    generator, mel = Vocos(SMALL, 4).eval(), torch.randn(1, 4, 60)
    torch.testing.assert_close(generator(mel)[..., : 40 * 256], generator(mel[..., :55])[..., : 40 * 256])


def test_the_kind_of_generator_is_chosen_in_the_config() -> None:
    chosen = load_config(overrides=["vocoder.generator={kind: vocos, n_blocks: 3}"]).vocoder.generator
    assert chosen == VocosConfig(n_blocks=3)
    assert load_config(overrides=["vocoder.generator.channels=256"]).vocoder.generator == HiFiGANConfig(channels=256)
    with pytest.raises(InputError, match="upsample_rates"):
        load_config(overrides=["vocoder.generator={kind: vocos, upsample_rates: [8]}"])
    with pytest.raises(InputError, match="hop_length"):
        load_config(overrides=["vocoder.generator={kind: vocos}", "audio.hop_length=200"])
    with pytest.raises(InputError, match=r"vocoder\.generator"):
        load_config(overrides=["vocoder.generator.kind=wavenet"])
    with pytest.raises(InputError, match="odd"):
        load_config(overrides=["vocoder.generator={kind: vocos, kernel: 4}"])
