"""Names from outside that become names of files: they name something in a folder, and never lead out of it."""

import unicodedata
from pathlib import Path

from tts.errors import InputError

LONGEST_NAME = 200  # bytes; file systems allow 255, of which suffixes need some
DIVIDERS = "/\\"
# Corpora and voices travel between systems. Windows refuses these; after ":" it reads a drive, or a hidden stream.
FORBIDDEN = frozenset('<>:"|?*')
# What Windows opens in place of a file of that name, with any suffix.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")})


def check_name(name: str, kind: str, where: object) -> None:
    """Raise ``InputError`` unless ``name`` can name a file on any system and stays in the folder that it is put in.

    kind: what it names, such as "id". where: where a person finds it.
    """
    if fault := _fault(name):
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        raise InputError(where, f"{kind} {shown!r} {fault}", "use letters, digits, '.', '-' and '_'")


def inside(folder: Path, *names: str) -> Path:
    """``folder/NAME/...``. Raises ``InputError`` for a name that would lead out of ``folder``."""
    for name in names:
        check_name(name, "name", folder)
    return folder.joinpath(*names)


def as_file(name: str) -> str:
    """The same for all names that are one file on Windows or macOS, which ignore case and how accents are written."""
    return unicodedata.normalize("NFC", name).casefold()


def _fault(name: str) -> str:
    """Why it cannot name a file, if it cannot."""
    if not name or name in (".", "..") or name != name.strip():
        return "names no file"
    if any(divider in name for divider in DIVIDERS):
        return "leads to another folder"
    if not name.isprintable():
        return "holds characters that cannot be seen"
    if len(name.encode(errors="surrogatepass")) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} bytes"
    if forbidden := sorted(FORBIDDEN & set(name)):
        return f"holds {forbidden[0]!r}, which Windows does not allow in names of files"
    if name.partition(".")[0].strip().casefold() in DEVICES:
        return "is the name of a device on Windows"
    return "ends with a dot, which Windows leaves out" if name.endswith(".") else ""
