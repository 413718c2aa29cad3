from pathlib import Path

import pytest
from untrained_voice import write_untrained_voice

from tts.config.root import Config
from tts.runtime.voice import Voice


@pytest.fixture(scope="session")
def untrained_voice(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Speaks the words of ``TEXT``, each phone some ``FRAMES_PER_PHONE`` frames long."""
    return write_untrained_voice(tmp_path_factory.mktemp("untrained") / "voice", tiny_config)


@pytest.fixture(scope="session")
def speaking(untrained_voice: Path) -> Voice:
    return Voice.load(untrained_voice)
