from collections.abc import Iterator
from pathlib import Path

import pytest

from tts.config.root import Config
from tts.training.metrics_log import MetricsLog
from tts.training.run_dir import RunDir


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunDir]:
    with RunDir.open(tmp_path / "run", Config(), "acoustic") as run:
        yield run


@pytest.fixture
def metrics_log(run: RunDir) -> Iterator[MetricsLog]:
    log = MetricsLog(run, step=0)
    yield log
    log.close()
