"""Each metric against a computation by other means, on sounds whose answer is known, and at its limits."""

from math import inf, isnan, log, log10, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.evaluation import metrics

SEEDS = st.integers(0, 2**32 - 1)


def random_mel(seed: int, n_mels: int = 80, n_frames: int = 20) -> np.ndarray:
    return np.random.default_rng(seed).normal(-5, 2, (n_mels, n_frames))


def test_mel_l1_by_hand() -> None:
    assert metrics.mel_l1(np.zeros((2, 2)), np.array([[1.0, -1.0], [3.0, 0.0]])) == 1.25


@given(SEEDS, st.integers(14, 100))
def test_cepstra_are_those_of_the_cosine_transform(seed: int, n_mels: int) -> None:
    fft = pytest.importorskip("scipy.fft")
    mel = random_mel(seed, n_mels)
    expected = fft.dct(mel, type=2, norm=None, axis=0)[1:14] / n_mels
    np.testing.assert_allclose(metrics.mel_cepstra(mel), expected, atol=1e-10)


def test_mcd_of_few_bands_is_the_rms_difference_in_db() -> None:
    """With as many cepstra as bands nothing is smoothed away, and Parseval's theorem holds."""
    recorded, generated = random_mel(1, n_mels=14), random_mel(2, n_mels=14)
    difference = (recorded - generated) * 20 / log(10)  # dB
    expected = (difference - difference.mean(0)).std(0).mean()
    found = metrics.mcd_db(metrics.mel_cepstra(recorded), metrics.mel_cepstra(generated))
    assert found == pytest.approx(expected, rel=1e-9)


def test_mcd_of_a_tilted_spectrum() -> None:
    """A ripple of 1 dB amplitude over the bands is 1 / sqrt(2) dB off, whatever the loudness."""
    mel = random_mel(3)
    ripple = np.cos(np.pi * 3 * (np.arange(80) + 0.5) / 80)[:, None] / metrics.DB + 7.0
    found = metrics.mcd_db(metrics.mel_cepstra(mel), metrics.mel_cepstra(mel + ripple))
    assert found == pytest.approx(1 / sqrt(2), rel=1e-9)


@given(SEEDS, st.floats(0.2, 3.0), st.floats(50, 500))
def test_f0_correlation_hears_the_melody_alone(seed: int, range_ratio: float, level: float) -> None:
    semitones = np.random.default_rng(seed).normal(0, 2, 40)
    recorded, generated = 200 * 2 ** (semitones / 12), level * 2 ** (range_ratio * semitones / 12)
    recorded[:5] = generated[5:9] = np.nan
    assert metrics.f0_correlation(recorded, generated) == pytest.approx(1.0)
    assert metrics.f0_correlation(recorded, level**2 / generated) == pytest.approx(-1.0)


def test_a_monotone_and_a_few_frames_have_no_f0_correlation() -> None:
    f0 = np.linspace(100, 200, 40)
    assert isnan(metrics.f0_correlation(f0, np.full(40, 100.0)))
    assert isnan(metrics.f0_correlation(f0[:9], f0[:9])) and isnan(metrics.f0_correlation(f0, np.full(40, np.nan)))


@given(st.floats(-1200, 1200))
def test_f0_error_of_a_shift_is_the_shift(cents: float) -> None:
    recorded = np.array([np.nan, 100.0, 150.0, 220.0, 90.0])
    generated = recorded * 2 ** (cents / 1200)
    generated[4] = np.nan
    assert metrics.f0_rmse_cents(recorded, generated) == pytest.approx(abs(cents), abs=1e-6)


def test_f0_error_where_nothing_is_voiced_in_both_cannot_be_measured() -> None:
    assert isnan(metrics.f0_rmse_cents(np.array([100.0, np.nan]), np.array([np.nan, 100.0])))


def test_voicing_error_counts_both_kinds() -> None:
    recorded = np.array([np.nan, 100.0, 100.0, np.nan])
    assert metrics.voicing_error_percent(recorded, np.array([100.0, np.nan, 90.0, np.nan])) == 50.0


@given(SEEDS, st.floats(-40, 40))
def test_snr_of_noise_of_known_power(seed: int, snr: float) -> None:
    rng = np.random.default_rng(seed)
    recorded, noise = rng.normal(size=(2, 1000))
    noise *= sqrt((recorded**2).sum() / (noise**2).sum()) * 10 ** (-snr / 20)
    assert metrics.snr_db(recorded, recorded + noise) == pytest.approx(snr, abs=1e-6)


def test_amplitude_of_a_quieter_copy() -> None:
    recorded = np.sin(np.arange(500.0))
    assert metrics.amplitude_ratio(recorded, -0.25 * recorded) == pytest.approx(0.25)
    assert isnan(metrics.amplitude_ratio(np.zeros(9), np.ones(9)))


def test_global_variance_of_a_flattened_mel() -> None:
    mel = random_mel(4)
    flat = mel.mean(1, keepdims=True) + 0.5 * (mel - mel.mean(1, keepdims=True))
    assert metrics.variance_ratio(mel, flat[:, ::-1]) == pytest.approx(0.25)


def test_pesq_is_that_of_the_package_and_falls_with_noise() -> None:
    package = pytest.importorskip("pesq")
    rng = np.random.default_rng(0)
    time = np.arange(32_000) / 16_000
    speech = 0.3 * np.sin(2 * np.pi * 150 * time) * (np.sin(2 * np.pi * 3 * time) > 0)
    noisy = speech + 0.01 * rng.normal(size=len(speech))
    assert metrics.pesq(speech, noisy, 16_000) == pytest.approx(package.pesq(16_000, speech, noisy, "wb"))
    assert metrics.pesq(speech, speech, 16_000) == pytest.approx(metrics.IDEAL["pesq"], abs=0.01)
    assert metrics.pesq(speech, noisy, 16_000) < 4
    assert isnan(metrics.pesq(np.zeros(32_000), np.zeros(32_000), 16_000))


def test_without_the_package_there_is_no_pesq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pesq", None)
    metrics.has_pesq.cache_clear()
    try:
        assert isnan(metrics.pesq(np.ones(8000), np.ones(8000), 16_000))
    finally:
        metrics.has_pesq.cache_clear()


def test_equal_inputs_are_ideal() -> None:
    mel, audio = random_mel(5), np.random.default_rng(5).normal(size=1000)
    f0 = np.array([np.nan, 120.0, 130.0])
    assert metrics.mel_l1(mel, mel) == metrics.mcd_db(mel, mel) == metrics.rmse(audio, audio) == 0.0
    assert metrics.f0_rmse_cents(f0, f0) == metrics.voicing_error_percent(f0, f0) == 0.0
    assert metrics.snr_db(audio, audio) == inf
    assert metrics.amplitude_ratio(audio, audio) == metrics.variance_ratio(mel, mel) == 1.0


def test_shortfall_orders_values_by_how_good_they_are() -> None:
    assert metrics.shortfall("snr_db", 12.0) < metrics.shortfall("snr_db", -1.0)
    assert metrics.shortfall("pesq", 3.0) < metrics.shortfall("pesq", 2.0)
    assert metrics.shortfall("amplitude_ratio", 0.98) < metrics.shortfall("amplitude_ratio", 1.03)
    assert metrics.shortfall("mel_l1", 0.1) < metrics.shortfall("mel_l1", 0.2)
    assert metrics.shortfall("some_loss", -1.0) < metrics.shortfall("some_loss", 0.5)


def test_decibels_and_cents() -> None:
    assert metrics.DB * log(10) == pytest.approx(20 * log10(10))
    assert metrics.CENTS * log(2) == pytest.approx(1200)
