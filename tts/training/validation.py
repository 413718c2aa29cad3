"""Judging a model on utterances it was not trained on."""

from typing import TypeVar

import torch
from torch import Tensor

from tts.config.training import RunConfig
from tts.data.batches import Batch
from tts.data.datasets import BatchSource
from tts.evaluation.contrast import CONTRAST, with_contrast
from tts.evaluation.ear import with_opinion
from tts.evaluation.report import spread
from tts.losses.weighting import headline, reconstruction
from tts.training.processes import average
from tts.training.task import Task

BatchT = TypeVar("BatchT", bound=Batch)


@torch.no_grad()
def validate(task: Task[BatchT], source: BatchSource[BatchT], config: RunConfig) -> tuple[dict[str, float], float]:
    """Means over items of the validation split, which the processes share, and the figure by which they compare.

    Each item is judged by itself: its figures depend neither on the others in its batch nor on the batch size or the
    number of processes.
    """
    for module in task.modules.values():
        module.eval()
    chosen = spread(range(len(source.lengths)), config.validation_items)
    means = item_means(task, source, sorted(chosen, key=lambda item: source.lengths[item]), config.batch_size)
    loss = reconstruction(means, task.weights)
    figure = with_contrast(loss, means[CONTRAST]) if CONTRAST in means else loss
    measured = task.fabric.broadcast(task.measure() if task.fabric.is_global_zero else {})
    for module in task.modules.values():
        module.train()
    return {headline(task.weights): loss, **means, **measured}, with_opinion(figure, measured)


def item_means(task: Task[BatchT], source: BatchSource[BatchT], items: list[int], batch_size: int) -> dict[str, float]:
    """``batch_size``: per process."""
    fabric, totals = task.fabric, dict[str, Tensor]()
    for first in range(0, len(items), batch_size * fabric.world_size):
        shared = items[first : first + batch_size * fabric.world_size]
        mine = shared[fabric.global_rank :: fabric.world_size]
        # A process for which nothing is left judges an item that does not count, to know the names of the terms.
        batch = source.batch(mine or shared[:1], epoch=0).to(fabric.device)
        for name, values in task.validate(batch).items():
            totals[name] = totals.get(name, 0.0) + values.double().sum() * bool(mine)
    sums = average(torch.stack(list(totals.values())), fabric) * fabric.world_size
    return dict(zip(totals, (sums / len(items)).tolist(), strict=True))
