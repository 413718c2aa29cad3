import pytest
import torch

from tts.config.schema import DiscriminatorConfig
from tts.models.discriminators import Discriminators

NARROW = DiscriminatorConfig(width=1 / 16)


def test_published_sizes_and_names() -> None:
    discriminators = Discriminators(DiscriminatorConfig())
    assert sum(p.numel() for p in discriminators.mpd.parameters()) / 1e6 == pytest.approx(41.1, abs=0.1)
    assert sum(p.numel() for p in discriminators.msd.parameters()) / 1e6 == pytest.approx(29.6, abs=0.1)
    names = discriminators.state_dict().keys()
    assert "mpd.discriminators.4.convs.4.parametrizations.weight.original1" in names
    assert "msd.discriminators.2.conv_post.parametrizations.weight.original0" in names
    assert "msd.discriminators.0.convs.6.parametrizations.weight.0._u" in names, "the first is spectrally normed"


@pytest.mark.parametrize("n_samples", [512, 1021])
def test_each_discriminator_scores_and_shows_its_features(n_samples: int) -> None:
    outputs = Discriminators(NARROW)(torch.randn(3, 1, n_samples))
    assert list(outputs) == [f"period_{p}" for p in (2, 3, 5, 7, 11)] + ["scale_1", "scale_2", "scale_4"]
    for name, output in outputs.items():
        assert output.score.shape[0] == 3 and output.score.isfinite().all()
        assert len(output.features) == (6 if name.startswith("period") else 8)
        assert torch.equal(output.features[-1].flatten(1), output.score)


def test_gradients_reach_the_audio() -> None:
    audio = torch.randn(1, 1, 512, requires_grad=True)
    sum(output.score.square().sum() for output in Discriminators(NARROW)(audio).values()).backward()  # type: ignore[union-attr]
    assert audio.grad is not None and audio.grad.isfinite().all() and audio.grad.any()


@pytest.mark.parametrize("width", [0.01, 0.3, 0.77])
def test_any_width_keeps_the_groups(width: float) -> None:
    discriminators = Discriminators(DiscriminatorConfig(periods=(3,), n_scales=2, width=width))
    assert [conv.groups for conv in discriminators.msd.discriminators[1].convs] == [1, 4, 16, 16, 16, 16, 1]
    assert list(discriminators(torch.randn(1, 1, 256))) == ["period_3", "scale_1", "scale_2"]


def test_only_scales_or_only_periods() -> None:
    assert list(Discriminators(DiscriminatorConfig(periods=(), n_scales=1, width=0.1))(torch.randn(1, 1, 256))) == [
        "scale_1"
    ]
    assert list(Discriminators(DiscriminatorConfig(periods=(2,), n_scales=0, width=0.1))(torch.randn(1, 1, 256))) == [
        "period_2"
    ]
