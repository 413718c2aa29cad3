"""The folder of a training run.

::

    RUN/
      .lock            keeps a second process out
      run.json         which task this is
      config.yaml      the whole resolved config
      metrics.jsonl    see ``metrics_log``
      tensorboard/
      samples/
      checkpoints/     see ``tts.models.saved``
"""

import json
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tts.config.earlier import modernised
from tts.config.loader import config_from_tree, differences, dump_config, read_recipe
from tts.config.root import Config
from tts.config.training import RunConfig
from tts.errors import InputError
from tts.files.lock import lock_folder
from tts.files.whole import remove_leftovers, write_file
from tts.models.saved import CHECKPOINTS_FOLDER
from tts.names import TaskName

if TYPE_CHECKING:
    from filelock import BaseFileLock

RUN_FILE = "run.json"
CONFIG_FILE = "config.yaml"

# How long, how often, where: what may change while a run goes on.
CHANGEABLE = {
    "steps", "patience", "validate_every", "checkpoint_every", "keep_checkpoints", "n_samples", "validation_clips",
    "accelerator", "devices",
}  # fmt: skip

# The sections, besides the model's own, that a task depends on.
FEATURES_SECTIONS = {"audio", "text", "preprocess"}
DATA_SECTIONS = {"aligner": {"text"}, "acoustic": FEATURES_SECTIONS, "vocoder": FEATURES_SECTIONS}


class RunDir:
    """A run that this process may write to, from ``open`` to the end of the ``with`` block or of the process."""

    def __init__(self, path: Path, config: Config, task: TaskName, *, writes: bool = True) -> None:
        self.path, self.config, self.task, self.writes = path, config, task, writes
        self.metrics = path / "metrics.jsonl"
        self.tensorboard = path / "tensorboard"
        self.samples = path / "samples"
        self.checkpoints = path / CHECKPOINTS_FOLDER
        self._lock: BaseFileLock | None = None

    @property
    def training(self) -> RunConfig:
        training: RunConfig = getattr(self.config.training, self.task)
        return training

    @classmethod
    def open(cls, path: Path, config: Config, task: TaskName, *, writes: bool = True) -> Self:
        """Create the run, or reopen it to go on.

        Of several processes that train together, one ``writes``; the others get a run that they only read.
        Raises ``InputError`` for a folder of something else, a run of the other task, a run of another config (the
        differences are listed), and a run that another process is training.
        """
        run = cls(path, config, task, writes=writes)
        if not writes:
            return run
        if path.exists() and not path.is_dir():
            raise InputError(path, "is a file", "give a folder for the run")
        names = {file.name for file in path.iterdir()} if path.is_dir() else set()
        if RUN_FILE not in names and any(not name.startswith(".") for name in names):  # another may just begin it
            raise InputError(path, "holds files but no run", "give a new folder")
        run._lock = lock_folder(path, "is being trained by another process")
        try:
            run._check_task()
            run._check_config()
        except InputError:
            run.close()
            raise
        for folder in (run.tensorboard, run.samples, run.checkpoints):
            folder.mkdir(exist_ok=True)
        for folder in (path, *(below for below in path.rglob("*") if below.is_dir())):
            remove_leftovers(folder)
        return run

    def close(self) -> None:
        """Release the lock. The end of the process, however it comes, does the same."""
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _check_task(self) -> None:
        path, content = self.path / RUN_FILE, json.dumps({"task": self.task}).encode()
        if not path.exists():
            write_file(path, content)
        elif path.read_bytes() != content:
            raise InputError(self.path, f"is not a run of the {self.task} task", "give each model its own folder")

    def _check_config(self) -> None:
        path = self.path / CONFIG_FILE
        if path.exists():
            begun = read_recipe(path)
            if self.task == "vocoder" and begun != modernised(begun):
                what = (
                    "was begun by an earlier version, whose epochs were longer: its learning rate would now fall faster"
                )
                raise InputError(self.path, what, f"begin a new run with its weights: --from {self.path}")
            changed = differences(_fixed(config_from_tree(begun, path), self.task), _fixed(self.config, self.task))
            if changed:
                raise InputError(
                    self.path,
                    f"was made with another config: {', '.join(changed)}",
                    "give a new folder, or change it back",
                )
        write_file(path, dump_config(self.config).encode())


def _fixed(config: Config, task: TaskName) -> dict[str, Any]:
    """The part of a config that must stay as it is while a run of ``task`` goes on."""
    tree = config.model_dump(mode="json", include={*DATA_SECTIONS[task], task})
    training = getattr(config.training, task).model_dump(mode="json", exclude=CHANGEABLE)
    return {**tree, "training": {task: training}}
