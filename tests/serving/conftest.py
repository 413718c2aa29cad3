from collections.abc import Iterator
from pathlib import Path

import pytest
from level_voice import write_level_voice
from running import Running, running_server


@pytest.fixture(scope="session")
def level_voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_level_voice(tmp_path_factory.mktemp("voices") / "levels", speakers=("ann", "ben"))


@pytest.fixture(scope="session")
def server(level_voice: Path) -> Iterator[Running]:
    with running_server(level_voice) as running:
        yield running
