import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.training.run_dir import RunDir

HOLDER = """
import os, sys, time
from pathlib import Path
from tts.config.root import Config
from tts.training.run_dir import RunDir
run = RunDir.open(Path(sys.argv[1]), Config(), "acoustic")
if hasattr(os, "fork") and os.fork() == 0:  # a data loading process that outlives the one that trains
    time.sleep(60)
print("locked", os.getpid(), flush=True)
time.sleep(60)
"""


@contextmanager
def held_by_another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("locked")
        yield process
    finally:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_new_run_has_its_config_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "first"
    with RunDir.open(path, Config(), "vocoder") as run:
        assert load_config([path / "config.yaml"]) == Config()
        assert all(folder.is_dir() for folder in (run.tensorboard, run.samples, run.checkpoints))
        assert run.training == Config().training.vocoder


def test_reopening_takes_over_what_may_change(tmp_path: Path) -> None:
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()
    longer = load_config(
        overrides=["training.acoustic.steps=7", "training.acoustic.devices=2", "vocoder.generator.channels=128"]
    )
    RunDir.open(tmp_path / "run", longer, "acoustic").close()
    assert load_config([tmp_path / "run" / "config.yaml"]) == longer


def test_another_config_is_refused_with_its_differences_and_changes_nothing(tmp_path: Path) -> None:
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()
    other = load_config(overrides=["training.acoustic.batch_size=2", "acoustic.hidden=128"])
    with pytest.raises(InputError) as error:
        RunDir.open(tmp_path / "run", other, "acoustic")
    assert "acoustic.hidden: 256 -> 128, training.acoustic.batch_size: 48 -> 2" in str(error.value)
    assert load_config([tmp_path / "run" / "config.yaml"]) == Config()
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()


def test_a_vocoder_run_of_an_earlier_version_does_not_go_on_with_other_epochs(tmp_path: Path) -> None:
    for task in ("acoustic", "vocoder"):
        RunDir.open(tmp_path / task, Config(), task).close()
        tree = Config().model_dump(mode="json")
        tree["training"]["vocoder"]["adversarial"] = "hinge"
        (tmp_path / task / "config.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    hinge = load_config(overrides=["training.vocoder.adversarial.criterion=hinge"])
    with pytest.raises(InputError, match=r"by an earlier version, whose epochs were longer: .*--from "):
        RunDir.open(tmp_path / "vocoder", hinge, "vocoder")
    RunDir.open(tmp_path / "acoustic", hinge, "acoustic").close()


def test_a_run_of_the_other_task_is_refused(tmp_path: Path) -> None:
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()
    with pytest.raises(InputError, match="not a run of the vocoder task"):
        RunDir.open(tmp_path / "run", Config(), "vocoder")


@pytest.mark.parametrize("missing", [("config.yaml",), ("config.yaml", "run.json")])
def test_a_run_killed_while_it_was_created_is_created(tmp_path: Path, missing: tuple[str, ...]) -> None:
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()
    for folder in ("tensorboard", "samples", "checkpoints"):
        (tmp_path / "run" / folder).rmdir()
    for name in missing:
        (tmp_path / "run" / name).unlink()
    RunDir.open(tmp_path / "run", Config(), "acoustic").close()
    with pytest.raises(InputError, match="not a run of the vocoder task"):
        RunDir.open(tmp_path / "run", Config(), "vocoder")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds files but no run"):
        RunDir.open(tmp_path, Config(), "acoustic")
    with pytest.raises(InputError, match="is a file"):
        RunDir.open(tmp_path / "thesis.txt", Config(), "acoustic")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_one_process_at_a_time_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path / "run") as holder:
        with pytest.raises(InputError, match="is being trained by another process"):
            RunDir.open(tmp_path / "run", Config(), "acoustic")
        RunDir.open(tmp_path / "run", Config(), "acoustic", writes=False)
        holder.kill()
        holder.wait()
        RunDir.open(tmp_path / "run", Config(), "acoustic").close()
