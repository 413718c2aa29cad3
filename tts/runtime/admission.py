"""Voices of strangers, before they speak here.

What would run is read first (``graph_file``), then all phones are spoken in a process of their own (``trial``). What
has passed, or was exported here, is remembered by its digest and opens at once from then on, as the package's do.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tts.errors import InputError
from tts.files.whole import write_file
from tts.names import Variant
from tts.runtime import catalogue
from tts.runtime.contract import VoiceManifest
from tts.runtime.folder import chosen_variant
from tts.runtime.trial import Trial, identity, try_out


def admit(
    folder: Path,
    manifest: VoiceManifest,
    variant: Variant | None = None,
    trial: Callable[[Path, Variant], Trial] = try_out,
) -> None:
    """Raises ``InputError`` for a voice that holds what no voice needs, takes too much, or ends the process.

    trial: of a voice that is not known.
    """
    variant = chosen_variant(manifest, variant)
    if folder.resolve().parent == catalogue.FOLDER or _mark(manifest, variant).exists():
        return
    if trial(folder, variant).identity != identity(manifest, variant):
        raise InputError(folder, "was changed while it was being opened", "open it again")
    remember(manifest)


def remember(manifest: VoiceManifest, *variants: Variant) -> None:
    """That these variants, by default the most exact, have spoken well here. Without a place to write to, they are
    tried again."""
    for variant in variants or manifest.variants()[:1]:
        mark = _mark(manifest, variant)
        with suppress(OSError, InputError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            write_file(mark, b"")


def _mark(manifest: VoiceManifest, variant: Variant) -> Path:
    return cache_folder() / "voices" / identity(manifest, variant)


def cache_folder() -> Path:
    """What may be deleted at any time."""
    if named := os.environ.get("LINNET_CACHE"):
        return Path(named)
    usual = {"win32": "~/AppData/Local", "darwin": "~/Library/Caches"}.get(sys.platform, "~/.cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser(usual)) / "linnet"  # noqa: PTH111 (never raises)
