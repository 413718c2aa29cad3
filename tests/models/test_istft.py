import pytest
import torch
from pydantic import ValidationError
from torch import Tensor

from tts.config.vocoder import ISTFTConfig
from tts.models.istft import ISTFTHead

CONFIGS = [ISTFTConfig(), ISTFTConfig(n_fft=32, hop_length=8), ISTFTConfig(n_fft=6, hop_length=2)]


def spectra(config: ISTFTConfig, n_frames: int) -> Tensor:
    x = torch.randn(2, config.n_fft + 2, n_frames, generator=torch.Generator().manual_seed(0))
    return torch.cat([x[:, : config.n_fft // 2 + 1], 10 * x[:, config.n_fft // 2 + 1 :]], dim=1)


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("n_frames", [1, 2, 50])
def test_equals_torch_between_silences(config: ISTFTConfig, n_frames: int) -> None:
    head, x = ISTFTHead(config), spectra(config, n_frames)
    log_magnitude, phase = x.chunk(2, dim=1)
    silence = torch.zeros(2, config.n_fft // 2 + 1, config.n_fft // config.hop_length)
    magnitude = log_magnitude.exp().clamp(max=config.n_fft / 2)
    spectrum = torch.cat([silence, torch.polar(magnitude, phase), silence], dim=2)
    window = torch.hann_window(config.n_fft)
    expected = torch.istft(spectrum, config.n_fft, config.hop_length, window=window)
    start = config.n_fft - config.hop_length // 2
    audio = head(x)[:, 0]
    assert audio.shape == (2, n_frames * config.hop_length)
    torch.testing.assert_close(audio, expected[:, start : start + audio.shape[1]], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("config", CONFIGS)
def test_inverts_the_stft(config: ISTFTConfig) -> None:
    audio = torch.rand(1, 40 * config.hop_length) * 2 - 1
    edge = (config.n_fft - config.hop_length) // 2
    padded = torch.nn.functional.pad(audio, (edge, edge))
    window = torch.hann_window(config.n_fft)
    spectrum = torch.stft(padded, config.n_fft, config.hop_length, window=window, center=False, return_complex=True)
    restored = ISTFTHead(config)(torch.cat([spectrum.abs().log(), spectrum.angle()], dim=1))[:, 0]
    # All frames that hold a sample are there from n_fft - hop_length on.
    inside = slice(config.n_fft, -config.n_fft)
    torch.testing.assert_close(restored[:, inside], audio[:, inside], atol=1e-5, rtol=1e-5)


def test_stays_exact_in_mixed_precision_and_finite_when_loud() -> None:
    head, x = ISTFTHead(ISTFTConfig()), spectra(ISTFTConfig(), 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(head(x), head(x.float()))
    assert head(x + 1000).isfinite().all()


@pytest.mark.parametrize(("n_fft", "hop_length"), [(16, 8), (16, 5), (15, 5), (3, 1)])
def test_windows_that_do_not_overlap_to_a_constant_are_refused(n_fft: int, hop_length: int) -> None:
    with pytest.raises(ValidationError, match="hop_length"):
        ISTFTConfig(n_fft=n_fft, hop_length=hop_length)
