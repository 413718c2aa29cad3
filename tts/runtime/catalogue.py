"""The voices that come with the package, by name."""

from pathlib import Path

from tts.errors import InputError

FOLDER = Path(__file__).parents[1] / "voices"
DEFAULT_VOICE = "linnet"
CARD_FILE = "README.md"


def shipped_voices() -> list[Path]:
    """Their folders, the default first."""
    folders = (path.parent for path in FOLDER.glob(f"*/{CARD_FILE}"))
    return sorted(folders, key=lambda folder: (folder.name != DEFAULT_VOICE, folder.name))


def find_voice(name_or_folder: Path | str) -> Path:
    """The folder of a shipped voice, or ``name_or_folder`` itself. Raises ``InputError`` when there is neither."""
    folder = Path(name_or_folder)
    if folder.is_dir():
        return folder
    shipped = {path.name: path for path in shipped_voices()}
    if str(name_or_folder) not in shipped:
        names = ", ".join(shipped)
        raise InputError(
            f"voice {str(name_or_folder)!r}", "is no folder and no voice of this package", f"it has {names}"
        )
    return shipped[str(name_or_folder)]


def describe(folder: Path) -> str:
    """A shipped voice in a line or two."""
    from tts.runtime.contract import MANIFEST_FILE  # Pydantic and ONNX Runtime, which a name does not need
    from tts.runtime.voice import read_manifest

    manifest = read_manifest(folder / MANIFEST_FILE)
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    speakers = f"speakers {', '.join(manifest.speakers)}" if len(manifest.speakers) > 1 else "one speaker"
    line = f"{folder.name}: {manifest.language}, {speakers}, {manifest.sample_rate} Hz, {megabytes:.0f} MB"
    return f"{line}, {', '.join(manifest.variants())}\n  {manifest.licence}\n  {folder / CARD_FILE}"
