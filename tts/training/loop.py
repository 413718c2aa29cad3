"""The training loop both models share. Steps drive everything; a task knows what a step does."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from lightning.fabric import Fabric
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm import tqdm

from tts.config.schema import RunConfig
from tts.data.batches import Batch
from tts.data.datasets import BatchSource
from tts.data.sampler import BucketSampler
from tts.training import checkpoint
from tts.training.metrics_log import MetricsLog
from tts.training.run_dir import RunDir
from tts.training.stop_signals import StopSignals
from tts.training.tracker import LossTracker

BatchT = TypeVar("BatchT", bound=Batch)
TaskBatchT = TypeVar("TaskBatchT", bound=Batch, contravariant=True)


class Task(Protocol[TaskBatchT]):
    """One model's game: what it owns, what a step does, how it is judged and shown."""

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """Whose weights a checkpoint holds."""

    @property
    def optimizers(self) -> Mapping[str, Optimizer]:
        """Whose state a checkpoint holds."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """What rebuilds the model from a checkpoint alone."""

    def train_step(self, batch: TaskBatchT, step: int, epoch: int, tracker: LossTracker) -> None:
        """Update the weights once. Terms go through ``tracker.update`` before any optimizer steps."""

    def validate(self, batch: TaskBatchT) -> dict[str, Tensor]:
        """Unweighted terms on a validation batch, in evaluation mode and without gradients."""

    def validation_loss(self, terms: Mapping[str, float]) -> float:
        """The number by which the best checkpoint is chosen; lower is better."""

    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Audio and pictures of some validation utterances."""


def make_fabric(config: RunConfig) -> Fabric:
    """Device, precision and processes. Every process draws the same weights and its own dropout."""
    strategy = "ddp" if config.devices > 1 else "auto"
    fabric = Fabric(
        accelerator=config.accelerator, devices=config.devices, strategy=strategy, precision=config.precision
    )
    fabric.launch()
    fabric.seed_everything(config.seed, verbose=False)
    return fabric


def fit(
    task: Task[BatchT],
    train: BatchSource[BatchT],
    validation: BatchSource[BatchT],
    config: RunConfig,
    run: RunDir,
    fabric: Fabric,
) -> bool:
    """Train from where ``run`` stands to ``config.steps``. Returns False when asked to stop before."""
    # 1. Where we stand
    newest = checkpoint.latest(run.path)
    step = resume(task, newest, fabric) if newest else 0
    metrics_log = MetricsLog(run, step)
    tracker = LossTracker(metrics_log, step)
    if newest:
        tracker.load_state_dict(checkpoint.load_train_state(newest)["tracker"])
        fabric.print(f"{run.path}: going on from step {step}")
    if step >= config.steps:
        fabric.print(f"{run.path}: already at step {step} of {config.steps}; --set a larger number of steps to go on")
        return True

    # 2. Steps
    batches = ordered_batches(train, config, fabric, step)
    with (
        StopSignals() as stop,
        tqdm(
            total=config.steps, initial=step, unit="step", desc=run.path.name, disable=not fabric.is_global_zero
        ) as bar,
    ):
        for epoch, ends_epoch, batch in batches:
            task.train_step(batch, step, epoch, tracker)
            step += 1
            bar.update()
            last = step >= config.steps or stop.requested
            if step % config.validate_every == 0 or step >= config.steps:
                validate(task, validation, config, fabric, tracker, step)
                task.write_samples(run.samples / f"step_{step:08d}", step, metrics_log)
            if ends_epoch or last:
                bar.write(tracker.summary(epoch, step))
            if step % config.checkpoint_every == 0 or last:
                save(task, run, step, tracker, fabric)
            if last:
                break
    metrics_log.close()
    return step >= config.steps


def ordered_batches(
    source: BatchSource[BatchT], config: RunConfig, fabric: Fabric, step: int
) -> Iterator[tuple[int, bool, BatchT]]:
    """(epoch, is it the last of the epoch, batch) from ``step`` on, for ever; a function of seed and step alone."""
    sampler = BucketSampler(source.lengths, config.batch_size, config.seed, fabric.global_rank, fabric.world_size)
    epoch, position = divmod(step, sampler.n_batches)
    while True:
        for indices in sampler.batches(epoch)[position:]:
            position += 1
            yield epoch, position == sampler.n_batches, source.batch(indices, epoch).to(fabric.device)
        epoch, position = epoch + 1, 0


@torch.no_grad()
def validate(
    task: Task[BatchT],
    source: BatchSource[BatchT],
    config: RunConfig,
    fabric: Fabric,
    tracker: LossTracker,
    step: int,
) -> None:
    """Means over the whole validation split, weighted by batch size."""
    for module in task.modules.values():
        module.eval()
    totals: dict[str, float] = {}
    indices = list(range(len(source.lengths)))
    for start in range(0, len(indices), config.batch_size):
        chosen = indices[start : start + config.batch_size]
        for name, value in task.validate(source.batch(chosen, epoch=0).to(fabric.device)).items():
            totals[name] = totals.get(name, 0.0) + value.item() * len(chosen) / len(indices)
    tracker.validation(totals, task.validation_loss(totals), step)
    for module in task.modules.values():
        module.train()


def save(task: Task[Any], run: RunDir, step: int, tracker: LossTracker, fabric: Fabric) -> None:
    """All that the next step depends on: weights, optimizers, running means, random numbers."""
    train_state = {
        "optimizers": {name: optimizer.state_dict() for name, optimizer in task.optimizers.items()},
        "tracker": tracker.state_dict(),
        "torch_rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state() if fabric.device.type == "cuda" else None,
    }
    weights = {name: module.state_dict() for name, module in task.modules.items()}
    if fabric.is_global_zero:
        checkpoint.save(run, step, weights, train_state, dict(task.meta), validation_loss=tracker.validation_loss)
    fabric.barrier()


def resume(task: Task[Any], newest: Path, fabric: Fabric) -> int:
    """Load everything ``save`` stored; returns the step to go on from."""
    for name, weights in checkpoint.load_weights(newest).items():
        task.modules[name].load_state_dict(weights)
    state = checkpoint.load_train_state(newest)
    for name, optimizer in task.optimizers.items():
        optimizer.load_state_dict(state["optimizers"][name])
    torch.set_rng_state(state["torch_rng"])
    if fabric.device.type == "cuda" and state["cuda_rng"] is not None:
        torch.cuda.set_rng_state(state["cuda_rng"])
    return checkpoint.step_of(newest)
