"""A new run that starts with the weights of another one instead of random ones."""

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from tts.config.loader import differences
from tts.errors import InputError
from tts.models.saved import (
    META_FILE,
    MODEL_FILE,
    CheckpointMeta,
    Weights,
    damaged,
    fill,
    find_checkpoint,
    load_weights,
    read_meta,
)
from tts.names import TaskName
from tts.training.by_name import PHONES, SPEAKERS, carry_over, match_phones, match_speakers
from tts.training.processes import failing_together
from tts.training.task import Task


def start_from(task: Task[Any], name: TaskName, path: Path, keep: Container[str] = ()) -> None:
    """Load the weights of a checkpoint, or of a run's newest, into ``task``, which is called ``name``.

    Where the other run kept a moving average of a module, the module starts from that. ``keep``: what describes the new
    features and stays. Phones and speakers are taken by name, and new ones begin as the nearest; what was taken, begun
    and dropped is printed. Modules that the checkpoint lacks start at random and are named; so are discriminators of
    another config. Raises ``InputError`` for a checkpoint of another task, other audio, or weights of other shapes.
    """
    with failing_together(task.fabric):
        remarks = _load(task, name, path, keep)
        task.fabric.barrier()  # none goes on alone
    for remark in remarks:
        task.fabric.print(f"{path}: {remark}")


def _load(task: Task[Any], name: TaskName, path: Path, keep: Container[str]) -> list[str]:
    """Returns what a person should know: other phones and speakers, and modules that the checkpoint lacks."""
    checkpoint = find_checkpoint(path)
    meta = read_meta(checkpoint)
    if meta.task != name:
        raise InputError(checkpoint, f"holds the {meta.task} model, the {name} model is needed")
    theirs, ours = meta.resolved_config(checkpoint).model_dump(mode="json"), task.meta["config"]
    changed = differences(theirs["audio"], ours["audio"], "audio.")
    if changed:
        settings = [
            f"--set audio.{key}={json.dumps(value)}"
            for key, value in theirs["audio"].items()
            if ours["audio"][key] != value
        ]
        fix = f"preprocess into a new folder, and train, with {' '.join(settings)}; or leave out --from"
        raise InputError(checkpoint, f"was trained on other audio: {'; '.join(changed)}", fix)
    saved, absent, remarks = load_weights(checkpoint), [], list[str]()
    if name == "acoustic":
        saved, remarks = _by_name(saved, meta, task, checkpoint)
    if theirs[name]["discriminators"] != ours[name]["discriminators"]:
        saved.pop("discriminators", None)
    for module_name, module in task.modules.items():
        sources = (f"{module_name}_ema", module_name, module_name.removesuffix("_ema"))
        weights = next((saved[source] for source in sources if source in saved), None)
        if weights is None:
            absent.append(module_name)
            continue
        kept = {key: value for key, value in module.state_dict().items() if key in keep}
        fill(module, {**weights, **kept}, checkpoint / MODEL_FILE)
    return [*remarks, *(f"no such {module}; they start anew" for module in absent)]


def _by_name(
    saved: dict[str, Weights], meta: CheckpointMeta, task: Task[Any], checkpoint: Path
) -> tuple[dict[str, Weights], list[str]]:
    """The weights of every model for the phones and speakers of ``task``, and what became of those."""
    phones = match_phones(meta.phones, task.meta["phones"])
    speakers = match_speakers(meta.speakers, task.meta["speakers"])
    carried = dict(saved)
    for module_name, weights in saved.items():
        if PHONES not in weights:
            continue  # discriminators know neither
        n_speakers = len(weights[SPEAKERS]) if SPEAKERS in weights else 1
        if (len(weights[PHONES]), n_speakers) != (len(meta.phones), len(meta.speakers)):
            raise damaged(checkpoint / META_FILE, "it names more or fewer phones or speakers than the weights have")
        carried[module_name] = carry_over(weights, phones, speakers)
    return carried, [f"{phones}; {speakers}"]
