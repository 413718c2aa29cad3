"""The voices that come with the package, by name."""

from pathlib import Path

from tts.errors import InputError

FOLDER = Path(__file__).parents[1] / "voices"
DEFAULT_VOICE = "linnet"
NATURAL_VOICE = "linnet-natural"  # of people: recordings are nearer to it, and are begun with and aligned by it
CARD_FILE = "README.md"


def shipped_voices() -> list[Path]:
    """Their folders, the default first."""
    folders = (path.parent for path in FOLDER.glob(f"*/{CARD_FILE}"))
    return sorted(folders, key=lambda folder: (folder.name != DEFAULT_VOICE, folder.name))


def find_voice(name_or_folder: Path | str) -> Path:
    """The folder of a voice here, else the shipped voice of that name. Raises ``InputError`` when there is neither.

    A folder that only has the name of a shipped voice, as after ``git clone``, does not hide it.
    """
    from tts.runtime.contract import MANIFEST_FILE  # Pydantic, which --help does not need

    folder, shipped = Path(name_or_folder), {path.name: path for path in shipped_voices()}
    if str(name_or_folder) in shipped and not (folder / MANIFEST_FILE).is_file():
        return shipped[str(name_or_folder)]
    if not folder.is_dir():
        where = f"voice {str(name_or_folder)!r}"
        raise InputError(where, "is neither a folder nor a voice of this package", f"it has {', '.join(shipped)}")
    return folder


def describe(folder: Path) -> str:
    """A shipped voice in a line or two."""
    from tts.runtime.contract import MANIFEST_FILE
    from tts.runtime.folder import read_manifest

    manifest = read_manifest(folder / MANIFEST_FILE)
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    speakers = f"speakers {', '.join(manifest.speakers)}" if len(manifest.speakers) > 1 else "one speaker"
    line = f"{folder.name}: {manifest.language}, {speakers}, {manifest.sample_rate} Hz, {megabytes:.0f} MB"
    return f"{line}, {', '.join(manifest.variants())}\n  {manifest.licence}\n  {folder / CARD_FILE}"
