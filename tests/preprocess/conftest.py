from pathlib import Path

import pytest
from tones import make_corpus

from tts.config.root import Config


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    return make_corpus(tmp_path / "tones")


@pytest.fixture
def config() -> Config:
    return Config.model_validate({"preprocess": {"utterances_per_shard": 2, "validation_share": 0.2}})
