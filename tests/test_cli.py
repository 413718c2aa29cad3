import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest

from tts.cli import Linnet, StandardOutput, _extra_with, main

WHILE_LOADED = """
import signal, sys
from tts.start import main

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.modules["tts.cli"] = None  # cannot be imported
try:
    main()
except ImportError:
    signal.raise_signal(signal.SIGINT)
"""
IN_A_LOG = """
from tts.cli import main
main(["voices"], standalone_mode=False)
from tqdm import tqdm
for _ in tqdm(range(3)):
    pass
"""


@pytest.mark.slow
def test_short_work_draws_no_bar_into_a_log() -> None:
    done = subprocess.run([sys.executable, "-c", IN_A_LOG], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("linnet") and not done.stderr


WAITING = """
import os
from tts.cli import main
main(["voices"], standalone_mode=False)
print(os.environ["OMP_WAIT_POLICY"])
"""


@pytest.mark.slow
def test_waiting_threads_sleep_unless_the_user_says_otherwise() -> None:
    others = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    for users, expected in (({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")):
        command = [sys.executable, "-c", WAITING]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=others | users)
        assert done.stdout.splitlines()[-1] == expected


REQUIREMENTS = [
    "numpy>=1.26",
    'lightning-fabric>=2.5; extra == "dev"',  # "dev" holds all of "train"
    'pytest>=8.3; extra == "dev"',
    'torch>=2.11; extra == "dev"',
    'lightning-fabric>=2.5; extra == "train"',
    'torch>=2.11; extra == "train"',
]


@pytest.mark.parametrize(
    ("module", "extra"), [("torch.nn", "train"), ("lightning_fabric", "train"), ("numpy", ""), ("tor", "")]
)
def test_the_extra_that_brings_a_module(module: str, extra: str) -> None:
    assert _extra_with(module, REQUIREMENTS) == extra


@pytest.mark.parametrize(
    ("module", "said"),
    [("torch", "package 'torch': is not installed; pip install \"linnet-tts[train]\""), ("x", "a library: cannot be")],
)
def test_a_package_that_is_missing_is_named_with_its_extra(
    module: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def demo() -> None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setitem(main.commands, "demo", click.Command("demo", callback=demo))
    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    assert ended.value.code == 2 and said in capsys.readouterr().err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Where a shell started the tests in the background, Python ignores SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_the_command_has_begun(number: signal.Signals, code: int) -> None:
    class Waits(click.ParamType):
        def convert(self, *_: object) -> object:
            signal.raise_signal(number)
            raise AssertionError

    group = Linnet("tts", params=[click.Option(["--when"], type=Waits())])
    with pytest.raises(SystemExit) as end:
        group.main(["--when", "now"])
    assert end.value.code == code


@pytest.mark.usefixtures("interruptible")
def test_what_a_library_makes_of_a_signal_is_still_a_signal() -> None:
    """Extensions of numpy that it interrupts while they are imported report a recursion."""

    @click.command()
    def swallows() -> None:
        with suppress(BaseException):
            signal.raise_signal(signal.SIGTERM)
        raise RecursionError

    with pytest.raises(SystemExit) as end:
        Linnet("tts", commands=[swallows]).main(["swallows"])
    assert end.value.code == 143


@pytest.mark.skipif(sys.platform == "win32", reason="signals end processes otherwise there")
def test_ctrl_c_while_the_program_is_loaded_ends_it_in_silence() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WHILE_LOADED], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == -signal.SIGINT and not ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_standard_output_is_named_whoever_prints() -> None:
    with StandardOutput("/dev/full", "w") as file, pytest.raises(OSError) as failed:
        file.write(b"much")
    assert failed.value.filename == "standard output"


@pytest.mark.parametrize("said", ["could not create a primitive", "DefaultCPUAllocator: can't allocate memory"])
def test_libraries_that_lack_memory_are_one_line(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def demo() -> None:
        raise RuntimeError(said)

    monkeypatch.setitem(main.commands, "demo", click.Command("demo", callback=demo))
    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    assert ended.value.code == 2 and capsys.readouterr().err.startswith("tts demo: memory: there is not enough of it")


@pytest.mark.slow
def test_a_process_number_that_is_none_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tts.cli", "train", "acoustic", str(tmp_path), str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LOCAL_RANK": "x"})
    assert done.returncode == 2
    assert done.stderr == "tts train: environment variable LOCAL_RANK: is 'x', not a number; unset it\n"


def test_other_faults_of_ours_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def demo() -> None:
        raise RuntimeError("a fault")

    monkeypatch.setitem(main.commands, "demo", click.Command("demo", callback=demo))
    with pytest.raises(RuntimeError, match="a fault"):
        main(["demo"])
