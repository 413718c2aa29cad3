"""The same sentence said in other ways, by a voice with a variational prosody."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from untrained_voice import TEXT, write_untrained_voice

from tts.cli import main
from tts.config.acoustic import ProsodyConfig
from tts.config.root import Config
from tts.errors import InputError
from tts.runtime.synthesizer import join
from tts.runtime.voice import Voice


@pytest.fixture(scope="module")
def voice(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Voice:
    prosody = ProsodyConfig(size=3, channels=8)
    acoustic = tiny_config.acoustic.model_copy(update={"prosody": prosody})
    config = tiny_config.model_copy(update={"acoustic": acoustic})
    return Voice.load(write_untrained_voice(tmp_path_factory.mktemp("varied") / "voice", config))


@pytest.mark.slow
def test_a_seed_says_it_in_one_way_and_another_one_otherwise(voice: Voice) -> None:
    plain = voice.synthesize(TEXT)
    np.testing.assert_array_equal(voice.synthesize(TEXT, variation=0.0, seed=3).audio, plain.audio)
    once, again, other = (voice.synthesize(TEXT, variation=1.0, seed=seed).audio for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    for different in (plain.audio, other):
        n = min(len(once), len(different))
        assert np.abs(once[:n] - different[:n]).max() > 1e-3
    np.testing.assert_allclose(join(voice.stream(TEXT, variation=1.0, seed=1)).audio, once, atol=1e-5)


def test_a_sentence_is_varied_alike_wherever_it_stands(voice: Voice) -> None:
    last = list(voice.compose(TEXT, variation=1.0, seed=1))[-1]
    (alone,) = voice.synthesizer.compose([last.script], 0, voice._task({"variation": 1.0, "seed": 1}).controls)
    np.testing.assert_array_equal(alone.mel, last.mel)


def test_a_voice_without_says_so(speaking: Voice, untrained_voice: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="says a sentence in one way only; leave out the variation"):
        speaking.synthesize(TEXT, variation=0.5)
    with pytest.raises(InputError, match="variation: 3 is not between 0 and 2"):
        speaking.synthesize(TEXT, variation=3.0)
    with pytest.raises(InputError, match="seed: -1 is negative"):
        speaking.synthesize(TEXT, seed=-1)
    arguments = ["synthesize", TEXT, "--voice", str(untrained_voice), "--variation", "1", "-o", str(tmp_path / "s.wav")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2 and "in one way only" in result.stderr
