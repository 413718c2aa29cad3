from pathlib import Path

import pytest

from tts.config.errors import InputError
from tts.text.lexicon import cmu_lexicon, read_lexicon, write_lexicon


def test_a_lexicon_survives_its_file(tmp_path: Path) -> None:
    lexicon = {"a": ["AH0", "EY1"], "café": ["K AE0 F EY1"]}
    write_lexicon(tmp_path / "lexicon.txt", lexicon)
    assert read_lexicon(tmp_path / "lexicon.txt") == lexicon


def test_a_word_without_phones_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("a AH0\nhello\n")
    with pytest.raises(InputError, match=r"lexicon.txt:2: 'hello' is not a word and its phones"):
        read_lexicon(tmp_path / "lexicon.txt")


def test_a_missing_lexicon_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as a lexicon"):
        read_lexicon(tmp_path / "lexicon.txt")


def test_cmudict_is_lower_case_with_stress() -> None:
    assert cmu_lexicon()["hello"] == ["HH AH0 L OW1", "HH EH0 L OW1"]
