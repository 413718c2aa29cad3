"""What people install: built twice alike, complete, small, and able to speak."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile
import yaml

REPOSITORY = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCES = ("tts", "preprocess", "configs")
FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "constraints.txt", ".gitignore")
LARGE = 300_000  # bytes; what is larger has to be expected
EXPECTED_LARGE = ("tts/voices/", "tts/text/english/lexicon.txt", "tts/text/english/guesser.onnx")
EPOCH = "1700000000"


def build(source: Path, folder: Path) -> Path:
    """Both distributions from a copy of the repository, whose files are all new. Returns where they are."""
    for name in SOURCES:
        shutil.copytree(REPOSITORY / name, source / name, copy_function=shutil.copyfile)
    for name in FILES:
        shutil.copyfile(REPOSITORY / name, source / name)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("dist"))


def contents(built: Path) -> dict[str, int]:
    """Name and size of every file in the wheel and in the source distribution, without their top folder."""
    (wheel,), (source,) = built.glob("*.whl"), built.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        sizes = {f"wheel:{member.filename}": member.file_size for member in archive.infolist()}
    with tarfile.open(source) as tar:
        sizes |= {f"source:{member.name.partition('/')[2]}": member.size for member in tar.getmembers()}
    return sizes


@pytest.mark.slow
def test_building_again_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "two", tmp_path / "dist")
    for file in built.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes(), file.name


@pytest.mark.slow
def test_what_is_in_it(built: Path) -> None:
    sizes = contents(built)
    for name in (
        "wheel:tts/cli.py",
        "wheel:preprocess/corpus.py",
        "wheel:tts/py.typed",
        "source:configs/ljspeech.yaml",
    ):
        assert name in sizes
    assert {name for name in sizes if name.endswith("LICENSE")} == {
        f"wheel:linnet_tts-{PROJECT['version']}.dist-info/licenses/LICENSE",
        "source:LICENSE",
    }
    shipped = {f"{kind}:{path.relative_to(REPOSITORY).as_posix()}" for kind in ("wheel", "source")
               for path in (REPOSITORY / "tts").rglob("*")
               if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    shipped |= {f"wheel:tts/recipes/{path.name}" for path in (REPOSITORY / "configs").glob("*.yaml")}
    assert shipped <= set(sizes)
    assert not [name for name in sizes if ":tests" in name or "__pycache__" in name or ":tools" in name]
    large = {name.partition(":")[2] for name, size in sizes.items() if size > LARGE}
    assert not [name for name in large if not name.startswith(EXPECTED_LARGE)]


@pytest.fixture
def installed(built: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``linnet`` of the wheel, in a folder that holds nothing else of ours."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    program = "import sys; from tts.cli import main; main(sys.argv[1:], prog_name='linnet')"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.mark.slow
def test_the_wheel_speaks_elsewhere(installed: Callable[..., Any], tmp_path: Path) -> None:
    assert installed("synthesize", "Hello.", "-o", "hello.wav").returncode == 0
    assert soundfile.info(tmp_path / "hello.wav").duration > 0.3


@pytest.mark.slow
def test_the_wheel_knows_its_recipes_by_name(installed: Callable[..., Any], tiny_corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()  # hides nothing
    command = ["preprocess", str(tiny_corpus), "features", "--workers", "1", "--config"]
    done = installed(*command, "tiny")
    assert done.returncode == 0, done.stderr
    assert installed("train", "acoustic", "features", "run", "--config", "tiny").returncode == 0
    done = installed(*command, "configs/tiny.yaml")
    assert done.returncode == 2 and "nor a recipe or voice of this package; it has hifigan, " in done.stderr


def test_names_that_do_not_collide() -> None:
    assert PROJECT["name"] == "linnet-tts"
    assert set(PROJECT["scripts"]) == {"linnet", "tts"} and len(set(PROJECT["scripts"].values())) == 1


def workflow(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((REPOSITORY / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return tree


def test_ci_runs_everything_on_what_is_supported() -> None:
    job = workflow("ci.yml")["jobs"]["all"]
    assert any(step.get("run") == ".ci/run" for step in job["steps"])
    pythons = job["strategy"]["matrix"]["python"]
    listed = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert pythons == listed
    assert len(job["strategy"]["matrix"]["system"]) == 3


def test_a_release_needs_no_password() -> None:
    publish = workflow("release.yml")["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"} and publish["environment"] == "pypi"
    assert not any("password" in str(step) for step in publish["steps"])
