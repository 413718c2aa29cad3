"""What the training loop asks of a task: one model's game, with what it owns and what a step does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim import Optimizer

from tts.data.batches import Batch
from tts.training.health import Health
from tts.training.metrics_log import MetricsLog
from tts.training.tracker import LossTracker

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

    @property
    def weights(self) -> Mapping[str, float]:
        """Of the terms in the number that is minimised."""

    def learning_rate(self, step: int, epoch: int) -> float:
        """Of all optimizers, when ``step`` steps are finished."""

    def train_step(self, batch: TaskBatchT, step: int, tracker: LossTracker) -> None:
        """Update the weights once. Terms go through ``tracker.update`` before any optimizer steps."""

    def validate(self, batch: TaskBatchT) -> dict[str, Tensor]:
        """Unweighted terms of each item of a validation batch (B,), in evaluation mode and without gradients."""

    def measure(self) -> dict[str, float]:
        """What is measured besides, on whole validation utterances, in evaluation mode, by one process for all."""

    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Audio and pictures of some validation utterances."""
