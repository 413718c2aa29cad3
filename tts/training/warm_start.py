"""A new run that starts with the weights of another one instead of random ones."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from tts.config.loader import differences
from tts.errors import InputError
from tts.models.saved import MODEL_FILE, fill, find_checkpoint, load_weights, read_meta
from tts.names import TaskName
from tts.training.processes import failing_together
from tts.training.task import Task


def start_from(task: Task[Any], name: TaskName, path: Path, keep: Container[str] = ()) -> None:
    """Load the weights of a checkpoint, or of a run's newest, into ``task``, which is called ``name``.

    Where the other run kept a moving average of a module, the module starts from that. ``keep``: what describes the new
    features and stays. Modules that the checkpoint lacks start at random and are named; so are discriminators of
    another config. Raises ``InputError`` for a checkpoint of another task, other audio, other phones, or weights of
    other shapes.
    """
    with failing_together(task.fabric):
        absent = _load(task, name, path, keep)
        task.fabric.barrier()  # none goes on alone
    for module in absent:
        task.fabric.print(f"{path}: no such {module}; they start anew")


def _load(task: Task[Any], name: TaskName, path: Path, keep: Container[str]) -> list[str]:
    """Returns the modules that the checkpoint lacks."""
    checkpoint = find_checkpoint(path)
    meta = read_meta(checkpoint)
    if meta.task != name:
        raise InputError(checkpoint, f"holds the {meta.task} model, the {name} model is needed")
    theirs, ours = meta.resolved_config(checkpoint).model_dump(mode="json"), task.meta["config"]
    changed = differences(theirs["audio"], ours["audio"], "audio.")
    if changed:
        raise InputError(checkpoint, f"was trained on other audio: {'; '.join(changed)}")
    if meta.phones != tuple(task.meta.get("phones", ())):
        raise InputError(checkpoint, "was trained on other phones than the features hold")
    saved, absent = load_weights(checkpoint), []
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
    return absent
