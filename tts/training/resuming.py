"""All that the next step depends on, into a checkpoint and out of it."""

from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor
from torch.optim import Optimizer

from tts.data.store import FeatureStore
from tts.models.saved import MODEL_FILE, damaged, fill, read_meta
from tts.training import checkpoint
from tts.training.run_dir import RunDir
from tts.training.task import Task
from tts.training.tracker import LossTracker


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


def check_same_voice(newest: Path, run: Path, store: FeatureStore) -> None:
    """Raises ``InputError`` where the ids of ``store`` mean other phones or speakers than in the acoustic ``run``."""
    meta = read_meta(newest)
    if meta.task == "acoustic":  # of another task, ``RunDir`` says so
        fix = f"give the features that it was trained on, or a new run folder with --from {run}"
        store.check_vocabulary(meta.phones, meta.speakers, meta.statistics, run, fix)


def resume(task: Task[Any], newest: Path, fabric: Fabric) -> int:
    """Load everything ``save`` stored; returns the step to go on from.

    Raises ``InputError`` for files that are damaged, or of another checkpoint.
    """
    weights = checkpoint.load_weights(newest)
    if weights.keys() != task.modules.keys():
        what = f"it holds {', '.join(sorted(weights)) or 'nothing'}, not {', '.join(sorted(task.modules))}"
        raise damaged(newest / MODEL_FILE, what)
    for name, module in task.modules.items():
        fill(module, weights[name], newest / MODEL_FILE)
    state, where = checkpoint.load_train_state(newest), newest / checkpoint.TRAIN_STATE_FILE
    rank = fabric.global_rank
    try:
        for name, optimizer in task.optimizers.items():
            _check_shapes(state["optimizers"][name], optimizer)
            settings = [{key: group[key] for key in group if key != "params"} for group in optimizer.param_groups]
            optimizer.load_state_dict(state["optimizers"][name])
            for group, ours in zip(optimizer.param_groups, settings, strict=True):
                group.update(ours)  # those of this device: the run may have begun on another
        if rank < len(state["torch_rng"]):  # there may be more processes than before
            torch.set_rng_state(state["torch_rng"][rank])
        if fabric.device.type == "cuda" and state["cuda_rng"] is not None and rank < len(state["cuda_rng"]):
            torch.cuda.set_rng_state(state["cuda_rng"][rank])
    except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(where, f"it is of another model ({str(error).partition(chr(10))[0]})") from None
    return checkpoint.step_of(newest)


def _check_shapes(state: dict[str, Any], optimizer: Optimizer) -> None:
    """Raises ``ValueError`` where the moments are not those of the parameters, which torch itself would find late."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for index, moments in state["state"].items():
        for name, moment in moments.items():
            if isinstance(moment, Tensor) and moment.dim() and moment.shape != parameters[index].shape:
                raise ValueError(f"{name} is {tuple(moment.shape)} and not {tuple(parameters[index].shape)}")


def of_every_process(state: Tensor, fabric: Fabric) -> list[Tensor]:
    gathered = fabric.all_gather(state)
    assert isinstance(gathered, Tensor)
    return [row.clone() for row in gathered.reshape(fabric.world_size, -1).cpu()]  # set_rng_state cannot read a view
