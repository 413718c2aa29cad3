"""Checkpoints, read: whatever it takes to rebuild a trained model, and no data folder.

::

    RUN/checkpoints/step_00010000/
      model.safetensors    weights, keys ``<module>.<name>``
      train_state.pt       optimizers, random numbers, running means: for training alone
      meta.json            ``CheckpointMeta``
      SHA256SUMS           of the others, as ``sha256sum -c`` checks them
"""

import re
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from tts.config.features import PauseStatistics, SpeakerStatistics
from tts.config.loader import config_from_tree
from tts.config.root import Config
from tts.config.section import Section
from tts.errors import InputError, system_error
from tts.files.digest import file_sha256
from tts.files.documents import parse_json, read_document
from tts.files.schema import refuse_newer
from tts.models.aligner import Aligner
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import Generator, make_generator
from tts.names import TaskName

CHECKPOINTS_FOLDER = "checkpoints"
MODEL_FILE = "model.safetensors"
META_FILE = "meta.json"
SUMS_FILE = "SHA256SUMS"
CHECKPOINT_SCHEMA_VERSION = 1

Weights = dict[str, Tensor]


class CheckpointMeta(Section):
    """``meta.json``. Aligners have phones, acoustic models all that describes a voice; indices are the ids."""

    schema_version: int = CHECKPOINT_SCHEMA_VERSION
    task: TaskName
    step: int
    config: dict[str, Any]  # the whole resolved config
    phones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    statistics: tuple[SpeakerStatistics, ...] = ()  # one per speaker
    pauses: dict[str, PauseStatistics] = Field(default_factory=dict)  # by kind
    trained_on: str = ""  # digest of an aligner's utterances
    validation_loss: float | None = None  # lower is better
    versions: dict[str, str]  # of the libraries that wrote it

    def resolved_config(self, where: object) -> Config:
        """The config as checked by this version. Raises ``InputError`` naming ``where``."""
        return config_from_tree(self.config, where)


def load_aligner(path: Path) -> tuple[Aligner, CheckpointMeta]:
    """The aligner of a checkpoint (or of a run's newest) on the CPU, in evaluation mode.

    Raises ``InputError`` when there is none, it is damaged, or it holds another model.
    """
    checkpoint, meta, config = _open(path, "aligner")
    model = Aligner(config.aligner, len(meta.phones))
    _load_into(model, "aligner", checkpoint)
    return model.eval(), meta


def load_acoustic(path: Path) -> tuple[FastSpeech2, CheckpointMeta]:
    """The acoustic model of a checkpoint (or of a run's newest) on the CPU, in evaluation mode.

    Where training kept a moving average of the weights, that is what this returns.
    Raises ``InputError`` when there is none, it is damaged, or it holds a vocoder.
    """
    checkpoint, meta, config = _open(path, "acoustic")
    model = FastSpeech2(config.acoustic, config.audio.n_mels, len(meta.phones), meta.statistics)
    averaged = config.training.acoustic.ema_decay is not None
    _load_into(model, "acoustic_ema" if averaged else "acoustic", checkpoint)
    return model.eval(), meta


def load_vocoder(path: Path) -> tuple[Generator, CheckpointMeta]:
    """The generator of a checkpoint (or of a run's newest) on the CPU, in evaluation mode, weight norm in place.

    Where training kept a moving average of the weights, that is what this returns.
    Raises ``InputError`` when there is none, it is damaged, or it holds an acoustic model.
    """
    checkpoint, meta, config = _open(path, "vocoder")
    model = make_generator(config.vocoder.generator, config.audio)
    averaged = config.training.vocoder.ema_decay is not None
    _load_into(model, "generator_ema" if averaged else "generator", checkpoint)
    return model.eval(), meta


def find_checkpoint(path: Path) -> Path:
    """``path`` itself when it is a checkpoint, else the newest one of the run at ``path``."""
    if (path / META_FILE).is_file():
        return path
    found = list_checkpoints(path)
    if not found:
        raise InputError(path, "holds no checkpoint", "give a run of 'tts train' that has saved one, or a checkpoint")
    return found[-1]


def best_checkpoint(run: Path) -> Path | None:
    """The one with the lowest validation loss, which training keeps however old it is; None where none was judged."""
    judged = [(loss, path) for path in list_checkpoints(run) if (loss := read_meta(path).validation_loss) is not None]
    return min(judged)[1] if judged else None


def standing(checkpoint: Path) -> str:
    """Which checkpoint of its run this is, for a person who may want another."""
    run = checkpoint.parent.parent
    newest, best = list_checkpoints(run)[-1:], best_checkpoint(run)
    titles = ["newest"] if newest == [checkpoint] else []
    if best:
        titles.append("best by validation" if best == checkpoint else f"best by validation is {best.name}")
    return f"{checkpoint} ({', '.join(titles)})" if titles else str(checkpoint)


def list_checkpoints(run: Path) -> list[Path]:
    """The complete checkpoints of a run, oldest first."""
    folders = (run / CHECKPOINTS_FOLDER).glob("step_*")
    complete = [f for f in folders if re.fullmatch(r"step_\d+", f.name) and _has(f, MODEL_FILE) and _has(f, META_FILE)]
    return sorted(complete, key=step_of)


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix("step_"))


def read_meta(checkpoint: Path) -> CheckpointMeta:
    """Raises ``InputError`` for a file that is missing, damaged or of another version."""
    path = checkpoint / META_FILE
    content = read_document(path)
    check_sum(path)
    try:
        tree = parse_json(content, path)
    except InputError as error:
        raise damaged(path, error.what) from None
    refuse_newer(path, tree, CHECKPOINT_SCHEMA_VERSION)
    try:
        return CheckpointMeta.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "the file"
        raise damaged(path, f"{field}: {problem['msg']}") from None


def load_weights(checkpoint: Path, module: str | None = None) -> dict[str, Weights]:
    """Weights per module name, of all modules or of one, on the CPU. Raises ``InputError`` for a damaged file."""
    path = checkpoint / MODEL_FILE
    check_sum(path)
    weights: dict[str, Weights] = {}
    try:
        with safe_open(path, framework="pt") as file:
            for key in file.keys():  # noqa: SIM118 (not a mapping)
                owner, _, name = key.partition(".")
                if module in (None, owner):
                    weights.setdefault(owner, {})[name] = file.get_tensor(key)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    except SafetensorError as error:
        raise damaged(path, str(error)) from None
    for owner, tensors in weights.items():
        for name, tensor in tensors.items():
            if not tensor.isfinite().all():
                raise damaged(path, f"{owner}.{name} holds what is not a number")
    return weights


def sums_of(checkpoint: Path) -> str:
    """The content of ``SUMS_FILE``."""
    return "".join(f"{file_sha256(path)}  {path.name}\n" for path in sorted(checkpoint.iterdir()))


def check_sum(path: Path) -> None:
    """Raises ``InputError`` unless this file of a checkpoint is as it was saved. Those from before there were checksums
    are taken as they are."""
    sums = path.parent / SUMS_FILE
    if not sums.is_file():
        return
    try:
        line = f"{file_sha256(path)}  {path.name}".encode()
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    if line not in read_document(sums).splitlines():
        raise damaged(path, "it is not as it was saved")


def fill(model: nn.Module, weights: Weights, where: object) -> None:
    """``load_state_dict`` that raises ``InputError`` naming ``where`` and the first weight that does not fit."""
    expected = model.state_dict()
    misfits = [f"{name!r} is missing" for name in expected if name not in weights]
    misfits += [f"{name!r} is not a weight of it" for name in weights if name not in expected]
    misfits += [
        f"{name!r} is {tuple(weights[name].shape)} and not {tuple(tensor.shape)}"
        for name, tensor in expected.items()
        if name in weights and weights[name].shape != tensor.shape
    ]
    if misfits:
        others = f" (and {len(misfits) - 1} more)" if len(misfits) > 1 else ""
        raise InputError(where, f"does not fit the model of the config: {misfits[0]}{others}")
    model.load_state_dict(weights)


def damaged(path: Path, what: str) -> InputError:
    return InputError(path, f"is damaged ({what})", "delete this checkpoint to use the one before it")


def _open(path: Path, task: TaskName) -> tuple[Path, CheckpointMeta, Config]:
    checkpoint = find_checkpoint(path)
    meta = read_meta(checkpoint)
    if meta.task != task:
        raise InputError(checkpoint, f"holds the {meta.task} model, the {task} model is needed")
    return checkpoint, meta, meta.resolved_config(checkpoint / META_FILE)


def _load_into(model: nn.Module, module: str, checkpoint: Path) -> None:
    fill(model, load_weights(checkpoint, module).get(module, {}), checkpoint / MODEL_FILE)


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_file()
