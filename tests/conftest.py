"""What many tests share: a small spoken corpus, its features, and real speech where it is present."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium, find_chromium
from hypothesis import HealthCheck, settings

# One test process per core is quicker than threads inside each; read by torch when it is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import tts.onnx_runtime  # noqa: F401  # before a test loads the library itself
from tts.config.loader import load_config
from tts.config.root import Config

# The same examples every time, and no opinion on how fast the machine is.
settings.register_profile(
    "linnet", max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("linnet")

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What these tests remember of voices is theirs alone."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["LINNET_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def corpus_data() -> Path:
    """The optional folder of real speech: ``LINNET_DATA``, or ``shared/data`` beside the repository."""
    folder = Path(os.environ.get("LINNET_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no folder of real speech")
    return folder


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A headless browser with a profile of its own."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium")
    with Chromium(program, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    return load_config([REPOSITORY / "configs" / "tiny.yaml"])


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve spoken sentences with exact TextGrids."""
    from tts.demo.corpus import make_corpus

    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder, 12)
    return folder


@pytest.fixture(scope="session")
def tiny_features(tiny_corpus: Path, tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from preprocess.pipeline import run

    folder = tmp_path_factory.mktemp("features") / "tiny"
    run(tiny_corpus, folder, tiny_config, workers=1)
    return folder


@pytest.fixture(scope="session")
def tiny_voice(tiny_features: Path, tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice trained for some steps: it speaks, though no one would understand it."""
    from tts.export.bundle import export_voice
    from tts.training.acoustic_task import train_acoustic
    from tts.training.vocoder_task import train_vocoder

    folder = tmp_path_factory.mktemp("voice")
    train_acoustic(tiny_features, folder / "acoustic", tiny_config)
    train_vocoder(tiny_features, folder / "vocoder", tiny_config)
    export_voice(folder / "acoustic", folder / "vocoder", folder / "tiny", name="tiny")
    return folder / "tiny"
