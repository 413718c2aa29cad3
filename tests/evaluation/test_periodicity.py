"""Periodicity of sounds made of known parts of tone and noise."""

import numpy as np
import pytest

from tts.config.audio import AudioConfig, PitchConfig
from tts.evaluation.periodicity import periodicity

N_FRAMES = 80
EDGE = 5  # frames that look beyond the ends


def tone(config: AudioConfig, f0_hz: float) -> np.ndarray:
    time = np.arange(N_FRAMES * config.hop_length) / config.sample_rate
    harmonics = sum(np.sin(2 * np.pi * k * f0_hz * time) / k for k in range(1, 9))
    return 0.1 * harmonics / np.std(harmonics)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
@pytest.mark.parametrize("f0_hz", [75.0, 113.0, 240.0, 700.0])
def test_a_tone_is_periodic(rate: int, f0_hz: float) -> None:
    config = AudioConfig(sample_rate=rate)
    found = periodicity(tone(config, f0_hz), config, PitchConfig())
    assert found.shape == (N_FRAMES,)
    assert found[EDGE:-EDGE].min() > 0.97


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_tone_in_white_noise_has_the_tones_share_of_the_power(share: float) -> None:
    config = AudioConfig()
    noise = 0.1 * np.random.default_rng(0).normal(size=N_FRAMES * config.hop_length)
    mixed = np.sqrt(share) * tone(config, 200.0) + np.sqrt(1 - share) * noise
    found = periodicity(mixed, config, PitchConfig())[EDGE:-EDGE]
    assert found.mean() == pytest.approx(share, abs=0.06)


def test_noise_and_silence_are_not() -> None:
    config = AudioConfig()
    silence = np.zeros(N_FRAMES * config.hop_length)
    noise = silence + 0.1 * np.random.default_rng(1).normal(size=len(silence))
    assert periodicity(noise, config, PitchConfig())[EDGE:-EDGE].mean() < 0.3
    np.testing.assert_array_equal(periodicity(silence, config, PitchConfig()), 0.0)


def test_frames_are_centred_half_a_hop_later_than_they_begin() -> None:
    config = AudioConfig()
    audio = tone(config, 200.0)
    audio[: len(audio) // 2] = 0.0
    rise = np.flatnonzero(periodicity(audio, config, PitchConfig()) > 0.9)[0]
    assert abs(rise + 0.5 - N_FRAMES / 2) < 4
