"""Whole clips compared: a known change shows in the metric that is there for it, and in no other."""

from math import isnan

import numpy as np
import pytest

from tts.config.audio import AudioConfig, PitchConfig
from tts.evaluation.clips import Listener
from tts.evaluation.metrics import IDEAL

CONFIG = AudioConfig()
N_FRAMES = 100


def vowel(f0_hz: float, gain: float = 1.0) -> np.ndarray:
    """Half a second of a harmonic tone, as much of near silence."""
    time = np.arange(N_FRAMES * CONFIG.hop_length) / CONFIG.sample_rate
    tone = sum(np.sin(2 * np.pi * k * f0_hz * time) / k for k in range(1, 11)) * (time < time[-1] / 2)
    noise = np.random.default_rng(0).normal(size=len(time))
    return (gain * (0.1 * tone + 1e-3 * noise)).astype(np.float32)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener(CONFIG, PitchConfig())


def scores(listener: Listener, generated: np.ndarray) -> dict[str, float]:
    return listener.compare(listener.analyse(vowel(150.0)), listener.analyse(generated))


def test_a_perfect_copy_is_ideal(listener: Listener) -> None:
    found = scores(listener, vowel(150.0))
    assert all(isnan(value) or value == pytest.approx(IDEAL[name], abs=0.01) for name, value in found.items())
    assert [name for name, value in found.items() if isnan(value)] in ([], ["pesq"])


def test_a_semitone_higher_is_a_hundred_cents(listener: Listener) -> None:
    found = scores(listener, vowel(150.0 * 2 ** (1 / 12)))
    assert found["f0_rmse_cents"] == pytest.approx(100, abs=8)  # what swift-f0 rounds
    assert found["voicing_error_percent"] < 5 and found["periodicity_rmse"] < 0.05
    assert found["amplitude_ratio"] == pytest.approx(1, abs=0.02)


def test_half_as_loud(listener: Listener) -> None:
    found = scores(listener, vowel(150.0, gain=0.5))
    assert found["amplitude_ratio"] == pytest.approx(0.5) and found["snr_db"] == pytest.approx(6.02, abs=0.01)
    assert found["mel_l1"] == pytest.approx(np.log(2), abs=0.05)  # but where the mel is at its floor
    assert found["f0_rmse_cents"] < 1


def test_hiss_instead_of_a_tone(listener: Listener) -> None:
    voiced = vowel(150.0)
    hiss = np.random.default_rng(1).normal(size=len(voiced)) * np.abs(voiced).astype(np.float32)
    found = scores(listener, hiss.astype(np.float32))
    assert found["periodicity_rmse"] > 0.4 and found["voicing_error_percent"] > 30


def test_a_clip_of_one_window_is_long_enough(listener: Listener) -> None:
    clip = listener.analyse(vowel(150.0)[: CONFIG.n_fft])
    assert listener.compare(clip, clip)["stft_distance"] == 0.0
