"""Checkpoints, written. A checkpoint appears whole or not at all; the layout is described in ``tts.models.saved``."""

import importlib.metadata
import pickle
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as packed
from torch import Tensor

from tts.errors import InputError, system_error
from tts.files.disk import DiskFile
from tts.files.whole import remove_folder, remove_leftovers, whole_folder
from tts.models.saved import (
    CHECKPOINTS_FOLDER,
    META_FILE,
    MODEL_FILE,
    SUMS_FILE,
    CheckpointMeta,
    best_checkpoint,
    check_sum,
    damaged,
    list_checkpoints,
    load_weights,
    step_of,
    sums_of,
)
from tts.training.run_dir import RunDir

__all__ = ["latest", "load_train_state", "load_weights", "save", "step_of"]

TRAIN_STATE_FILE = "train_state.pt"
LIBRARIES = ("linnet-tts", "torch", "lightning-fabric", "numpy")


def save(
    run: RunDir,
    step: int,
    weights: Mapping[str, Mapping[str, Tensor]],
    train_state: Mapping[str, Any] | None,
    meta: Mapping[str, Any],
    validation_loss: float | None = None,
) -> Path:
    """Write the checkpoint of ``step``, then delete those no longer kept. Returns its folder.

    weights: a state dict per module. train_state: tensors, numbers, strings and containers of them, since it is loaded
    without running code; None for weights that training cannot go on from. meta: the fields of ``CheckpointMeta`` that
    only the task knows.
    """
    full_meta = CheckpointMeta.model_validate(
        {**meta, "task": run.task, "step": step, "validation_loss": validation_loss, "versions": _versions()}
    )
    tensors = {
        f"{module}.{name}": tensor.detach().cpu().contiguous()
        for module, state in weights.items()
        for name, tensor in state.items()
    }
    remove_leftovers(run.checkpoints)
    final = run.checkpoints / f"step_{step:08d}"
    with whole_folder(final, replace=True) as partial:  # one left damaged, or saved twice at the same step
        (partial / MODEL_FILE).write_bytes(packed(tensors))
        if train_state is not None:
            with DiskFile(partial / TRAIN_STATE_FILE) as file:
                torch.save(dict(train_state), file)
        (partial / META_FILE).write_text(full_meta.model_dump_json(indent=1), encoding="utf-8")
        (partial / SUMS_FILE).write_text(sums_of(partial), encoding="utf-8")
    _prune(run)
    return final


def latest(run: Path) -> Path | None:
    """The newest checkpoint in a run's folder that training can go on from; those without all their files are not.

    Raises ``InputError`` where there are none but those: training must not begin anew in silence.
    """
    resumable = [path for path in list_checkpoints(run) if (path / TRAIN_STATE_FILE).is_file()]
    if not resumable and (incomplete := sorted((run / CHECKPOINTS_FOLDER).glob("step_*"))):
        files = f"{MODEL_FILE}, {META_FILE} or {TRAIN_STATE_FILE}"
        fix = "put it back; or delete this folder, to begin anew; or train in a new folder with --from"
        raise InputError(incomplete[-1], f"lacks {files}, and no other checkpoint has them", fix)
    return resumable[-1] if resumable else None


def load_train_state(checkpoint: Path) -> dict[str, Any]:
    """What ``save`` was given. Raises ``InputError`` for a damaged file."""
    path = checkpoint / TRAIN_STATE_FILE
    check_sum(path)
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    except (RuntimeError, EOFError, ValueError, LookupError, TypeError, pickle.UnpicklingError) as error:
        raise damaged(path, str(error).partition("\n")[0] or "it ends too early") from None
    _check_state(state, path)
    return state


def _check_state(state: Any, path: Path) -> None:
    """Raises ``InputError`` for what ``save`` would not have written."""
    if not isinstance(state, dict):
        raise damaged(path, "it is not a dictionary")
    pending: list[Any] = [state]
    while pending:
        value = pending.pop()
        if isinstance(value, Tensor) and not value.isfinite().all():
            raise damaged(path, "it holds what is not a number")
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []


def _prune(run: RunDir) -> None:
    """Keep the newest ``keep_checkpoints`` and the best by validation loss."""
    found = list_checkpoints(run.path)
    best = best_checkpoint(run.path)
    for path in found[: -run.training.keep_checkpoints]:
        if path != best:
            remove_folder(path)


def _versions() -> dict[str, str]:
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **versions}
