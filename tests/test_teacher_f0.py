"""F0 that keeps time with a teacher's source."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from preprocess.corpus import read_corpus
from preprocess.pipeline import run
from preprocess.recording import read_recording
from tools.teacher_f0 import STEP, begins_at, follow, main, voice_of
from tts.config.features import FeaturesManifest
from tts.config.root import Config
from tts.data.store import FeatureStore
from tts.errors import InputError

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


def test_people_keep_the_f0_that_was_found(tiny_corpus: Path, tiny_config: Config, tmp_path: Path) -> None:
    corpus, features, curves = tmp_path / "corpus", tmp_path / "features", tmp_path / "curves"
    for speaker in ("ann", "synthetic"):
        shutil.copytree(tiny_corpus, corpus / speaker)
    run(corpus, features, tiny_config, workers=1)
    shutil.copytree(features, changed := tmp_path / "changed")
    curves.mkdir()
    steps = {u.id: len(read_recording(u.audio)[0]) // STEP for u in read_corpus(corpus / "synthetic")}
    np.savez(curves / "synthetic.npz", **{f"{id}/f0": np.full(n + 4, 150.0) for id, n in steps.items()})
    result = CliRunner().invoke(main, [str(changed), str(corpus), str(curves)])
    assert result.exit_code == 0
    assert "no curves of ann: the F0 that was found is kept" in result.output
    before, after = f0_by_speaker(features), f0_by_speaker(changed)
    np.testing.assert_array_equal(after["ann"], before["ann"])
    np.testing.assert_allclose(np.exp(after["synthetic"]), 150, rtol=0.01)


def f0_by_speaker(features: Path) -> dict[str, np.ndarray]:
    store = FeatureStore(features)
    rows = {name: [row for row in store.rows if store.read(row, "speaker") == name] for name in store.manifest.speakers}
    return {name: np.concatenate([store.read(row, "log_f0") for row in rows[name]]) for name in rows}


def test_curves_of_nobody_are_one_line(tiny_features: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tiny_features), str(tiny_corpus), str(tmp_path)])
    assert isinstance(result.exception, InputError)
    assert "has no curves of" in str(result.exception)
