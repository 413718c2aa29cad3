import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.config.vocoder import ISTFTConfig
from tts.models.excitation import NOISE_FRAMES, Noise, Pulses
from tts.models.istft import ISTFT

SAMPLE_RATE, HOP = 22050, 256
TRANSFORM = ISTFT(ISTFTConfig(n_fft=256, hop_length=64))
NOISE = Noise(TRANSFORM, per_frame=HOP // 64)


@given(st.floats(60.0, 800.0))
def test_pulses_are_all_harmonics_equally_loud(f0: float) -> None:
    pulses = Pulses(SAMPLE_RATE, HOP)
    f0s = torch.full((1, 20), f0, dtype=torch.float64)
    n_harmonics = math.floor(0.5 / (f0 / SAMPLE_RATE))
    time = torch.arange(20 * HOP, dtype=torch.float64) + 0.5 - HOP / 2  # samples after the centre of the first frame
    cycles = time * f0 / SAMPLE_RATE
    harmonics = torch.stack([torch.cos(2 * math.pi * k * cycles) for k in range(1, n_harmonics + 1)])
    expected = harmonics.sum(0) * math.sqrt(2 / n_harmonics)
    assert torch.allclose(pulses(f0s, pulses.phases(f0s))[0, 0].double(), expected, atol=1e-4)


def test_a_glide_passes_through_the_cycles_that_its_f0_says() -> None:
    pulses = Pulses(SAMPLE_RATE, HOP)
    f0s = torch.linspace(100.0, 300.0, 50, dtype=torch.float64)[None]
    audio = pulses(f0s, pulses.phases(f0s))[0, 0]
    assert audio.std() - 1 < 0.05
    peaks = ((audio[1:-1] > audio[:-2]) & (audio[1:-1] > audio[2:]) & (audio[1:-1] > 4.5)).sum()
    assert abs(peaks.item() - 200.0 * 50 * HOP / SAMPLE_RATE) <= 2  # mean F0 times duration


@given(st.integers(0, 10_000), st.integers(1, 150))
def test_noise_is_the_same_wherever_it_is_begun(first: int, n_frames: int) -> None:
    here = NOISE(torch.tensor([first]), n_frames)
    earlier = NOISE(torch.tensor([max(first - 7, 0)]), n_frames + 7)
    offset = (first - max(first - 7, 0)) * NOISE.per_frame
    for part, same in zip(here, earlier, strict=True):
        assert torch.equal(part, same[:, offset : offset + n_frames * NOISE.per_frame])


def test_noise_is_white_and_of_unit_power() -> None:
    samples = TRANSFORM(*NOISE(torch.tensor([3]), NOISE_FRAMES))[0, 0, HOP:-HOP]
    spectrum = torch.stft(samples, 256, 64, window=torch.hann_window(256), return_complex=True).abs().square().mean(1)
    assert abs(samples.square().mean() - 1) < 0.05
    assert spectrum[2:-2].max() / spectrum[2:-2].min() < 3


def test_noise_has_no_seam_where_it_repeats() -> None:
    spectra = NOISE(torch.tensor([0]), 3 * NOISE_FRAMES)
    again = TRANSFORM.analyse(TRANSFORM(*spectra))  # only spectra of one sound come back as they were
    seam = slice(NOISE.n_spectra - 8, NOISE.n_spectra + 8)
    for part, restored in zip(spectra, again, strict=True):
        assert torch.allclose(restored[:, seam], part[:, seam], atol=1e-3)
