"""Names from outside that become names of files: they name something in a folder, and never lead out of it."""

from pathlib import Path

from tts.errors import InputError

LONGEST_NAME = 200  # bytes; file systems allow 255, of which suffixes need some
DIVIDERS = "/\\"


def check_name(name: str, kind: str, where: object) -> None:
    """Raise ``InputError`` unless ``name`` can name a file on any system and stays in the folder that it is put in.

    kind: what it names, such as "id". where: where a person finds it.
    """
    fault = ""
    if not name or name in (".", "..") or name != name.strip():
        fault = "names no file"
    elif any(divider in name for divider in DIVIDERS):
        fault = "leads to another folder"
    elif not name.isprintable():
        fault = "holds characters that cannot be seen"
    elif len(name.encode(errors="surrogatepass")) > LONGEST_NAME:
        fault = f"is longer than {LONGEST_NAME} bytes"
    if fault:
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        raise InputError(where, f"{kind} {shown!r} {fault}", "use letters, digits, '.', '-' and '_'")


def inside(folder: Path, *names: str) -> Path:
    """``folder/NAME/...``. Raises ``InputError`` for a name that would lead out of ``folder``."""
    for name in names:
        check_name(name, "name", folder)
    return folder.joinpath(*names)
