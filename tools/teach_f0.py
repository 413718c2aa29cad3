"""Teach a source filter the F0 of a new speaker where it is voiced; all else stays as it hears it.

    python -m tools.teach_f0 FEATURES VOCODER OUT --speaker michael

Where nothing is voiced, a recorded F0 is interpolated, and pulses at it sound like tones where there was a hiss; so do
those of the other speakers, were they taught beside. What the vocoder chooses there itself is kept instead.
"""

import copy
import math
from pathlib import Path

import click
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import trange

from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.models.saved import META_FILE, MODEL_FILE, find_checkpoint, load_vocoder
from tts.models.source_filter import BLUR, F0Predictor, SourceFilter

N_FRAMES = 96  # of a segment
N_SEGMENTS = 8  # a step, of the new speaker, and as many of the others
PEAK_RATE = 1e-3


class Segments:
    """Random stretches of utterances: mel (B, M, T), log F0 (B, T) and where it is voiced (B, T)."""

    def __init__(self, store: FeatureStore, rows: list[Row], random: np.random.Generator) -> None:
        self.store, self.random = store, random
        self.rows = [row for row in rows if row.n_frames > N_FRAMES]

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        mels, log_f0s, voiced = zip(*(self._one() for _ in range(N_SEGMENTS)), strict=True)
        return torch.stack(mels), torch.stack(log_f0s), torch.stack(voiced)

    def _one(self) -> tuple[Tensor, Tensor, Tensor]:
        row = self.rows[self.random.integers(len(self.rows))]
        log_f0 = self.store.read(row, "log_f0")
        if log_f0 is None:
            return self._one()
        start = self.random.integers(row.n_frames - N_FRAMES)
        span = slice(start, start + N_FRAMES)
        mel, voiced = self.store.read_mel(row)[:, span], self.store.read(row, "voiced")[span]
        return torch.tensor(mel), torch.tensor(np.array(log_f0[span])), torch.tensor(np.array(voiced))


def cross_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    """Both (B, N, T)."""
    return -(wanted * logits.log_softmax(1)).sum(1).mean()


def teach(predictor: F0Predictor, new: Segments, others: Segments, n_steps: int) -> F0Predictor:
    """Returns a copy that has learned."""
    learner = copy.deepcopy(predictor).train().requires_grad_(True)
    optimizer = torch.optim.AdamW(learner.parameters(), betas=(0.8, 0.99))
    for step in trange(n_steps, unit="step"):
        optimizer.param_groups[0]["lr"] = PEAK_RATE * (1 + math.cos(math.pi * step / n_steps)) / 2
        mel, log_f0, voiced = new.draw()
        other_mel, _, _ = others.draw()
        with torch.no_grad():
            chosen, other_chosen = predictor(mel).softmax(1), predictor(other_mel).softmax(1)
        distance = (predictor.log_f0[:, None] - log_f0[:, None].double()) / BLUR
        recorded = (-distance.square() / 2).softmax(1).float()
        wanted = torch.where(voiced[:, None], recorded, chosen)
        loss = cross_entropy(learner(mel), wanted) + cross_entropy(learner(other_mel), other_chosen)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return learner


@click.command()
@click.argument("features", type=click.Path(exists=True, path_type=Path))
@click.argument("vocoder", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--speaker", required=True, help="The new one.")
@click.option("--steps", "n_steps", default=500, show_default=True)
def main(features: Path, vocoder: Path, out: Path, speaker: str, n_steps: int) -> None:
    """Write the checkpoint OUT: VOCODER, with what it hears the F0 with taught on FEATURES."""
    store, checkpoint = FeatureStore(features), find_checkpoint(vocoder)
    generator, _ = load_vocoder(checkpoint)
    if not isinstance(generator, SourceFilter):
        raise InputError(vocoder, "hears no F0", "give a source filter")
    random = np.random.default_rng(0)
    rows = store.split("train")
    is_new = [store.read(row, "speaker") == speaker for row in rows]
    new, others = (
        Segments(store, [row for row, there in zip(rows, is_new, strict=True) if there == wanted], random)
        for wanted in (True, False)
    )
    taught = teach(generator.f0, new, others, n_steps).state_dict()
    weights = load_file(checkpoint / MODEL_FILE)
    for name, tensor in weights.items():
        module, _, rest = name.partition(".f0.")
        if module in ("generator", "generator_ema") and rest in taught:
            weights[name] = taught[rest].to(tensor.dtype).contiguous()
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / MODEL_FILE)
    (out / META_FILE).write_bytes((checkpoint / META_FILE).read_bytes())


if __name__ == "__main__":
    main()
