"""Durations, pitch and energy of single utterances."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from preprocess.durations import to_frames
from preprocess.energy import log_energy
from preprocess.pitch import extract_f0, interpolate_log_f0, phone_means
from tts.audio.mel import LogMel
from tts.config.schema import AudioConfig, PitchConfig

FRAMES_PER_SECOND = 86.13
durations_strategy = st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 300))
def test_durations_sum_to_the_frames(lengths_s: list[float], n_frames: int) -> None:
    ends_s = np.cumsum(lengths_s)
    durations = to_frames(ends_s, n_frames, FRAMES_PER_SECOND)
    assert durations.sum() == n_frames and (durations >= 0).all() and durations.dtype == np.int32
    error = np.cumsum(durations)[:-1] - (ends_s[:-1] * FRAMES_PER_SECOND).clip(0, n_frames)
    assert (np.abs(error) <= 0.5 + 1e-6).all()


@given(durations_strategy, st.randoms(use_true_random=False))
def test_phone_means_equal_the_plain_definition(lengths: list[int], random: object) -> None:
    durations = np.array(lengths, dtype=np.int32)
    values = np.random.default_rng(sum(lengths)).normal(5, 1, durations.sum()).astype(np.float32)
    ends = np.cumsum(durations)
    for mean, start, end in zip(phone_means(values, durations), ends - durations, ends, strict=True):
        before, after = values[max(start - 1, 0)], values[min(start, len(values) - 1)]
        assert mean == pytest.approx(values[start:end].mean() if end > start else (before + after) / 2, abs=1e-5)


def test_log_f0_is_interpolated_between_voiced_frames_and_held_at_the_edges() -> None:
    f0 = np.array([np.nan, 100, np.nan, np.nan, 800, np.nan], dtype=np.float32)
    log_f0 = interpolate_log_f0(f0)
    assert log_f0 is not None
    assert np.allclose(np.exp(log_f0), [100, 100, 200, 400, 800, 800])
    assert interpolate_log_f0(np.full(4, np.nan, dtype=np.float32)) is None


@pytest.mark.parametrize("method", ["dio", "harvest"])
@pytest.mark.parametrize(("rate", "hop"), [(22_050, 256), (16_000, 200), (44_100, 440), (48_000, 512)])
def test_f0_of_a_glide_at_the_centres_of_the_frames(method: str, rate: int, hop: int) -> None:
    n_frames = rate // hop
    time = np.arange(n_frames * hop) / rate
    phase = 2 * np.pi * (100 * time + 50 * time**2)  # 100 to 200 Hz in a second
    audio = sum(0.2 * np.sin(k * phase) / k for k in range(1, 6)).astype(np.float32)
    f0 = extract_f0(audio, AudioConfig(sample_rate=rate, hop_length=hop), PitchConfig(method=method))
    assert f0.shape == (n_frames,)
    truth = 100 + 100 * (np.arange(n_frames) + 0.5) * hop / rate
    cents = 1200 * np.log2(f0 / truth)[5:-5]
    assert np.nanmedian(np.abs(cents)) < 3 and np.isfinite(cents).mean() > 0.95


@pytest.mark.parametrize("method", ["dio", "harvest"])
def test_silence_has_no_f0_and_finite_energy(method: str) -> None:
    config, audio = AudioConfig(), np.zeros(256 * 40, dtype=np.float32)
    assert np.isnan(extract_f0(audio, config, PitchConfig(method=method))).all()
    energy = log_energy(LogMel(config).magnitude(torch.from_numpy(audio)[None])[0].numpy())
    assert energy.shape == (40,) and np.isfinite(energy).all() and energy.dtype == np.float32


def test_energy_rises_with_amplitude_as_its_logarithm() -> None:
    noise = torch.randn(1, 256 * 40, generator=torch.Generator().manual_seed(0)) * 0.01
    quiet, loud = (log_energy(LogMel(AudioConfig()).magnitude(audio)[0].numpy()) for audio in (noise, 10 * noise))
    assert np.allclose(loud - quiet, np.log(10), atol=1e-3)
