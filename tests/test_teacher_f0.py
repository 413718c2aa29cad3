"""F0 that keeps time with a teacher's source."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.teacher_f0 import begins_at, follow, voice_of
from tts.config.features import FeaturesManifest

AUDIO = {"sample_rate": 24_000, "hop_length": 300}


def manifest(hop_length: int = 300) -> FeaturesManifest:
    config = {"audio": {**AUDIO, "hop_length": hop_length}}
    return FeaturesManifest(config=config, phones=(), speakers=(), statistics={}, n_train=0, n_validation=0, hours=0.0)


def curve(height: float, lengths: list[int]) -> np.ndarray:
    """Stretches of voice that glide, and of nothing, by turns: (N,) Hz."""
    parts = [np.full(n, 5.0) if i % 2 == 0 else height * 2 ** (np.linspace(0, 0.4, n)) for i, n in enumerate(lengths)]
    return np.concatenate([*parts, np.full(10, 5.0)])


@given(st.floats(80.0, 300.0), st.lists(st.integers(8, 40), min_size=2, max_size=6), st.integers(0, 900))
def test_it_adds_up_to_the_teachers_phase_where_there_is_a_voice(height: float, lengths: list[int], begin: int) -> None:
    f0_of_teacher = curve(height, lengths)
    n_frames = len(f0_of_teacher) - 4
    f0, voiced = follow(f0_of_teacher, begin, n_frames, manifest())
    phases = np.interp(begin / 300 + np.arange(n_frames), np.arange(len(f0_of_teacher)), f0_of_teacher.cumsum() / 80)
    ours = np.concatenate(([0.0], (f0[1:] + f0[:-1]).cumsum() / 160))
    off = (ours - phases)[voiced]
    off -= np.round(np.median(off))
    assert voiced.sum() >= sum(n - 2 for n in lengths[1::2])  # but for the edge of a stretch
    assert np.abs(off - off.round()).mean() < 0.03
    assert (f0 > 20).all() and (f0 < 1000).all()


def test_what_sinks_to_nothing_has_no_voice() -> None:
    f0 = np.array([5.0, 21, 103, 173, 187, 194, 196, 165, 128, 28, 8])
    assert voice_of(f0).tolist() == [False] * 3 + [True] * 6 + [False] * 2


def test_audio_is_found_in_its_recording() -> None:
    recording = np.random.default_rng(0).integers(-3, 4, 5000).astype(np.int16)
    assert begins_at(recording[1234:3000], recording) == 1234
    with pytest.raises(ValueError, match="not a part"):
        begins_at(recording[1234:3000] + np.int16(1), recording)
