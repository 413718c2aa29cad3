"""TextGrids, read with praatio, as a row of phones without gaps."""

import tempfile
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from praatio import textgrid
from praatio.utilities.errors import PraatioException

from tts.errors import InputError
from tts.text.inventory import PAUSE

# What aligners write, with or without angle brackets, where nothing is said.
SILENCES = frozenset({"", "sil", "sp", "spn", "ssil", "silence", "pau", "pause", "eps", "#", "h#", "_", "-", "nsn"})
# The Montreal Forced Aligner's label for all the sounds of a word it does not know, and for noises between words.
UNKNOWN = "spn"
TOUCHING_S = 1e-4  # s, intervals that overlap by less are merely rounded
MAX_BYTES = 64 << 20  # an hour of speech has about 5 MB
NOT_READ = (
    PraatioException,
    OSError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    ArithmeticError,
    RecursionError,
)


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
    if not 0 < (size := path.stat().st_size) <= MAX_BYTES:
        what = f"is larger than the {MAX_BYTES:,} bytes that a TextGrid may have" if size else "is empty"
        raise InputError(path, what, "align the utterance again")
    try:
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True, reportingMode="silence")
    except NOT_READ as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(path, f"cannot be read as a TextGrid ({reason})", "align the utterance again") from None
    words, phones = (_find_tier(path, grid, speaker, kind) for kind in ("words", "phones"))
    if phones is None:
        raise InputError(path, f"has no tier 'phones', only {', '.join(map(str, grid.tierNames)) or 'none'}")
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
    path: Path, alignment: Alignment, audio_s: float, tolerance_s: float
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Phones that follow each other from 0 to ``audio_s``, a ``PAUSE`` first and last: labels (P,) and ends (P,) in s.

    Gaps, and what the tier leaves out at the end, become pauses, and neighbouring pauses one. The sounds of a word that
    the aligner does not know are the phone ``UNKNOWN``: they are speech. Raises ``InputError`` when there is no phone,
    or a phone ends more than ``tolerance_s`` after the audio; pauses may, and are cut.
    """
    spoken = spoken_phones(path, alignment)
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


def spoken_phones(path: Path, alignment: Alignment) -> list[Interval]:
    """The phones that are heard, those of unknown words as ``UNKNOWN``.

    Raises ``InputError`` for a word without phones: its sounds would be taken for a pause.
    """
    words = [word for word in alignment.words if not is_silence(word.label)]
    owners = owners_of(alignment.phones, words)
    spoken = []
    for phone, owner in zip(alignment.phones, owners, strict=True):
        if not is_silence(phone.label):
            spoken.append(phone)
        elif owner is not None and phone.label.strip("<>").lower() == UNKNOWN:
            spoken.append(phone._replace(label=UNKNOWN))
    if spoken and (silent := set(range(len(words))) - set(owners_of(spoken, words))):
        word = words[min(silent)]
        raise InputError(
            path, f"word {word.label!r} at {word.start_s:.3f} s has no phones", "align the utterance again"
        )
    return spoken


def owners_of(phones: Sequence[Interval], words: Sequence[Interval]) -> list[int | None]:
    """Which of ``words``, in order, the middle of each phone lies in."""
    starts = np.array([word.start_s for word in words])
    middles = np.array([(phone.start_s + phone.end_s) / 2 for phone in phones])
    candidates = np.searchsorted(starts, middles, side="right") - 1
    return [
        int(index) if index >= 0 and middle < words[index].end_s else None
        for index, middle in zip(candidates, middles, strict=True)
    ]


def _find_tier(path: Path, grid: textgrid.Textgrid, speaker: str, kind: str) -> textgrid.IntervalTier | None:
    names = [name for name in map(str, grid.tierNames) if name.lower().split(" - ")[-1].strip() == kind]
    if len(names) > 1:
        names = [name for name in names if name.lower() in (kind, f"{speaker} - {kind}".lower())]
    if len(names) > 1 or (names and not isinstance(grid.getTier(names[0]), textgrid.IntervalTier)):
        raise InputError(path, f"needs one interval tier {kind!r} for speaker {speaker!r}")
    return grid.getTier(names[0]) if names else None


def _read_tier(path: Path, tier: textgrid.IntervalTier) -> list[Interval]:
    intervals: list[Interval] = []
    for start_s, end_s, label in tier.entries:
        if not isinstance(label, str):
            raise InputError(path, f"{tier.name}: the label {label!r} is not text", "align the utterance again")
        if not (isfinite(start_s) and isfinite(end_s)):
            raise InputError(path, f"{tier.name}: interval {label!r} is at a time that is not a number")
        if start_s < 0 or end_s <= start_s or (intervals and start_s < intervals[-1].end_s - TOUCHING_S):
            raise InputError(path, f"{tier.name}: interval {label!r} at {start_s:.3f} s overlaps or is out of order")
        intervals.append(Interval(start_s, end_s, label.strip()))
    return intervals
