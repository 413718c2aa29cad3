"""Teach the filters of a source filter to copy people, whom its teacher did not know.

    python -m tools.teach_people FEATURES CORPUS ... ACOUSTIC LARGER VOCODER OUT

FEATURES hold recordings of people beside some of the speakers of ACOUSTIC. From all of them the filters of VOCODER
learn by distances of audio, without discriminators, at the F0 that VOCODER hears. What ACOUSTIC says must lose nothing
by it: of mels that it makes of the transcripts of the corpora, and of those recorded of its speakers, they go on to
learn what LARGER, their teacher, makes. All else stays as it is.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor, nn
from tqdm import trange

from tools.taught import Means, warmed_cosine
from tools.teach_smaller import (
    STEPS_PER_READING,
    Lesson,
    Reader,
    compare_filters,
    filters_of,
    open_reader,
    padded,
    stretches,
    write_smaller,
)
from tts.data.batches import VocoderBatch
from tts.data.datasets import SegmentDataset
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.losses.audio import AudioLosses
from tts.losses.weighting import weighted_total
from tts.models.saved import find_checkpoint, load_vocoder
from tts.models.source_filter import SourceFilter
from tts.models.vocos import reach
from tts.training.ema import update_average

WEIGHTS = {"mel": 15.0, "multi_scale_mel": 15.0, "log_magnitude": 3.0, "spectral_convergence": 3.0}
AUDIO_SHARE = 1 / 24  # of those in the loss, beside the error of filters
N_PEOPLE, N_KNOWN, N_FRAMES = 3, 1, 40  # segments of a step, and how long they are
N_KEPT, KEPT_FRAMES = 5, 64  # stretches of a step whose filters are to stay, and how long they are
N_RECORDED, N_REMEMBERED = 3, 400  # recorded mels beside each reading; all that stretches are cut from
RATE, WARMUP, DECAY, LARGEST_NORM = 5e-4, 100, 0.998, 5.0


@dataclass(frozen=True)
class Recordings:
    """Of people, one speaker as often as another, and of those that the acoustic model knows."""

    store: FeatureStore
    segments: SegmentDataset
    people: tuple[tuple[int, ...], ...]  # of each person
    known: tuple[int, ...]
    random: np.random.Generator

    @classmethod
    def of(cls, features: Path, hop_length: int, known: Sequence[str]) -> "Recordings":
        """Raises ``InputError`` for features without people, or without those that are known."""
        store, by_speaker = FeatureStore(features), dict[str, list[int]]()
        segments = SegmentDataset(store, "train", N_FRAMES, hop_length, seed=0)
        for index, row in enumerate(segments.rows):
            by_speaker.setdefault(str(store.read(row, "speaker")), []).append(index)
        people = tuple(tuple(indices) for name, indices in by_speaker.items() if name not in known)
        voices = tuple(index for name, indices in by_speaker.items() if name in known for index in indices)
        if not people or not voices:
            missing = "people" if not people else f"of {' or '.join(known)}"
            raise InputError(features, f"has no recordings of {missing}", "preprocess both together")
        return cls(store, segments, people, voices, np.random.default_rng(1))

    def draw(self, step: int) -> VocoderBatch:
        persons = [self.people[i] for i in self.random.integers(len(self.people), size=N_PEOPLE)]
        chosen = [self._one(person) for person in persons] + [self._one(self.known) for _ in range(N_KNOWN)]
        return self.segments.batch(chosen, step)

    def mels(self) -> list[Tensor]:
        """Of those that are known, (M, T) each."""
        rows = [self.segments.rows[self._one(self.known)] for _ in range(N_RECORDED)]
        return [padded(torch.tensor(self.store.read_mel(row))) for row in rows]

    def _one(self, indices: Sequence[int]) -> int:
        return indices[self.random.integers(len(indices))]


def teach_people(
    vocoder: SourceFilter,
    larger: SourceFilter,
    losses: AudioLosses,
    recordings: Recordings,
    reader: Reader,
    n_steps: int,
) -> SourceFilter:
    """The moving average of ``vocoder``, whose filters learn."""
    vocoder.train().f0.requires_grad_(False)
    average = deepcopy(vocoder).requires_grad_(False)
    optimizer = torch.optim.AdamW(vocoder.filter.parameters(), betas=(0.8, 0.99), weight_decay=0.0)
    lessons, edge = list[Lesson](), reach(vocoder.config)
    progress = trange(n_steps, unit="step", mininterval=5)
    means = Means(progress.write)

    def filters(outputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return filters_of(vocoder.config, outputs[..., edge:-edge])  # others miss what was cut off

    for step in progress:
        optimizer.param_groups[0]["lr"] = warmed_cosine(step, n_steps, RATE, WARMUP)
        if step % STEPS_PER_READING == 0:
            with torch.no_grad():
                lessons += [(mel, larger.filter(mel[None])[0]) for mel in (*reader.read(), *recordings.mels())]
            lessons = lessons[-N_REMEMBERED:]
        mels, wanted = stretches(lessons, reader.random, N_KEPT, KEPT_FRAMES)
        kept = compare_filters(filters(vocoder.filter(mels)), filters(wanted))
        batch = recordings.draw(step)
        audio, _ = vocoder.train_forward(batch.mel, batch.log_f0, batch.first_frames, batch.phases)
        heard = losses(audio[:, 0], batch.audio[:, 0])
        optimizer.zero_grad()
        (AUDIO_SHARE * weighted_total(heard, WEIGHTS) + torch.stack(list(kept.values())).sum()).backward()
        nn.utils.clip_grad_norm_(vocoder.filter.parameters(), LARGEST_NORM)
        optimizer.step()
        update_average(average, vocoder, DECAY, step)
        means.add({**heard, **kept})
    return average


existing = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("features", type=existing)
@click.argument("corpora", nargs=-1, required=True, type=existing)
@click.argument("acoustic", type=existing)
@click.argument("larger", type=existing)
@click.argument("vocoder", type=existing)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--steps", "n_steps", default=8_000, show_default=True)
def main(
    features: Path, corpora: Sequence[Path], acoustic: Path, larger: Path, vocoder: Path, out: Path, n_steps: int
) -> None:
    """Write the checkpoint OUT: VOCODER with filters that copy people better."""
    torch.manual_seed(0)
    checkpoint = find_checkpoint(vocoder)
    (teacher, _), (generator, meta) = load_vocoder(find_checkpoint(larger)), load_vocoder(checkpoint)
    for path, each in ((larger, teacher), (vocoder, generator)):
        if not isinstance(each, SourceFilter):
            raise InputError(path, "has no filters", "give a source filter")
    assert isinstance(teacher, SourceFilter) and isinstance(generator, SourceFilter)
    config = meta.resolved_config(checkpoint)
    if not config.training.vocoder.stft.mel_windows:
        raise InputError(vocoder, "was not trained on mels of several windows", "set training.vocoder.stft.mel_windows")
    reader, read_with = open_reader(acoustic, corpora)
    recordings = Recordings.of(features, config.audio.hop_length, read_with.speakers)
    recordings.store.check_config(config)
    losses = AudioLosses(WEIGHTS, config.training.vocoder, config.audio)
    taught = teach_people(generator, teacher, losses, recordings, reader, n_steps)
    write_smaller(checkpoint, out, taught, meta.config)


if __name__ == "__main__":
    main()
