"""What reads text for a voice."""

from pathlib import Path

import pytest
from level_voice import write_level_voice

from tts.errors import InputError
from tts.files.digest import file_sha256
from tts.runtime.contract import LEXICON_FILE, MANIFEST_FILE
from tts.runtime.folder import open_front_end, read_manifest
from tts.text.lexicon import pack_lexicon


@pytest.mark.slow
def test_a_lexicon_that_came_along_reads_where_gruut_cannot(tmp_path: Path) -> None:
    voice = write_level_voice(tmp_path / "voice", front_end="gruut")
    manifest = read_manifest(voice / MANIFEST_FILE).model_copy(update={"language": "xx-xx"})  # no package reads that
    with pytest.raises(InputError, match="xx-xx"):
        open_front_end(voice, manifest)("hello")
    (voice / LEXICON_FILE).write_bytes(pack_lexicon({"hello": ["HH AH0 L OW1"]}))
    manifest = manifest.model_copy(update={"sha256": {LEXICON_FILE: file_sha256(voice / LEXICON_FILE)}})
    (sentence,) = open_front_end(voice, manifest)("Hello!")
    assert [word.phones for word in sentence.words] == [("HH", "AH0", "L", "OW1")]
