import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.config.acoustic import MelDiscriminatorsConfig
from tts.models.mel_discriminators import MelDiscriminators, WindowDiscriminator, cut, random_starts

WINDOWS = (8, 16)
CONFIG = MelDiscriminatorsConfig(windows=WINDOWS, channels=4)


def log_mel(*shape: int) -> torch.Tensor:
    return -5 + 2 * torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(0, 99))
def test_windows_lie_within_the_speech(lengths: list[int], seed: int) -> None:
    torch.manual_seed(seed)
    for window, starts in random_starts(torch.tensor(lengths), WINDOWS).items():
        assert starts.dtype == torch.int64
        for start, length in zip(starts.tolist(), lengths, strict=True):
            assert 0 <= start <= max(length - window, 0)


def test_every_start_is_drawn() -> None:
    torch.manual_seed(0)
    starts = random_starts(torch.full((500,), 12), [8])[8]
    assert starts.unique().tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("n_frames", [5, 20])
def test_cut_takes_the_frames_from_each_start(n_frames: int) -> None:
    mel = log_mel(2, 3, n_frames)
    starts = torch.tensor([0, max(n_frames - 8, 0)])
    window = cut(mel, starts, 8)
    assert window.shape == (2, 3, 8)
    assert torch.equal(window[1, :, : min(n_frames, 8)], mel[1, :, starts[1] :])


def test_one_judgement_per_window_whatever_the_padding() -> None:
    discriminators, mel = MelDiscriminators(CONFIG), log_mel(2, 20, 30)
    starts = random_starts(torch.tensor([30, 30]), WINDOWS)
    outputs = discriminators(mel, starts)
    padded = discriminators(torch.nn.functional.pad(mel, (0, 9)), starts)
    assert list(outputs) == ["mel_8", "mel_16"]
    for name, output in outputs.items():
        assert output.score.shape[0] == 2 and len(output.features) == 4
        assert torch.equal(output.score, padded[name].score)


def test_a_discriminator_tells_bands_apart() -> None:
    """To convolutions alone, away from the edges, it is all one where a spot of energy stands."""
    torch.manual_seed(0)
    discriminator, mel = WindowDiscriminator(channels=4), torch.full((1, 80, 64), -5.0)
    low, high = mel.clone(), mel.clone()
    low[:, 24:28, 32], high[:, 48:52, 32] = 0.0, 0.0
    changes = [(discriminator(spot).score - discriminator(mel).score).sum().item() for spot in (low, high)]
    assert changes[0] != pytest.approx(changes[1], rel=1e-2)
