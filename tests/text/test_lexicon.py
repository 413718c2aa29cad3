from pathlib import Path

import pytest

from tts.config.errors import InputError
from tts.text.lexicon import cmu_lexicon, parse_lexicon, write_lexicon


def test_a_lexicon_survives_its_file(tmp_path: Path) -> None:
    lexicon = {"a": ["AH0", "EY1"], "café": ["K AE0 F EY1"]}
    write_lexicon(tmp_path / "lexicon.txt", lexicon)
    assert parse_lexicon((tmp_path / "lexicon.txt").read_bytes(), "lexicon.txt") == lexicon


@pytest.mark.parametrize("bad", ["hello", "hello ", " HH AH0", ""])
def test_a_word_without_phones_is_named_with_its_line(bad: str) -> None:
    with pytest.raises(InputError, match=rf"lexicon.txt:2: '{bad}' is not a line with a word and its phones"):
        parse_lexicon(f"a AH0\n{bad}\nb B IY1\n".encode(), "lexicon.txt")


@pytest.mark.parametrize("content", [b"a AH0\nhello HH AH0", b"caf\xe9 K AE0\n"])
def test_a_lexicon_cut_short_or_garbled_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"lexicon.txt"):
        parse_lexicon(content, "lexicon.txt")


def test_cmudict_is_lower_case_with_stress() -> None:
    assert cmu_lexicon()["hello"] == ["HH AH0 L OW1", "HH EH0 L OW1"]
