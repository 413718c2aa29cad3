"""Training the aligner on the corpus it is to align, and aligning it."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from lightning_fabric import Fabric
from torch import Tensor
from tqdm import tqdm

from tts.config.loader import differences
from tts.config.root import Config
from tts.data.alignment import AlignmentDataset, Spoken, aligner_inventory, digest_of
from tts.data.batches import AlignmentBatch
from tts.errors import InputError
from tts.files.names import inside
from tts.files.whole import remove_folder
from tts.losses.alignment import Chain, forward_sum
from tts.models.aligner import Aligner
from tts.models.from_voice import voice_source
from tts.models.saved import list_checkpoints, load_aligner, read_meta
from tts.text.inventory import PAUSE_ID, PhoneInventory
from tts.training import checkpoint
from tts.training.aligner_lessons import teach
from tts.training.by_name import match_phones
from tts.training.loop import fit, make_fabric, open_run
from tts.training.metrics_log import MetricsLog
from tts.training.pictures import draw_alignment, write_picture
from tts.training.schedule import inverse_square_root
from tts.training.tracker import LossTracker

SHAPE = {"audio", "n_states", "channels", "kernels"}  # what an aligner must share with the one it starts from
N_WATCHED = 32  # utterances, spread over the corpus, on which training is judged


@dataclass(frozen=True)
class AlignedUtterance:
    """The times of an utterance's phones, and how well its frames sound like them."""

    id: str
    durations: npt.NDArray[np.float64]  # (P,) expected frames, sum = T; a pause that is not made has almost none
    agreement: npt.NDArray[np.float32]  # (T,) probability that a frame sounds like the phone it was given to


def train_aligner(utterances: Sequence[Spoken], run: Path, config: Config, start: Path | None = None) -> bool:
    """Train on ``utterances`` into the folder ``run``. One that exists goes on where it stopped, or, if it was trained
    on others, begins again.

    start: a run whose aligner a new run begins with, or a voice that teaches it; its phones need not be the same.
    Returns False when asked to stop before the last step. Raises ``InputError`` for a run of another config.
    """
    training, inventory, spoken = config.training.aligner, aligner_inventory(utterances), digest_of(utterances)
    watched = utterances[:: -(-len(utterances) // N_WATCHED)]
    train, validation = AlignmentDataset(utterances, inventory), AlignmentDataset(watched, inventory)
    fabric = make_fabric(training)
    with open_run(run, config, "aligner", fabric) as run_dir:
        task = AlignerTask(fabric, config, inventory, validation, spoken)
        newest = _latest_of(spoken, run, fabric)
        voice = voice_source(start) if start and not newest else None
        if voice:
            teach(task.model.module, voice.folder, utterances, inventory, training.lessons)
        elif start and not newest:
            _start_from(start, task, inventory)
        return fit(task, train, validation, training, run_dir, fabric)


@torch.no_grad()
def align(utterances: Sequence[Spoken], run: Path, config: Config) -> Generator[AlignedUtterance]:
    """Align ``utterances``, in any order, with the trained ``run``. To be closed, which ends the progress bar."""
    fabric = make_fabric(config.training.aligner)
    model, meta = load_aligner(run)
    model = model.to(fabric.device)
    dataset = AlignmentDataset(utterances, PhoneInventory(meta.phones))
    order = sorted(range(len(utterances)), key=lambda index: dataset.lengths[index])
    size = config.training.aligner.batch_size
    with tqdm(total=len(order), desc="align", unit=" utterances") as bar:
        for first in range(0, len(order), size):
            batch = dataset.batch(order[first : first + size]).to(fabric.device)
            yield from align_batch(model, batch)
            bar.update(len(batch.ids))


def align_batch(model: Aligner, batch: AlignmentBatch) -> Iterator[AlignedUtterance]:
    """Boundaries are expected values over all paths, so that they fall between frames too."""
    log_posteriors = model(batch.mel, batch.mel_lengths)  # (B, T, C)
    _, occupancy = _forward_sum(model, log_posteriors, batch)
    by_phone = (*batch.mel[:, 0].shape, -1, model.config.n_states)
    occupancy = occupancy.reshape(by_phone).sum(3)  # (B, T, P)
    heard = log_posteriors.exp().reshape(by_phone).sum(3)  # (B, T, n_phones)
    heard = heard.gather(2, batch.phone_ids[:, None].expand_as(occupancy))  # (B, T, P)
    agreement = (occupancy * heard).sum(2)
    durations = occupancy.double().sum(1)
    for index, (n_phones, n_frames) in enumerate(zip(batch.phone_lengths, batch.mel_lengths, strict=True)):
        yield AlignedUtterance(
            batch.ids[index], durations[index, :n_phones].cpu().numpy(), agreement[index, :n_frames].cpu().numpy()
        )


class AlignerTask:
    """Forward-sum: the classifier learns the alignments that it itself finds likely, starting from even ones."""

    def __init__(
        self, fabric: Fabric, config: Config, inventory: PhoneInventory, validation: AlignmentDataset, spoken: str
    ) -> None:
        self.fabric, self.config, self.validation = fabric, config.training.aligner, validation
        model = Aligner(config.aligner, len(inventory))
        optimizer = torch.optim.Adam(model.parameters(), lr=self.config.learning_rate)
        self.model, self.optimizer = fabric.setup(model, optimizer)
        self.modules = {"aligner": self.model}
        self.optimizers = {"aligner": self.optimizer}
        self.health = None
        self.weights = {"forward_sum": 1.0}
        sections = config.model_dump(mode="json", include={"text", "aligner"})  # no voice's: any may start from it
        self.meta: dict[str, Any] = {"config": sections, "phones": inventory.phones, "trained_on": spoken}

    def learning_rate(self, step: int, epoch: int) -> float:
        return inverse_square_root(step, self.config.learning_rate, self.config.warmup_steps)

    def train_step(self, batch: AlignmentBatch, step: int, tracker: LossTracker) -> None:
        losses, occupancy = self._losses(self.model, batch)
        loss = losses.mean()
        self.optimizer.zero_grad()
        self.fabric.backward(loss)
        norm = self.fabric.clip_gradients(
            self.model, self.optimizer, max_norm=self.config.clip_norm, error_if_nonfinite=False
        )
        assert norm is not None  # clipping by norm reports it
        tracker.update({"total": loss, "forward_sum": loss, "gradient_norm": norm}, len(batch.ids))
        self.optimizer.step()
        self.model.update_prior(occupancy, batch.phone_ids, self.config.prior_decay)

    def validate(self, batch: AlignmentBatch) -> dict[str, Tensor]:
        return {"forward_sum": self._losses(self.model.module, batch)[0]}

    def measure(self) -> dict[str, float]:
        return {}

    def _losses(self, model: Aligner, batch: AlignmentBatch) -> tuple[Tensor, Tensor]:
        """Negative log-likelihood per frame, of each utterance (B,), and the occupancy (B, T, N)."""
        log_likelihoods, occupancy = _forward_sum(model, model(batch.mel, batch.mel_lengths), batch)
        return -log_likelihoods / batch.mel_lengths, occupancy

    @torch.no_grad()
    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Which frames belong to which phone, drawn under the mel."""
        self.model.eval()
        folder.mkdir(parents=True, exist_ok=True)
        for index in range(min(self.config.n_samples, len(self.validation.utterances))):
            batch = self.validation.batch([index]).to(self.fabric.device)
            (aligned,) = align_batch(self.model.module, batch)
            ends = np.rint(aligned.durations.cumsum()).astype(np.int64)
            phones = self.validation.utterances[index].phones
            mel, audio_config = batch.mel[0].cpu().numpy(), self.model.config.audio
            figure = draw_alignment(phones, np.diff(ends, prepend=0), mel, audio_config)
            write_picture(inside(folder, f"{aligned.id}.png"), figure)
            metrics_log.picture(f"alignment/{aligned.id}", figure, step)
        self.model.train()


def _forward_sum(model: Aligner, log_posteriors: Tensor, batch: AlignmentBatch) -> tuple[Tensor, Tensor]:
    chain = Chain(batch.phone_ids == PAUSE_ID, batch.phone_lengths, batch.mel_lengths, model.config.n_states)
    return forward_sum(model.scores(log_posteriors, batch.phone_ids), chain)


def _latest_of(spoken: str, run: Path, fabric: Fabric) -> Path | None:
    """The newest checkpoint of a run on the utterances whose digest is ``spoken``. Those of others are removed."""
    newest = checkpoint.latest(run)
    if newest is None or read_meta(newest).trained_on == spoken:
        return newest
    fabric.print(f"{run}: its recordings or texts have changed since: training begins again")
    if fabric.is_global_zero:
        for stale in list_checkpoints(run):
            remove_folder(stale)
    fabric.barrier()
    return None


def _start_from(start: Path, task: AlignerTask, inventory: PhoneInventory) -> None:
    """Take over everything, the rows of the classifier phone by phone."""
    model = task.model.module
    source, meta = load_aligner(start)
    given, wanted = (aligner.config.model_dump(mode="json", include=SHAPE) for aligner in (source, model))
    if changed := differences(given, wanted):
        raise InputError(start, f"is an aligner of another config ({'; '.join(changed)})", "use the same --config")
    phones, weights = match_phones(meta.phones, inventory.phones), source.state_dict()
    for name, tensor in weights.items():
        if name.startswith("classifier.") or name == "log_prior":
            by_phone = tensor.view(-1, model.config.n_states, *tensor.shape[1:])
            weights[name] = phones.rows(by_phone).flatten(0, 1)
    model.load_state_dict(weights)
    task.fabric.print(f"{start}: {phones}")
