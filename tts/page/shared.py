"""What every page of this project shares, however it reaches a browser: its look, how it plays, how it saves.

The scripts are plain ones, not modules: a page opened from disk may not load modules.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("style.css", "icon.svg", "player.js", "wav.js")


def shared_files() -> dict[str, bytes]:
    """Name to content."""
    return {name: (FOLDER / name).read_bytes() for name in FILES}
