"""Segments of recordings: one of each an epoch, at a level of its own where that is asked for."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tts.audio.mel import LogMel
from tts.config.root import Config
from tts.data.datasets import SegmentDataset
from tts.data.sampler import BucketSampler
from tts.data.store import FeatureStore
from tts.models.excitation import Pulses


def segments(features: Path, peaks: tuple[float, float] | None = None, n_frames: int = 32) -> SegmentDataset:
    return SegmentDataset(FeatureStore(features), "train", n_frames, 256, seed=1, peaks=peaks)


@pytest.mark.slow
def test_an_epoch_holds_each_recording_once(tiny_features: Path) -> None:
    dataset = segments(tiny_features)
    assert len(dataset.lengths) == len(dataset.rows) == dataset.store.manifest.n_train
    order = [i for batch in BucketSampler(dataset.lengths, 1, seed=1).batches(0) for i in batch]
    assert sorted(order) == list(range(len(dataset.rows)))


def test_epochs_hear_other_stretches_and_the_same_epoch_the_same(tiny_features: Path) -> None:
    dataset = segments(tiny_features)
    everything = range(len(dataset.rows))
    first, again, second = (dataset.batch(everything, epoch) for epoch in (0, 0, 1))
    assert torch.equal(first.audio, again.audio) and torch.equal(first.first_frames, again.first_frames)
    assert (first.first_frames != second.first_frames).float().mean() > 0.8


@pytest.mark.parametrize("peaks", [(0.95, 0.95), (0.25, 0.5)])
def test_recordings_are_scaled_to_a_peak_with_their_mels(
    peaks: tuple[float, float], tiny_features: Path, tiny_config: Config
) -> None:
    longest = max(row.n_frames for row in FeatureStore(tiny_features).split("train"))
    dataset = segments(tiny_features, peaks, longest)
    batch = dataset.batch(range(len(dataset.rows)), epoch=3)
    found = batch.audio.abs().amax((1, 2))
    assert (found > peaks[0] - 1e-4).all() and (found < peaks[1] + 1e-4).all()
    assert peaks[0] == peaks[1] or found.std() > 0.02
    for row, mel, audio in zip(dataset.rows, batch.mel, batch.audio, strict=True):
        inside = slice(4, row.n_frames - 4)
        expected = LogMel(tiny_config.audio)(audio)[0]
        heard = expected[:, inside] > np.log(1e-4)  # below, the floor of the mel as recorded shows
        torch.testing.assert_close(mel[:, inside][heard], expected[:, inside][heard], atol=2e-2, rtol=0)


def test_a_segment_knows_the_cycles_before_it(tiny_features: Path, tiny_config: Config) -> None:
    dataset = segments(tiny_features)
    batch = dataset.batch(range(len(dataset.rows)), epoch=2)
    for row, first, phase in zip(dataset.rows, batch.first_frames, batch.phases, strict=True):
        log_f0 = dataset.store.read(row, "log_f0")
        if log_f0 is None:
            continue
        pulses = Pulses(tiny_config.audio.sample_rate, tiny_config.audio.hop_length)
        f0 = torch.from_numpy(np.array(log_f0)).double().exp()[None]
        assert phase == pytest.approx(pulses.phases(f0)[0, first].item(), abs=1e-6)
