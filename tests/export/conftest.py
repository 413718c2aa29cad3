import pytest
from untrained_parts import make_parts

from tts.config.acoustic import PostnetConfig
from tts.config.root import Config
from tts.export.bundle import VoiceParts


@pytest.fixture
def parts(tiny_config: Config) -> VoiceParts:
    """One speaker, pitch and energy per phone."""
    return make_parts(tiny_config, tiny_config.acoustic, ("one",))


@pytest.fixture
def frame_level_parts(tiny_config: Config) -> VoiceParts:
    """Two speakers, pitch and energy per frame, a postnet."""
    changed = {
        "pitch": tiny_config.acoustic.pitch.model_copy(update={"level": "frame"}),
        "energy": tiny_config.acoustic.energy.model_copy(update={"level": "frame"}),
        "postnet": PostnetConfig(n_layers=2, channels=16),
    }
    return make_parts(tiny_config, tiny_config.acoustic.model_copy(update=changed), ("one", "two"))
