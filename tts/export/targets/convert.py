"""An exported voice in the form that another program reads: whole, checked against the voice, or not there at all."""

from pathlib import Path

from tts.export.targets.target import Target
from tts.export.voice_graphs import read_voice_graphs
from tts.files.whole import whole_folder
from tts.names import TARGETS, Variant, find


def convert(voice: Path, target: str, folder: Path, variant: Variant | None = None) -> str:
    """Writes the voice folder ``voice`` into ``folder`` as ``target`` reads it. Returns what was done, in words.

    Raises ``InputError`` for a damaged voice, one that the target cannot speak, and a folder in the way.
    """
    chosen: Target = find(TARGETS[target])
    chosen.check()
    with whole_folder(folder) as partial:
        note = chosen.write(read_voice_graphs(voice, variant), partial)
    return f"{note}\nvoice written to {folder}"
