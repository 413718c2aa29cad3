"""The training loop both models share. Steps drive everything; a task knows what a step does."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from lightning.fabric import Fabric
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm import tqdm

from tts.config.root import Config
from tts.config.training import RunConfig
from tts.data.batches import Batch
from tts.data.datasets import BatchSource
from tts.data.sampler import BucketSampler
from tts.errors import InputError
from tts.models.saved import list_checkpoints
from tts.names import TaskName
from tts.training import checkpoint
from tts.training.health import KINDS, Alarm, Health
from tts.training.metrics_log import MetricsLog
from tts.training.processes import failing_together
from tts.training.run_dir import RunDir
from tts.training.stop_signals import StopSignals
from tts.training.tracker import LossTracker

SLOW_BFLOAT16 = (
    "this processor has no bfloat16 instructions, which makes precision=bf16-mixed many times slower than 32-true"
)

BatchT = TypeVar("BatchT", bound=Batch)
TaskBatchT = TypeVar("TaskBatchT", bound=Batch, contravariant=True)


class Task(Protocol[TaskBatchT]):
    """One model's game: what it owns, what a step does, how it is judged and shown."""

    @property
    def fabric(self) -> Fabric:
        """Device, precision and processes."""

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """Whose weights a checkpoint holds."""

    @property
    def optimizers(self) -> Mapping[str, Optimizer]:
        """Whose state a checkpoint holds."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """What rebuilds the model from a checkpoint alone."""

    @property
    def health(self) -> Health | None:
        """What raises alarms over the terms, where there is something that does."""

    def train_step(self, batch: TaskBatchT, step: int, epoch: int, tracker: LossTracker) -> None:
        """Update the weights once. Terms go through ``tracker.update`` before any optimizer steps."""

    def validate(self, batch: TaskBatchT) -> dict[str, Tensor]:
        """Unweighted terms on a validation batch, in evaluation mode and without gradients."""

    def measure(self) -> dict[str, float]:
        """What is measured besides, on whole validation utterances, in evaluation mode, by one process for all."""

    def validation_loss(self, terms: Mapping[str, float]) -> float:
        """The number by which the best checkpoint is chosen; lower is better."""

    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Audio and pictures of some validation utterances."""


def make_fabric(config: RunConfig) -> Fabric:
    """Device, precision and processes. Every process starts with the same weights and draws its own dropout."""
    strategy = "ddp" if config.devices > 1 else "auto"
    fabric = Fabric(
        accelerator=config.accelerator, devices=config.devices, strategy=strategy, precision=config.precision
    )
    fabric.launch()
    fabric.seed_everything(config.seed + fabric.global_rank, verbose=False)  # set-up copies the first one's weights
    return fabric


@contextmanager
def open_run(path: Path, config: Config, task: TaskName, fabric: Fabric) -> Iterator[RunDir]:
    """The run on every process, which all end with the first error in one of them. See ``RunDir.open``."""
    with failing_together(fabric), RunDir.open(path, config, task, writes=fabric.is_global_zero) as run:
        fabric.barrier()  # none looks into the folder before it is there
        yield run


def fit(
    task: Task[BatchT],
    train: BatchSource[BatchT],
    validation: BatchSource[BatchT],
    config: RunConfig,
    run: RunDir,
    fabric: Fabric,
) -> bool:
    """Train from where ``run`` stands to ``config.steps``. Returns False when asked to stop before.

    Raises ``InputError`` when a loss is not finite, and when the health of the run is beyond recovery.
    """
    # 1. Where we stand
    newest = checkpoint.latest(run.path)
    step = resume(task, newest, fabric) if newest else 0
    if step >= config.steps:
        fabric.print(f"{run.path}: already at step {step} of {config.steps}; --set a larger number of steps to go on")
        return True
    if newest:
        fabric.print(f"{run.path}: going on from step {step}")
    if config.precision == "bf16-mixed" and fabric.device.type == "cpu" and not cpu_has_bfloat16():
        fabric.print(f"{run.path}: {SLOW_BFLOAT16}", file=sys.stderr)

    # 2. Steps
    batches = ordered_batches(train, config, fabric, step)
    with (
        closing(MetricsLog(run, step)) as metrics_log,
        StopSignals() as stop,
        tqdm(
            total=config.steps, initial=step, unit="step", desc=run.path.name, disable=not fabric.is_global_zero
        ) as bar,
    ):
        tracker = LossTracker(metrics_log, step, lambda values: average(values, fabric), task.health)
        if newest:
            tracker.load_state_dict(checkpoint.load_train_state(newest)["tracker"])
        for epoch, ends_epoch, batch in batches:
            task.train_step(batch, step, epoch, tracker)
            step += 1
            bar.update()
            last = step >= config.steps or any_requested(stop, fabric)
            if step % config.validate_every == 0 or step >= config.steps:
                validate(task, validation, fabric, tracker, step)
                if fabric.is_global_zero:
                    task.write_samples(run.samples / f"step_{step:08d}", step, metrics_log)
            hopeless = task.health.hopeless if task.health else None
            if ends_epoch or last or hopeless:
                summary = tracker.summary(epoch, step)
                if fabric.is_global_zero:
                    bar.write(summary)
            if hopeless:
                raise beyond_recovery(hopeless, run, step)
            if step % config.checkpoint_every == 0 or last:
                save(task, run, step, tracker, fabric)
            if last:
                break
    return step >= config.steps


def cpu_has_bfloat16() -> bool:
    return any(present for name, present in torch.cpu.get_capabilities().items() if "bf16" in name)


def beyond_recovery(alarm: Alarm, run: RunDir, step: int) -> InputError:
    before = [path for path in list_checkpoints(run.path) if checkpoint.step_of(path) < alarm.since]
    start = f"--from {before[-1]}" if before else "nothing"
    return InputError(
        f"step {step}",
        f"stopped, as {alarm}",
        f"start a new run from {start}; usually helps: {KINDS[alarm.kind].helps}",
    )


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
def validate(task: Task[BatchT], source: BatchSource[BatchT], fabric: Fabric, tracker: LossTracker, step: int) -> None:
    """Means over the utterances of the whole validation split, which the processes share.

    Each is judged by itself: what it is worth is the same beside any others, whatever the batch size and the number of
    processes.
    """
    for module in task.modules.values():
        module.eval()
    totals: dict[str, Tensor] = {}
    n_utterances = len(source.lengths)
    for first in range(0, n_utterances, fabric.world_size):
        index = first + fabric.global_rank
        # A process for which nothing is left keeps step with the others: each batch is a meeting of all.
        batch = source.batch([index if index < n_utterances else 0], epoch=0)
        for name, value in task.validate(batch.to(fabric.device)).items():
            totals[name] = totals.get(name, torch.zeros_like(value)) + value * (index < n_utterances)
    values = average(torch.stack(list(totals.values())), fabric) * fabric.world_size / n_utterances
    means = dict(zip(totals, values.tolist(), strict=True))
    means |= fabric.broadcast(task.measure() if fabric.is_global_zero else {})
    tracker.validation(means, task.validation_loss(means), step)
    for module in task.modules.values():
        module.train()


def average(values: Tensor, fabric: Fabric) -> Tensor:
    """Over the processes."""
    averaged = fabric.all_reduce(values, reduce_op="mean")
    assert isinstance(averaged, Tensor)
    return averaged


def any_requested(stop: StopSignals, fabric: Fabric) -> bool:
    """Whether any process was asked to stop: a signal may reach one alone, and all must leave at the same step."""
    if fabric.world_size == 1:
        return stop.requested
    return average(torch.tensor(float(stop.requested), device=fabric.device), fabric).item() > 0.0


def save(task: Task[Any], run: RunDir, step: int, tracker: LossTracker, fabric: Fabric) -> None:
    """All that the next step depends on: weights, optimizers, running means, random numbers."""
    train_state = {
        "optimizers": {name: optimizer.state_dict() for name, optimizer in task.optimizers.items()},
        "tracker": tracker.state_dict(),
        "torch_rng": of_every_process(torch.get_rng_state(), fabric),
        "cuda_rng": of_every_process(torch.cuda.get_rng_state(), fabric) if fabric.device.type == "cuda" else None,
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
    rank = fabric.global_rank
    if rank < len(state["torch_rng"]):  # there may be more processes than before
        torch.set_rng_state(state["torch_rng"][rank])
    if fabric.device.type == "cuda" and state["cuda_rng"] is not None and rank < len(state["cuda_rng"]):
        torch.cuda.set_rng_state(state["cuda_rng"][rank])
    return checkpoint.step_of(newest)


def of_every_process(state: Tensor, fabric: Fabric) -> list[Tensor]:
    gathered = fabric.all_gather(state)
    assert isinstance(gathered, Tensor)
    return [row.clone() for row in gathered.reshape(fabric.world_size, -1).cpu()]  # set_rng_state cannot read a view
