import gzip
import tracemalloc

import pytest

from tts.errors import InputError
from tts.text.lexicon import format_lexicon, pack_lexicon, parse_lexicon, unpack_lexicon

LEXICON = {"a": ["AH0", "EY1"], "café": ["K AE0 F EY1"]}
PACKED = pack_lexicon(LEXICON)


def test_a_lexicon_survives_its_file() -> None:
    limit = len(format_lexicon(LEXICON))
    assert unpack_lexicon(PACKED, limit, "lexicon.txt.gz") == LEXICON
    with pytest.raises(InputError, match=rf"lexicon.txt.gz: unpacks to more than the {limit - 1} bytes"):
        unpack_lexicon(PACKED, limit - 1, "lexicon.txt.gz")


@pytest.mark.parametrize("packed", [b"", b"a AH0\n", PACKED[:-1], PACKED[:20], PACKED + b"\n", PACKED + PACKED])
def test_what_is_no_whole_gzip_file_is_refused(packed: bytes) -> None:
    with pytest.raises(InputError, match=r"^lexicon\.txt\.gz: [^\n]*$"):
        unpack_lexicon(packed, 1000, "lexicon.txt.gz")


def test_a_bomb_does_not_go_off() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks to more"):
        unpack_lexicon(bomb, 1000, "lexicon.txt.gz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("bad", ["hello", "hello ", " HH AH0", ""])
def test_a_word_without_phones_is_named_with_its_line(bad: str) -> None:
    with pytest.raises(InputError, match=rf"lexicon.txt:2: '{bad}' is not a line with a word and its phones"):
        parse_lexicon(f"a AH0\n{bad}\nb B IY1\n".encode(), "lexicon.txt")


@pytest.mark.parametrize("content", [b"a AH0\nhello HH AH0", b"caf\xe9 K AE0\n"])
def test_a_lexicon_cut_short_or_garbled_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"lexicon.txt"):
        parse_lexicon(content, "lexicon.txt")
