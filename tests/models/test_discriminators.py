import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tts.config.loader import load_config
from tts.config.vocoder import (
    DISCRIMINATOR_SETS,
    ComplexSTFTConfig,
    DiscriminatorConfig,
    MultiResolutionConfig,
    PeriodConfig,
    ScaleConfig,
)
from tts.models.discriminators import ComplexSTFTDiscriminator, Discriminators, ResolutionDiscriminator

EVERY_KIND = (
    PeriodConfig(width=1 / 16),
    ScaleConfig(width=1 / 16),
    ComplexSTFTConfig(n_ffts=(512, 256), width=1 / 8),
    MultiResolutionConfig(n_ffts=(512, 256), hop_lengths=(100, 40), win_lengths=(400, 256), width=1 / 8),
)
NAMES = [
    *(f"period_{p}" for p in (2, 3, 5, 7, 11)),
    *(f"scale_{2**i}" for i in range(3)),
    *("stft_512", "stft_256", "resolution_512", "resolution_256"),
]


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return 0.1 * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.slow
def test_published_sizes_and_names() -> None:
    with torch.device("meta"):
        discriminators = Discriminators(DISCRIMINATOR_SETS["hifigan"])
    assert sum(p.numel() for p in discriminators.mpd.parameters()) / 1e6 == pytest.approx(41.1, abs=0.1)
    assert sum(p.numel() for p in discriminators.msd.parameters()) / 1e6 == pytest.approx(29.6, abs=0.1)
    names = discriminators.state_dict().keys()
    assert "mpd.discriminators.4.convs.4.parametrizations.weight.original1" in names
    assert "msd.discriminators.2.conv_post.parametrizations.weight.original0" in names
    assert "msd.discriminators.0.convs.6.parametrizations.weight.0._u" in names, "the first is spectrally normed"
    assert [conv.groups for conv in discriminators.msd.discriminators[1].convs] == [1, 4, 16, 16, 16, 16, 1]


@pytest.mark.parametrize("n_samples", [512, 1021])
def test_each_discriminator_scores_and_shows_its_features(n_samples: int) -> None:
    outputs = Discriminators(EVERY_KIND)(noise(3, 1, n_samples))
    assert list(outputs) == NAMES
    for name, output in outputs.items():
        assert output.score.shape[0] == 3 and output.score.isfinite().all()
        assert len(output.features) == (8 if name.startswith("scale") else 6)
        assert torch.equal(output.features[-1][0].flatten(1), output.score)


def test_those_that_are_drawn_stand_for_all_of_their_kind() -> None:
    discriminators, random = Discriminators(EVERY_KIND).eval(), np.random.default_rng(0)
    draws = [discriminators.drawn(2, random) for _ in range(600)]
    assert all(len(drawn) == 8 for drawn in draws)
    for name, weight in discriminators.weights.items():
        assert np.mean([drawn.get(name, 0.0) for drawn in draws]) == pytest.approx(weight, rel=0.15)
    assert discriminators.drawn(9, random) == discriminators.weights
    audio, drawn = noise(1, 1, 512), draws[0]
    outputs, everyone = discriminators(audio, drawn), discriminators(audio)
    assert list(outputs) == list(drawn)
    assert all(torch.equal(outputs[name].score, everyone[name].score) for name in drawn)


def test_gradients_reach_audio_and_weights_even_from_silence() -> None:
    discriminators = Discriminators(EVERY_KIND)
    for audio in (noise(1, 1, 512), torch.zeros(1, 1, 512)):
        audio.requires_grad_()
        for name, output in discriminators(audio).items():
            (gradient,) = torch.autograd.grad(output.score.square().sum(), audio, retain_graph=True)
            assert gradient.isfinite().all() and (gradient.any() or not audio.any()), name
    sum(output.score.square().sum() for output in discriminators(noise(1, 1, 512)).values()).backward()  # type: ignore[union-attr]
    assert all(p.grad is not None and p.grad.isfinite().all() for p in discriminators.parameters())


@pytest.mark.slow
@pytest.mark.parametrize(("max_groups", "expected"), [(1, [1] * 7), (256, [1, 4, 16, 64, 256, 256, 1])])
def test_groups_can_be_capped_or_left_as_large_as_in_melgan(max_groups: int, expected: list[int]) -> None:
    with torch.device("meta"):
        (msd,) = Discriminators([ScaleConfig(n_scales=1, max_groups=max_groups)]).children()
    assert [conv.groups for conv in msd.discriminators[0].convs] == expected
    assert [conv.out_channels for conv in msd.discriminators[0].convs] == [128, 128, 256, 512, 1024, 1024, 1024]


@pytest.mark.parametrize("width", [0.01, 0.3, 0.77])
def test_any_width_keeps_the_groups(width: float) -> None:
    discriminators = Discriminators([PeriodConfig(periods=(3,), width=width), ScaleConfig(n_scales=2, width=width)])
    assert [conv.groups for conv in discriminators.msd.discriminators[1].convs] == [1, 4, 16, 16, 16, 16, 1]
    assert list(discriminators(noise(1, 1, 256))) == ["period_3", "scale_1", "scale_2"]


@pytest.mark.slow
def test_the_dac_set_hears_bands_of_the_complex_spectrum_and_no_level() -> None:
    with torch.device("meta"):
        period, complex_stft = Discriminators(DISCRIMINATOR_SETS["dac"]).children()
    assert all(member.normalise for member in period.discriminators)
    first = complex_stft.discriminators[0]
    assert first.edges == [0, 102, 256, 512, 768, 1025]  # of 1,025 bins
    assert [tuple(conv.weight.shape) for conv in first.bands[0]] == [
        (32, 2, 3, 9),
        *[(32, 32, 3, 9)] * 3,
        (32, 32, 3, 3),
    ]
    assert [conv.stride for conv in first.bands[4]] == [(1, 1), (1, 2), (1, 2), (1, 2), (1, 1)]
    narrow = [PeriodConfig(normalise=True, width=1 / 16), ComplexSTFTConfig(n_ffts=(256,), width=0.5)]
    discriminators, audio = Discriminators(narrow), noise(2, 1, 600)
    quiet = discriminators(0.1 * audio + 0.05)
    for name, output in discriminators(audio).items():
        torch.testing.assert_close(quiet[name].score, output.score, rtol=1e-3, atol=1e-4)
    maps = quiet["stft_256"].features
    assert [len(layer) for layer in maps] == [5] * 5 + [1]


def test_only_the_complex_one_hears_a_change_of_sign() -> None:
    audio = noise(1, 1, 600)
    magnitude = ResolutionDiscriminator(256, 64, 256, 0.5)
    complex_stft = ComplexSTFTDiscriminator(256, (0.0, 0.5), 0.5)
    torch.testing.assert_close(magnitude(audio).score, magnitude(-audio).score)
    assert not torch.allclose(complex_stft(audio).score, complex_stft(-audio).score, rtol=1e-3)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("dac", DISCRIMINATOR_SETS["dac"]),
        ("[{kind: period, periods: [2]}]", (PeriodConfig(periods=(2,)),)),
        (
            "[{kind: scale, max_groups: 1}, {kind: multi_resolution}]",
            (ScaleConfig(max_groups=1), MultiResolutionConfig()),
        ),
    ],
)
def test_the_config_names_a_set_or_lists_members(given: str, expected: tuple[DiscriminatorConfig, ...]) -> None:
    assert load_config([], [f"vocoder.discriminators={given}"]).vocoder.discriminators == expected


@pytest.mark.slow
def test_the_light_set_costs_an_eighth_of_the_published_one_at_most() -> None:
    def operations(name: str) -> int:
        """Multiplications and additions of forward and backward, counted."""
        with torch.device("meta"):
            discriminators = Discriminators(DISCRIMINATOR_SETS[name])
            audio = torch.zeros(1, 1, 8192)
        counter = FlopCounterMode(display=False)
        with counter:
            sum(output.score.sum() for output in discriminators(audio).values()).backward()  # type: ignore[union-attr]
        return counter.get_total_flops()

    assert 8 * operations("light") < operations("hifigan")
