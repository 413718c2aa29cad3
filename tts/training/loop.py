"""The training loop both models share. Steps drive everything; a task knows what a step does."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch
from lightning_fabric import Fabric
from tqdm import tqdm

from tts.config.root import Config
from tts.config.training import RunConfig
from tts.data.ahead import made_ahead
from tts.data.batches import Batch
from tts.data.datasets import BatchSource
from tts.data.sampler import BucketSampler
from tts.errors import InputError
from tts.models.saved import list_checkpoints
from tts.names import TaskName
from tts.signals import StopSignals
from tts.training import checkpoint
from tts.training.health import KINDS, Alarm
from tts.training.metrics_log import MetricsLog
from tts.training.processes import average, failing_together, launch
from tts.training.reports import Reports
from tts.training.resuming import resume, save
from tts.training.run_dir import RunDir
from tts.training.task import Task
from tts.training.tracker import LossTracker
from tts.training.validation import validate

SLOW_BFLOAT16 = (
    "this processor has no bfloat16 instructions, which makes precision=bf16-mixed many times slower than 32-true"
)

BatchT = TypeVar("BatchT", bound=Batch)


def make_fabric(config: RunConfig) -> Fabric:
    """Device, precision and processes. Every process starts with the same weights and draws its own dropout.

    Raises ``InputError`` for devices that this machine lacks.
    """
    strategy = "ddp" if config.devices > 1 else "auto"
    try:
        fabric = Fabric(
            accelerator=config.accelerator, devices=config.devices, strategy=strategy, precision=config.precision
        )
    except (RuntimeError, ValueError) as error:
        where = f"accelerator {config.accelerator!r} with {config.devices} devices"
        raise InputError(where, f"cannot be used here ({error})", "set accelerator: cpu, or fewer devices") from None
    if fabric.device.type == "cpu" and config.devices > (cores := os.cpu_count() or 1):
        raise InputError("devices", f"on a CPU each is a process; {config.devices} are more than its {cores} cores")
    launch(fabric)
    fabric.seed_everything(config.seed + fabric.global_rank, verbose=False)  # set-up copies the first one's weights
    return fabric


@contextmanager
def open_run(path: Path, config: Config, task: TaskName, fabric: Fabric) -> Iterator[RunDir]:
    """The run on every process, which all end with the first error in one of them. See ``RunDir.open``."""
    with failing_together(fabric), RunDir.open(path, config, task, writes=fabric.is_global_zero) as run:
        fabric.barrier()  # the others look into the folder, which has to be there
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
    if newest and step >= config.steps:
        fabric.print(f"{run.path}: already at step {step} of {config.steps}; --set a larger number of steps to go on")
        return True
    if newest:
        fabric.print(f"{run.path}: going on from step {step}")
    if fabric.device.type == "cpu" and is_slow(config.precision, torch.cpu.get_capabilities()):
        fabric.print(f"{run.path}: {SLOW_BFLOAT16}", file=sys.stderr)

    # 2. Steps
    with (
        made_ahead(batches_in_order(train, config, fabric, step)) as batches,
        closing(MetricsLog(run, step)) as metrics_log,
        StopSignals() as stop,
        tqdm(
            total=config.steps,
            initial=step,
            unit="step",
            desc=run.path.name,
            disable=None if fabric.is_global_zero else True,
        ) as bar,
    ):
        tracker = LossTracker(step, config.steps, lambda values: average(values, fabric), task.health)
        if newest:
            tracker.load_state_dict(checkpoint.load_train_state(newest)["tracker"])
        reports = Reports(tracker, metrics_log, bar.write if fabric.is_global_zero else ignore)
        if not newest and config.patience:  # what it starts with may stay the best
            reports.validation(*validate(task, validation, config))
        if not newest and (config.patience or not config.steps):
            save(task, run, step, tracker, fabric)
        if gains_no_more(tracker, config):
            fabric.print(f"{run.path}: validation no longer gained at step {step}; a larger patience goes on")
            return True
        if not config.steps:
            return True
        for epoch, ends_epoch, batch in batches:
            tracker.begin(epoch, set_learning_rate(task, step, epoch))
            task.train_step(batch.to(fabric.device), step, tracker)
            step += 1
            bar.update()
            last = step >= config.steps or any_requested(stop, fabric)
            validates = step % config.validate_every == 0 or step >= config.steps
            if validates:
                reports.validation(*validate(task, validation, config))
                last = last or gains_no_more(tracker, config)
                if fabric.is_global_zero:
                    task.write_samples(run.samples / f"step_{step:08d}", step, metrics_log)
            reports.alarms()
            hopeless = task.health.hopeless if task.health else None
            reports.table_when_due(epoch_ends=ends_epoch, now=validates or last or bool(hopeless))
            if hopeless:
                raise beyond_recovery(hopeless, run, step)
            if step % config.checkpoint_every == 0 or last:
                save(task, run, step, tracker, fabric)
            tracker.lap()  # validating and saving are not training
            if last:
                break
    return step >= config.steps or gains_no_more(tracker, config)


def gains_no_more(tracker: LossTracker, config: RunConfig) -> bool:
    """Whether so many validations went by without a better one that the run should end."""
    return config.patience is not None and tracker.stale >= config.patience


def set_learning_rate(task: Task[Any], step: int, epoch: int) -> float:
    rate = task.learning_rate(step, epoch)
    for optimizer in task.optimizers.values():
        for group in optimizer.param_groups:
            if isinstance(group["lr"], torch.Tensor):  # where a recorded step finds it
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
    return rate


def ignore(text: str) -> None:
    """Processes other than the first report nothing."""


def is_slow(precision: str, capabilities: Mapping[str, bool]) -> bool:
    """On a processor with these sets of instructions."""
    return precision == "bf16-mixed" and not any(has for name, has in capabilities.items() if "bf16" in name)


def beyond_recovery(alarm: Alarm, run: RunDir, step: int) -> InputError:
    before = [path for path in list_checkpoints(run.path) if checkpoint.step_of(path) < alarm.since]
    start = f"--from {before[-1]}" if before else "nothing"
    return InputError(
        f"step {step}",
        f"stopped, as {alarm}",
        f"start a new run from {start}; usually helps: {KINDS[alarm.kind].helps}",
    )


def batches_in_order(
    source: BatchSource[BatchT], config: RunConfig, fabric: Fabric, step: int
) -> Iterator[Callable[[], tuple[int, bool, BatchT]]]:
    """What makes (epoch, is it the last of the epoch, batch), from ``step`` on, for ever.

    A function of seed and step alone, whoever calls it and when.
    """

    def make(epoch: int, ends_epoch: bool, indices: list[int]) -> tuple[int, bool, BatchT]:
        batch = source.batch(indices, epoch)
        return epoch, ends_epoch, batch.pinned() if fabric.device.type == "cuda" else batch

    sampler = BucketSampler(source.lengths, config.batch_size, config.seed, fabric.global_rank, fabric.world_size)
    epoch, position = divmod(step, sampler.n_batches)
    while True:
        for indices in sampler.batches(epoch)[position:]:
            position += 1
            yield partial(make, epoch, position == sampler.n_batches, indices)
        epoch, position = epoch + 1, 0


def any_requested(stop: StopSignals, fabric: Fabric) -> bool:
    """Whether any process was asked to stop: a signal may reach one alone, and all must leave at the same step."""
    if fabric.world_size == 1:
        return stop.requested
    return average(torch.tensor(float(stop.requested), device=fabric.device), fabric).item() > 0.0
