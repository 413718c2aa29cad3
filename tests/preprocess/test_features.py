"""Durations, pitch and energy of single utterances."""

from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from preprocess.durations import speech_span, to_frames
from preprocess.energy import log_energy
from preprocess.pitch import interpolate_log_f0, phone_means
from preprocess.textgrid import Alignment, Interval, lay_out
from tts.audio.mel import LogMel
from tts.config.audio import AudioConfig

FRAMES_PER_SECOND = 86.13
durations_strategy = st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 300))
def test_durations_sum_to_the_frames(lengths_s: list[float], n_frames: int) -> None:
    ends_s = np.cumsum(lengths_s)
    durations = to_frames(ends_s, n_frames, FRAMES_PER_SECOND)
    assert durations.sum() == n_frames and (durations >= 0).all() and durations.dtype == np.int32
    error = np.cumsum(durations)[:-1] - (ends_s[:-1] * FRAMES_PER_SECOND).clip(0, n_frames)
    assert (np.abs(error) <= 0.5 + 1e-6).all()


@given(
    st.lists(st.tuples(st.floats(1e-4, 0.5), st.sampled_from(["AA", "T", "sil", ""])), min_size=1, max_size=30),
    st.floats(0, 2),
    st.floats(0, 2),
    st.floats(0, 0.5),
)
def test_a_tier_that_ends_early_or_starts_late(
    intervals: list[tuple[float, str]], before_s: float, after_s: float, edge_silence_s: float
) -> None:
    ends = [before_s, *(before_s + end for end in accumulate(length for length, _ in intervals))]
    tier = [Interval(s, e, label) for s, e, (_, label) in zip(ends, ends[1:], intervals, strict=False) if e > s]
    spoken = [entry.label for entry in tier if entry.label in ("AA", "T")]
    if not spoken:
        return
    phones, ends_s = lay_out(Path("x.TextGrid"), Alignment([], tier), ends[-1] + after_s, 0.01)
    assert [phone for phone in phones if phone != "sil"] == spoken and phones[0] == phones[-1] == "sil"
    assert ("sil", "sil") not in pairwise(phones) and (np.diff(ends_s) >= 0).all()
    start_s, end_s = speech_span(ends_s, edge_silence_s)
    n_frames = int((end_s - start_s) * FRAMES_PER_SECOND)
    durations = to_frames((ends_s - start_s).clip(0), n_frames, FRAMES_PER_SECOND)
    assert durations.sum() == n_frames and (durations >= 0).all() and len(durations) == len(phones)
    assert durations[[0, -1]].max() <= edge_silence_s * FRAMES_PER_SECOND + 2


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


voices = st.lists(
    st.none() | st.sampled_from([80.0, 160.0, 320.0, 640.0]) | st.floats(71, 800), min_size=1, max_size=40
)


@given(voices)
def test_interpolated_log_f0_keeps_what_was_measured_and_never_leaves_its_range(values: list[float | None]) -> None:
    f0 = np.array([np.nan if value is None else value for value in values], dtype=np.float32)
    log_f0, voiced = interpolate_log_f0(f0), np.isfinite(f0)
    assert (log_f0 is None) == (not voiced.any())
    if log_f0 is not None:
        assert log_f0.shape == f0.shape and (log_f0[voiced] == np.log(f0[voiced])).all()
        assert log_f0.min() == log_f0[voiced].min() and log_f0.max() == log_f0[voiced].max()
        means = phone_means(log_f0, np.array([0, len(f0), 0], dtype=np.int32))
        assert np.isfinite(means).all() and log_f0.min() - 1e-5 <= means.min() <= means.max() <= log_f0.max() + 1e-5


def test_silence_has_finite_energy() -> None:
    config, audio = AudioConfig(), np.zeros(256 * 40, dtype=np.float32)
    energy = log_energy(LogMel(config).magnitude(torch.from_numpy(audio)[None])[0].numpy())
    assert energy.shape == (40,) and np.isfinite(energy).all() and energy.dtype == np.float32
    assert np.isfinite(phone_means(energy, np.array([0, 40, 0], dtype=np.int32))).all()


def test_energy_rises_with_amplitude_as_its_logarithm() -> None:
    noise = torch.randn(1, 256 * 40, generator=torch.Generator().manual_seed(0)) * 0.01
    quiet, loud = (log_energy(LogMel(AudioConfig()).magnitude(audio)[0].numpy()) for audio in (noise, 10 * noise))
    assert np.allclose(loud - quiet, np.log(10), atol=1e-3)
