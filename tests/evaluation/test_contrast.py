import pytest
import torch
import torch.nn.functional as F

from tts.evaluation.contrast import contrast, with_contrast


def test_averages_have_less_contrast_than_recordings_and_padding_has_none() -> None:
    recorded = torch.randn(2, 80, 50, generator=torch.Generator().manual_seed(0))
    mask = torch.ones(2, 50, dtype=torch.bool)
    mask[1, 30:] = False
    over_time = F.avg_pool1d(recorded, 3, 1, 1)
    across = F.avg_pool1d(recorded.transpose(1, 2), 3, 1, 1).transpose(1, 2)
    assert contrast(recorded, recorded, mask).tolist() == pytest.approx([1.0, 1.0])
    for averages in (over_time, across, recorded / 2):
        assert (contrast(averages, recorded, mask) < 0.9).all()
    padded = recorded.where(mask[:, None], torch.nan)
    assert contrast(padded, padded, mask).tolist() == pytest.approx([1.0, 1.0])
    silence = torch.full((1, 80, 50), -11.5)
    assert contrast(recorded[:1], silence, mask[:1]).item() == 1.0


def test_a_clearer_mel_may_be_a_little_farther_off() -> None:
    early, later = with_contrast(0.696, contrast=0.75), with_contrast(0.700, contrast=0.85)
    assert later < early
    assert with_contrast(0.9, contrast=1.0) > with_contrast(0.7, contrast=0.8)  # of another voice
