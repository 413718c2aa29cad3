from pathlib import Path

import pytest

from tts.errors import InputError
from tts.runtime.catalogue import DEFAULT_VOICE, find_voice, shipped_voices
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.voice import Voice


def test_the_default_voice_ships_and_is_listed_first() -> None:
    assert shipped_voices()[0] == find_voice(DEFAULT_VOICE)


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert find_voice(tmp_path) == tmp_path


def test_a_folder_that_has_the_name_of_a_shipped_voice_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / DEFAULT_VOICE).mkdir()  # as after git clone
    assert find_voice(DEFAULT_VOICE) == shipped_voices()[0]
    (tmp_path / DEFAULT_VOICE / MANIFEST_FILE).touch()
    assert find_voice(DEFAULT_VOICE) == Path(DEFAULT_VOICE)


def test_an_unknown_name_names_the_voices_there_are() -> None:
    with pytest.raises(InputError, match=f"'nobody'.*it has .*{DEFAULT_VOICE}"):
        find_voice("nobody")


@pytest.mark.parametrize("folder", shipped_voices(), ids=lambda folder: folder.name)
def test_a_shipped_voice_speaks(folder: Path) -> None:
    speech = Voice.load(folder.name).synthesize("Hello.")
    assert 0.2 < len(speech.audio) / speech.sample_rate < 3 and speech.audio.std() > 0.01
