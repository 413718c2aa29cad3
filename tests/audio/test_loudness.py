import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.audio.loudness import integrated_loudness, normalise_loudness

RATES = (16_000, 22_050, 44_100, 48_000)


def tone(seconds: float, level_db: float, rate: int = 48_000, frequency: float = 997.0) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def test_the_reference_tone_of_the_standard() -> None:
    """ITU-R BS.1770: a full-scale sine of 997 Hz in one channel is -3.01 LKFS."""
    assert integrated_loudness(tone(5, 0), 48_000) == pytest.approx(-3.01, abs=0.005)


@pytest.mark.parametrize("rate", RATES)
def test_the_sample_rate_hardly_matters(rate: int) -> None:
    assert integrated_loudness(tone(5, -20, rate), rate) == pytest.approx(-23.01, abs=0.05)


@pytest.mark.parametrize(
    ("frequency", "gain_db"),
    [(38.13547, -5.95), (100.0, -1.09), (500.0, 0.02), (4000.0, 4.0), (10_000.0, 4.0)],
)
def test_the_weighting_rises_with_frequency(frequency: float, gain_db: float) -> None:
    measured = integrated_loudness(tone(5, -20, frequency=frequency), 48_000)
    assert measured - (-20 - 3.01 - 0.69) == pytest.approx(gain_db, abs=0.15)


@pytest.mark.parametrize(
    "parts",
    [
        ((10, -36), (60, -23), (10, -36)),  # EBU Tech 3341, case 3: the relative gate
        ((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)),  # case 4: the absolute gate too
    ],
)
def test_quiet_passages_do_not_count(parts: tuple[tuple[float, float], ...]) -> None:
    rate = 8000
    audio = np.concatenate([tone(seconds, level, rate) for seconds, level in parts])
    assert integrated_loudness(audio, rate) == pytest.approx(integrated_loudness(tone(60, -23, rate), rate), abs=0.1)


@given(target=st.floats(-40, -16), level=st.floats(-50, -10), seconds=st.sampled_from([0.1, 0.5, 2.0]))
def test_speech_gets_the_loudness_asked_for(target: float, level: float, seconds: float) -> None:
    audio = normalise_loudness(tone(seconds, level, 16_000), 16_000, target)
    assert audio.dtype == np.float32
    assert integrated_loudness(audio, 16_000) == pytest.approx(target, abs=0.01)


def test_peaks_are_never_clipped_and_silence_stays() -> None:
    impulse = np.zeros(16_000, np.float32)
    impulse[100] = 0.5
    assert np.abs(normalise_loudness(impulse, 16_000, -5.0)).max() == 1.0
    np.testing.assert_array_equal(normalise_loudness(impulse * 0, 16_000, -23.0), impulse * 0)
    assert integrated_loudness(np.zeros(10, np.float32), 16_000) == -np.inf
