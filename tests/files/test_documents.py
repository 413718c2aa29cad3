from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts.errors import InputError
from tts.files.documents import LARGEST_YAML, parse_json, parse_yaml, read_document

BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{left}: &{left} [{', '.join([f'*{right}'] * 8)}]\n" for right, left in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "deep": ("[" * 1_000, "nested too deeply"),
    "deep and closed": ("[" * 100 + "]" * 100, "nested too deeply"),
    "digits": ("1" * 5000, "digits"),
    "fewer digits": ("1" * 50, "too many digits"),
    "half a character": ('"\\ud800"', "half a character"),
    "utf-16": ("{}".encode("utf-16"), "not UTF-8"),
    "nul": ("\0", ""),
    "nothing closed": ("{", ""),
}


@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(parse: object, what: str) -> None:
    content, reason = REFUSED[what]
    with pytest.raises(InputError, match=f"where: is not valid .*{reason}") as refused:
        parse(content, "where")  # type: ignore[operator]
    assert len(str(refused.value)) < 300 and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "holds too much"),
        ("1: a\nb: c", "not text"),
        ("{[]: 1}", "YAML"),
        ("x" * (LARGEST_YAML + 1), "larger"),
        ("{a: " * 65 + "1" + "}" * 65, "nested too deeply"),
        ("- " * 65 + "1", "nested too deeply"),
        ('a: !!int ""', "tag"),
        ("a: !!bool x", "tag"),
    ],
)
def test_yaml_that_is_refused(content: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parse_yaml(content, "where")


def test_nesting_like_that_of_a_config_is_read() -> None:
    for opened, closed in (("[", "]"), ("{a: ", "}")):
        assert parse_yaml(opened * 60 + "1" + closed * 60, "where")


def test_a_byte_order_mark_is_none_of_the_content() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": [1, 2.5, null]}', "where") == {"a": [1, 2.5, None]}
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "where") == {"a": 1}


@settings(max_examples=20)
@given(st.binary(max_size=100) | st.text(max_size=100))
def test_anything_is_read_or_refused(content: bytes | str) -> None:
    for parse in (parse_json, parse_yaml):
        try:
            parse(content, "where")
        except InputError as refused:
            assert "\n" not in str(refused)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(No such file"):
        read_document(tmp_path / "none")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\); it is a folder"):
        read_document(tmp_path)
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(InputError, match="larger than the 10 bytes"):
        read_document(tmp_path / "large", 10)
