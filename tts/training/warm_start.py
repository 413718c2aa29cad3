"""A new run that starts with the weights of another one, or of a voice, instead of random ones."""

import json
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from tts.config.loader import differences
from tts.errors import InputError
from tts.models.from_voice import VoiceSource, voice_source
from tts.models.prosody import PROSODY
from tts.models.saved import (
    META_FILE,
    MODEL_FILE,
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


@dataclass(frozen=True)
class Start:
    """What a run begins with."""

    where: Path  # for messages
    audio: dict[str, Any]  # the section of the config
    discriminators: Any  # likewise; None where there are none
    phones: tuple[str, ...]
    speakers: tuple[str, ...]
    weights: dict[str, Weights]  # by module

    @property
    def weights_file(self) -> Path:
        return self.where / MODEL_FILE if (self.where / MODEL_FILE).is_file() else self.where


def start_from(task: Task[Any], name: TaskName, path: Path, keep: Container[str] = ()) -> None:
    """Load the weights of a voice, of a checkpoint, or of a run's newest, into ``task``, which is called ``name``.

    Where the other run kept a moving average of a module, the module starts from that. ``keep``: what describes the new
    features and stays. Phones and speakers are taken by name, and new ones begin as the nearest; what was taken, begun
    and dropped is printed. Modules that the checkpoint lacks start at random and are named; so are discriminators of
    another config. Raises ``InputError`` for a checkpoint of another task, other audio, or weights of other shapes.
    """
    with failing_together(task.fabric):
        remarks = _load(task, name, path, keep)
        task.fabric.barrier()  # all have loaded it before any goes on
    for remark in remarks:
        task.fabric.print(f"{path}: {remark}")


def freeze(model: nn.Module, parts: Sequence[str]) -> None:
    """Parameters of ``parts`` stay as they are. Raises ``InputError`` for a part that the model lacks."""
    for part in parts:
        chosen = [p for name, p in model.named_parameters() if name == part or name.startswith(f"{part}.")]
        if not chosen:
            there = ", ".join(name for name, _ in model.named_children())
            raise InputError(f"frozen part {part!r}", "is not in the model", f"it has {there}")
        for parameter in chosen:
            parameter.requires_grad_(False)


def _load(task: Task[Any], name: TaskName, path: Path, keep: Container[str]) -> list[str]:
    """Returns what a person should know: other phones and speakers, and modules that the start lacks."""
    voice = voice_source(path)
    start = _voice(voice, name) if voice else _checkpoint(find_checkpoint(path), name)
    ours = task.meta["config"]
    _check_audio(start, ours["audio"])
    absent, remarks = [], list[str]()
    if name == "acoustic":
        start, remarks = _by_name(start, task)
    if start.discriminators != ours[name]["discriminators"]:
        start.weights.pop("discriminators", None)
    for module_name, module in task.modules.items():
        sources = (f"{module_name}_ema", module_name, module_name.removesuffix("_ema"))
        weights = next((start.weights[source] for source in sources if source in start.weights), None)
        if weights is None:
            absent.append(module_name)
            continue
        state = module.state_dict()
        begun = {key: state[key] for key in state if key.startswith(PROSODY) and key not in weights}
        if begun:
            absent.append(f"{module_name}.{PROSODY.rstrip('.')}")
        kept = begun | {key: value for key, value in state.items() if key in keep}
        fill(module, {**weights, **kept}, start.weights_file)
    return [*remarks, *(f"no such {module}; they start anew" for module in absent)]


def _checkpoint(checkpoint: Path, name: TaskName) -> Start:
    meta = read_meta(checkpoint)
    if meta.task != name:
        raise InputError(checkpoint, f"holds the {meta.task} model, the {name} model is needed")
    config = meta.resolved_config(checkpoint).model_dump(mode="json")
    weights, discriminators = load_weights(checkpoint), config[name]["discriminators"]
    return Start(checkpoint, config["audio"], discriminators, meta.phones, meta.speakers, weights)


def _voice(voice: VoiceSource, name: TaskName) -> Start:
    module, model = ("acoustic", voice.acoustic) if name == "acoustic" else ("generator", voice.vocoder)
    audio, manifest = voice.audio.model_dump(mode="json"), voice.manifest
    return Start(voice.folder, audio, None, manifest.phones, manifest.speakers, {module: model.state_dict()})


def _check_audio(start: Start, ours: dict[str, Any]) -> None:
    changed = differences(start.audio, ours, "audio.")
    if changed:
        settings = [
            f"--set audio.{key}={json.dumps(value)}" for key, value in start.audio.items() if ours[key] != value
        ]
        fix = f"preprocess into a new folder, and train, with {' '.join(settings)}; or leave out --from"
        raise InputError(start.where, f"was trained on other audio: {'; '.join(changed)}", fix)


def _by_name(start: Start, task: Task[Any]) -> tuple[Start, list[str]]:
    """The weights of every model for the phones and speakers of ``task``, and what became of those."""
    phones = match_phones(start.phones, task.meta["phones"])
    speakers = match_speakers(start.speakers, task.meta["speakers"])
    carried = dict(start.weights)
    for module_name, weights in start.weights.items():
        if PHONES not in weights:
            continue  # discriminators know neither
        n_speakers = len(weights[SPEAKERS]) if SPEAKERS in weights else 1
        if (len(weights[PHONES]), n_speakers) != (len(start.phones), len(start.speakers)):
            raise damaged(start.where / META_FILE, "it names more or fewer phones or speakers than the weights have")
        carried[module_name] = carry_over(weights, phones, speakers)
    return replace(start, weights=carried), [f"{phones}; {speakers}"]
