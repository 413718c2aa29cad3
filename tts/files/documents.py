"""Text, JSON and YAML from anywhere: read, or refused with one line."""

import io
import json
import sys
from pathlib import Path
from typing import Any

from tts.errors import InputError, system_error

DEEPEST = 64  # nestings
MOST_ENTRIES = 1_000_000  # what a YAML file repeats by reference counts as often as it is there
LARGEST_WHOLE = 1 << 63
LARGEST_FILE = 64 << 20  # bytes
LARGEST_TEXT = 1 << 30  # what people write; a device never ends
LARGEST_YAML = 1 << 20  # is read at a snail's pace


def read_document(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Raises ``InputError`` for a file that cannot be read, or is larger than any of ours."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # of a pipe it would wait for ever
        raise InputError(path, "is not a file", "remove it, and give the command again")
    return _content(path, largest)


def _content(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    if len(content) > largest:
        raise InputError(path, f"is larger than the {largest:,} bytes that such a file may have")
    return content


def read_text(path: Path) -> str:
    """A text that a person wrote, with or without a byte order mark. Raises ``InputError`` for a file that cannot be
    read, and with the line that is not UTF-8."""
    return _as_text(_content(path, LARGEST_TEXT), path)


def read_standard_input() -> str:
    """As ``read_text``, of what another program writes, with newlines of any kind."""
    try:
        content = sys.stdin.buffer.read()
    except OSError as error:
        raise system_error("standard input", "cannot be read", error) from None
    return io.StringIO(_as_text(content, "standard input"), newline=None).read()


def _as_text(content: bytes, where: object) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{where}:{line}", "is not UTF-8 text", "convert it to UTF-8") from None


def parse_json(content: str | bytes, where: object) -> Any:
    """Raises ``InputError`` for what is not JSON, and what no file of ours holds: numbers of thousands of digits, deep
    nesting, halves of characters."""
    try:
        return _checked(json.loads(_text(content)))
    except (ValueError, RecursionError) as error:
        raise InputError(where, f"is not valid JSON ({_reason(error)})") from None


def object_in(path: Path) -> dict[str, Any]:
    """Of a JSON file. Raises ``InputError`` for a file that cannot be read, or holds something else."""
    tree = parse_json(read_document(path), path)
    if not isinstance(tree, dict):
        raise InputError(path, "is not a JSON object", "delete it, and give the command again")
    return tree


def parse_yaml(content: str | bytes, where: object) -> Any:
    """As ``parse_json``, of YAML."""
    import yaml

    from tts.files.shallow_yaml import ShallowLoader

    try:
        if len(content) > LARGEST_YAML:
            raise ValueError(f"it is larger than {LARGEST_YAML:,} bytes")
        return _checked(ShallowLoader(_text(content), DEEPEST).get_single_data())
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, LookupError) as error:
        raise InputError(where, f"is not valid YAML ({_reason(error)})") from None


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode("utf-8-sig")


def _checked(tree: Any) -> Any:
    """Raises ``ValueError``."""
    pending, n_entries = [(tree, 1)], 0
    while pending:
        value, depth = pending.pop()
        n_entries += 1
        if depth > DEEPEST or n_entries > MOST_ENTRIES:
            raise ValueError("it is nested too deeply" if depth > DEEPEST else "it holds too much")
        if isinstance(value, str):
            value.encode()  # half a character has no bytes
        elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
            raise ValueError("it holds a number of too many digits")
        elif isinstance(value, dict):
            if strange := [key for key in value if not isinstance(key, str)]:
                raise ValueError(f"the key {str(strange[0])[:40]!r} is not text")
            pending += [(part, depth + 1) for entry in value.items() for part in entry]
        elif isinstance(value, list | tuple | set):
            pending += [(part, depth + 1) for part in value]
    return tree


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(error, UnicodeEncodeError):
        return "it holds half a character"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, LookupError):  # of a library that takes !!int and !!bool at their word
        return "a value is not of the type that its tag names"
    return " ".join(str(error).split())[:200] or type(error).__name__
