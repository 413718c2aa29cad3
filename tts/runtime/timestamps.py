"""When what is said, for other programs: JSON, SubRip (SRT), WebVTT or a TextGrid of Praat, as the suffix says."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path

from tts.errors import InputError
from tts.files.whole import write_file
from tts.runtime.speech import Span, Timeline, WordSpan

LONGEST_CUE = 84  # characters, two lines of a subtitle
CUE_GAP_S = 0.4  # s of a pause that begins a new cue


@dataclass(frozen=True)
class Cue:
    """A subtitle."""

    written: tuple[tuple[float, str], ...]  # when each stretch of it begins to be said, in s
    start_s: float
    end_s: float

    @property
    def text(self) -> str:
        return " ".join(written for _, written in self.written)


def check_suffix(path: Path) -> None:
    """Raises ``InputError`` for a file whose suffix names none of the formats."""
    if path.suffix.lower() not in WRITERS:
        raise InputError(path, "names no format of timestamps", f"end it in {', '.join(WRITERS)}")


def write_timestamps(path: Path, timeline: Timeline) -> None:
    """Raises ``InputError`` for another suffix, and where it cannot be written."""
    check_suffix(path)
    write_file(path, WRITERS[path.suffix.lower()](timeline).encode())


def stretches(words: Sequence[WordSpan]) -> Iterator[list[WordSpan]]:
    """The words that are said for the same stretch of the text."""
    for _, said in groupby(words, key=lambda word: (word.start, word.end)):
        yield list(said)


def as_json(timeline: Timeline) -> str:
    """``words`` as they are spoken, and ``spans``: the stretches of the text they are said for, to highlight."""
    spans = [
        {
            "text": said[0].written,
            "start": said[0].start,
            "end": said[0].end,
            "start_s": said[0].start_s,
            "end_s": said[-1].end_s,
            "words": [word.label for word in said],
        }
        for said in stretches(timeline.words)
    ]
    tree = {name: list(map(asdict, getattr(timeline, name))) for name in ("words", "phones", "marks", "unread")}
    return json.dumps({"spans": spans, **tree}, ensure_ascii=False, indent=1) + "\n"


def as_srt(timeline: Timeline) -> str:
    cues = (
        f"{number}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues_of(with_left_out(timeline)), start=1)
    )
    return "\n".join(cues)


def as_vtt(timeline: Timeline) -> str:
    """With the time of each word inside the cues."""
    blocks = ["WEBVTT\n"]
    for cue in cues_of(with_left_out(timeline)):
        (_, first), *others = ((at_s, _escape(written)) for at_s, written in cue.written)
        text = " ".join([first, *(f"<{_clock(at_s, '.')}>{written}" for at_s, written in others)])
        blocks.append(f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n{text}\n")
    return "\n".join(blocks)


def as_textgrid(timeline: Timeline) -> str:
    """Tiers of intervals ``words`` and ``phones`` in Praat's long format."""
    end_s = timeline.duration_s
    tiers = [_tier(1, "words", timeline.words, end_s), _tier(2, "phones", timeline.phones, end_s)]
    head = f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {end_s:.6f}\ntiers? <exists>\n'
    return f"{head}size = {len(tiers)}\nitem []:\n" + "".join(tiers)


WRITERS: dict[str, Callable[[Timeline], str]] = {
    ".json": as_json,
    ".srt": as_srt,
    ".vtt": as_vtt,
    ".textgrid": as_textgrid,
}


def with_left_out(timeline: Timeline) -> list[WordSpan]:
    """The words, and what had no reading written beside its neighbour: who reads along sees the whole text."""
    words = list(timeline.words)
    for part in timeline.unread:
        before = max((word.end for word in words if word.end <= part.start), default=None)
        for index, word in enumerate(words):
            if before is None and word.start == words[0].start:
                words[index] = replace(word, written=f"{part.text} {word.written}")
            elif word.end == before:
                words[index] = replace(word, written=f"{word.written} {part.text}")
    return words


def cues_of(words: Sequence[WordSpan]) -> Iterator[Cue]:
    """Cut at pauses, and before they are too long to be read."""
    cue: list[list[WordSpan]] = []
    for said in stretches(words):
        length = sum(len(stretch[0].written) + 1 for stretch in cue) + len(said[0].written)
        if cue and (said[0].start_s - cue[-1][-1].end_s >= CUE_GAP_S or length > LONGEST_CUE):
            yield _cue(cue)
            cue = []
        cue.append(said)
    if cue:
        yield _cue(cue)


def _cue(stretches: Sequence[Sequence[WordSpan]]) -> Cue:
    written = tuple((said[0].start_s, " ".join(said[0].written.split())) for said in stretches)
    return Cue(written, stretches[0][0].start_s, stretches[-1][-1].end_s)


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tier(number: int, name: str, spans: Sequence[Span], end_s: float) -> str:
    intervals = list(_without_gaps(spans, end_s))
    head = f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{name}"\n        xmin = 0\n'
    head += f"        xmax = {end_s:.6f}\n        intervals: size = {len(intervals)}\n"
    body = (
        f"        intervals [{index}]:\n            xmin = {start_s:.6f}\n            xmax = {after_s:.6f}\n"
        f'            text = "{label.replace(chr(34), chr(34) * 2)}"\n'
        for index, (start_s, after_s, label) in enumerate(intervals, start=1)
    )
    return head + "".join(body)


def _without_gaps(spans: Sequence[Span], end_s: float) -> Iterator[tuple[float, float, str]]:
    """Intervals from 0 to the end; those without any length, which Praat does not know, are left out."""
    reached = 0.0
    for span in spans:
        if span.start_s > reached:
            yield reached, span.start_s, ""
        if span.end_s > span.start_s:
            yield span.start_s, span.end_s, span.label
        reached = max(reached, span.end_s)
    if end_s > reached:
        yield reached, end_s, ""
