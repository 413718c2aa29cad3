"""A source filter learns to hear the F0 of a new speaker; all else stays as it is.

Only frames that are voiced in the recordings are taught. Where nothing is voiced, a recorded F0 is interpolated, and
pulses at it sound like tones where there was a hiss. What the predictor chose there before is kept instead; so is what
it chose for speakers that it knows already. This takes seconds and needs no discriminators, which would have to learn
first themselves.
"""

import copy
import math
from collections.abc import Collection

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import trange

from tts.config.training import F0LessonsConfig
from tts.data.store import FeatureStore, Row
from tts.models.source_filter import F0Predictor


class Stretches:
    """Random stretches of utterances of the training split."""

    def __init__(self, store: FeatureStore, config: F0LessonsConfig, known: Collection[str]) -> None:
        self.store, self.config = store, config
        new = [name for name in store.manifest.speakers if name not in known]
        self.new = new if config.speakers is None else config.speakers
        self.random = np.random.default_rng(config.seed)
        rows = [row for row in store.split("train") if row.n_frames > config.n_frames]
        self.rows = [row for row in rows if store.read(row, "log_f0") is not None]

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        """Mel (B, M, T), log F0 (B, T), and which frames teach (B, T)."""
        chosen = self.random.integers(len(self.rows), size=self.config.batch_size)
        mels, log_f0s, taught = zip(*(self._stretch(self.rows[index]) for index in chosen), strict=True)
        return torch.stack(mels), torch.stack(log_f0s), torch.stack(taught)

    def _stretch(self, row: Row) -> tuple[Tensor, Tensor, Tensor]:
        start = int(self.random.integers(row.n_frames - self.config.n_frames))
        span = slice(start, start + self.config.n_frames)
        is_new = self.store.read(row, "speaker") in self.new
        log_f0, voiced = (np.array(self.store.read(row, name)[span]) for name in ("log_f0", "voiced"))
        mel = torch.tensor(self.store.read_mel(row, span))
        return mel, torch.tensor(log_f0), torch.tensor(voiced & is_new)


def predictor_of(generator: nn.Module) -> F0Predictor | None:
    """What hears F0 in a generator of any kind, if anything does."""
    return next((module for module in generator.modules() if isinstance(module, F0Predictor)), None)


def teach_f0(predictor: F0Predictor, store: FeatureStore, config: F0LessonsConfig, known: Collection[str] = ()) -> None:
    """Train ``predictor``, which knows the speakers ``known``. Utterances too short for a stretch teach nothing."""
    stretches = Stretches(store, config, known)
    if not stretches.rows:
        return
    learner = copy.deepcopy(predictor).requires_grad_(True)  # also where later training leaves the predictor alone
    optimizer = torch.optim.AdamW(learner.parameters(), betas=(0.8, 0.99))
    for step in trange(config.steps, desc="lessons of F0", unit="step"):
        optimizer.param_groups[0]["lr"] = config.learning_rate * (1 + math.cos(math.pi * step / config.steps)) / 2
        mel, log_f0, taught = (tensor.to(predictor.log_f0.device) for tensor in stretches.draw())
        with torch.no_grad():
            kept = predictor(mel).softmax(1)
        wanted = torch.where(taught[:, None], predictor.target(log_f0), kept)
        loss = -(wanted * learner(mel).log_softmax(1)).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    predictor.load_state_dict(learner.state_dict())
