"""F0 of sounds whose F0 is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts.audio.f0 import extract_f0
from tts.config.audio import AudioConfig, PitchConfig


@pytest.mark.parametrize(("method", "within"), [("swift_f0", 8), ("dio", 3), ("harvest", 3)])
@pytest.mark.parametrize(("rate", "hop"), [(22_050, 256), (24_000, 300), (16_000, 320), (44_100, 440), (48_000, 512)])
def test_f0_of_a_glide_at_the_centres_of_the_frames(method: str, within: float, rate: int, hop: int) -> None:
    n_frames = rate // hop
    time = np.arange(n_frames * hop) / rate
    phase = 2 * np.pi * (100 * time + 50 * time**2)  # 100 to 200 Hz in a second
    audio = sum(0.2 * np.sin(k * phase) / k for k in range(1, 6)).astype(np.float32)
    f0 = extract_f0(audio, AudioConfig(sample_rate=rate, hop_length=hop), PitchConfig(method=method))
    assert f0.shape == (n_frames,)
    truth = 100 + 100 * (np.arange(n_frames) + 0.5) * hop / rate
    cents = 1200 * np.log2(f0 / truth)[5:-5]
    assert np.nanmedian(np.abs(cents)) < within and np.isfinite(cents).mean() > 0.95


def test_f0_follows_a_leap_of_an_octave() -> None:
    config, truth = AudioConfig(), np.repeat([110.0, 220.0, 110.0], 40)
    phase = 2 * np.pi * np.cumsum(np.repeat(truth, config.hop_length)) / config.sample_rate
    audio = sum(0.2 * np.sin(k * phase) / k for k in range(1, 9)).astype(np.float32)
    f0 = extract_f0(audio, config, PitchConfig())
    steady = np.r_[8:32, 48:72, 88:112]
    assert np.abs(1200 * np.log2(f0[steady] / truth[steady])).max() < 10


def test_swift_f0_is_not_asked_for_what_it_does_not_know() -> None:
    for limits in ({"floor": 40.0}, {"ceiling": 2500.0}):
        with pytest.raises(ValueError, match=r"between 46\.875 and 2093\.75 Hz"):
            PitchConfig(method="swift_f0", **limits)
        PitchConfig(method="harvest", **limits)


@given(st.integers(2000, 20_000), st.sampled_from([16_000, 22_050, 24_000, 44_100, 48_000]), st.integers(32, 300))
@settings(max_examples=25, deadline=None)
def test_one_f0_for_every_frame_whatever_the_length(n_samples: int, rate: int, half_hop: int) -> None:
    hop = 2 * half_hop
    n_frames = n_samples // hop
    noise = np.random.default_rng(n_samples).standard_normal(n_frames * hop).astype(np.float32)
    f0 = extract_f0(0.1 * noise, AudioConfig(sample_rate=rate, hop_length=hop), PitchConfig())
    assert f0.shape == (n_frames,) and f0.dtype == np.float32


@pytest.mark.parametrize("method", ["swift_f0", "dio", "harvest"])
def test_silence_has_no_f0(method: str) -> None:
    config, audio = AudioConfig(), np.zeros(256 * 40, dtype=np.float32)
    assert np.isnan(extract_f0(audio, config, PitchConfig(method=method))).all()
