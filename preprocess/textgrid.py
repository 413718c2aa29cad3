"""TextGrids, read with praatio, as a row of phones without gaps."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from praatio import textgrid
from praatio.utilities.errors import PraatioException

from tts.errors import InputError
from tts.text.inventory import PAUSE

# What aligners write, with or without angle brackets, where nothing is said; spn is the Montreal Forced Aligner's label
# for the sounds of a word it does not know.
SILENCES = frozenset({"", "sil", "sp", "spn", "ssil", "silence", "pau", "pause", "eps", "#", "h#", "_", "-", "nsn"})
TOUCHING_S = 1e-4  # s, intervals that overlap by less are merely rounded


class Interval(NamedTuple):
    start_s: float
    end_s: float
    label: str


class Alignment(NamedTuple):
    """The two tiers. ``words`` is empty where the file has no such tier."""

    words: list[Interval]
    phones: list[Interval]


def is_silence(label: str) -> bool:
    return label.strip("<>").lower() in SILENCES


def read_textgrid(path: Path, speaker: str) -> Alignment:
    """The tiers ``words`` and ``phones``, or, as for several speakers in one file, ``SPEAKER - words`` and so on.

    Raises ``InputError`` for a file that is missing or unreadable, has no phones tier, or has intervals out of order.
    """
    if not path.is_file():
        raise InputError(path, "TextGrid is missing", "align the corpus, or name another folder with --textgrids")
    try:
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True, reportingMode="silence")
    except (PraatioException, OSError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise InputError(path, f"is not a TextGrid that can be read ({error or type(error).__name__})") from None
    words, phones = (_find_tier(path, grid, speaker, kind) for kind in ("words", "phones"))
    if phones is None:
        raise InputError(path, f"has no tier 'phones', only {', '.join(grid.tierNames) or 'none'}")
    return Alignment(_read_tier(path, words) if words else [], _read_tier(path, phones))


def render_textgrid(alignment: Alignment, audio_s: float) -> bytes:
    """The content of a TextGrid with both tiers, from 0 to ``audio_s``; what lies between intervals is empty."""
    grid = textgrid.Textgrid(0.0, audio_s)
    for name, intervals in zip(Alignment._fields, alignment, strict=True):
        grid.addTier(textgrid.IntervalTier(name, intervals, 0.0, audio_s))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "TextGrid"
        grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)
        return path.read_bytes()


def lay_out(
    path: Path, phones: Sequence[Interval], audio_s: float, tolerance_s: float
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Phones that follow each other from 0 to ``audio_s``, a ``PAUSE`` first and last: labels (P,) and ends (P,) in s.

    Gaps, and what the tier leaves out at the end, become pauses, and neighbouring pauses one. Raises ``InputError``
    when there is no phone, or a phone ends more than ``tolerance_s`` after the audio; pauses may, and are cut.
    """
    spoken = [phone for phone in phones if not is_silence(phone.label)]
    if not spoken:
        raise InputError(path, "holds no phones, only silence")
    last = spoken[-1]
    if last.end_s > audio_s + tolerance_s:
        what = f"phone {last.label!r} ends at {last.end_s:.3f} s, after the audio, which ends at {audio_s:.3f} s"
        raise InputError(path, what, "align the utterance again")
    labels, ends = [PAUSE], [spoken[0].start_s]
    for phone in spoken:
        if phone.start_s > ends[-1] + TOUCHING_S:
            labels.append(PAUSE)
            ends.append(phone.start_s)
        labels.append(phone.label)
        ends.append(phone.end_s)
    return [*labels, PAUSE], np.maximum.accumulate(np.minimum([*ends, audio_s], audio_s))


def _find_tier(path: Path, grid: textgrid.Textgrid, speaker: str, kind: str) -> textgrid.IntervalTier | None:
    names = [name for name in grid.tierNames if name.lower().split(" - ")[-1].strip() == kind]
    if len(names) > 1:
        names = [name for name in names if name.lower() in (kind, f"{speaker} - {kind}".lower())]
    if len(names) > 1 or (names and not isinstance(grid.getTier(names[0]), textgrid.IntervalTier)):
        raise InputError(path, f"needs one interval tier {kind!r} for speaker {speaker!r}")
    return grid.getTier(names[0]) if names else None


def _read_tier(path: Path, tier: textgrid.IntervalTier) -> list[Interval]:
    intervals: list[Interval] = []
    for start_s, end_s, label in tier.entries:
        if start_s < 0 or end_s <= start_s or (intervals and start_s < intervals[-1].end_s - TOUCHING_S):
            raise InputError(path, f"{tier.name}: interval {label!r} at {start_s:.3f} s overlaps or is out of order")
        intervals.append(Interval(start_s, end_s, label.strip()))
    return intervals
