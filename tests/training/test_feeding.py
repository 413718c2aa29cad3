"""Batches made ahead in the background are those that a step would have made itself, and change nothing else."""

import random
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_runs import TRAIN, config

from tts.data.ahead import made_ahead
from tts.data.datasets import AcousticDataset, BatchSource, SegmentDataset
from tts.data.store import FeatureStore
from tts.training.loop import batches_in_order, make_fabric

N_BATCHES = 9  # of several epochs


def recordings(task: str, features: Path) -> BatchSource[Any]:
    store = FeatureStore(features)
    if task == "acoustic":
        return AcousticDataset(store, "train", config(task).acoustic)
    return SegmentDataset(store, "train", 32, 256, seed=1, peaks=(0.5, 0.9))


def what_dropout_draws_from() -> tuple[bytes, str, str]:
    return torch.get_rng_state().numpy().tobytes(), repr(np.random.get_state()), repr(random.getstate())


@pytest.mark.parametrize("task", TRAIN)
def test_batches_made_ahead_change_nothing(task: str, tiny_features: Path) -> None:
    run = getattr(config(task).training, task)
    source, fabric = recordings(task, tiny_features), make_fabric(run)
    before = what_dropout_draws_from()
    asked = [job() for job in islice(batches_in_order(source, run, fabric, 0), N_BATCHES)]
    with made_ahead(batches_in_order(source, run, fabric, 0)) as batches:
        ahead = list(islice(batches, N_BATCHES))
    assert what_dropout_draws_from() == before
    assert asked[-1][0] > 0  # the epoch
    for (*when, batch), (*when_asked, expected) in zip(ahead, asked, strict=True):
        assert when == when_asked and vars(batch).keys() == vars(expected).keys()
        for name, value in vars(expected).items():
            same = torch.equal if isinstance(value, torch.Tensor) else lambda a, b: a == b
            assert same(vars(batch)[name], value), name
