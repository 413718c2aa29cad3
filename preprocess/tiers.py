"""Does a TextGrid's tier of words agree with its tier of phones? A part of the doctor."""

from collections.abc import Iterator, Sequence

from preprocess.measure import Finding, Measurement
from preprocess.textgrid import UNKNOWN
from tts.config.root import Config

UNKNOWN_FIX = "add the word to the aligner's dictionary, or align with 'tts align'"


def check_tiers(measurements: Sequence[Measurement], config: Config) -> Iterator[Finding]:
    """Words against phones: what the aligner did not know, and what it heard outside all words."""
    for m in measurements:
        where = str(m.utterance.textgrid)
        if m.alignment and (unknown := m.alignment.unknown):
            seconds = sum(word.end_s - word.start_s for word in unknown)
            what = f"has {len(unknown)} word(s) that the aligner did not know, {seconds:.2f} s, the first at "
            what += f"{unknown[0].start_s:.2f} s: their sounds become the phone {UNKNOWN!r}, which no text has"
            yield Finding("warning", "tiers", where, what, UNKNOWN_FIX, m.utterance.id, seconds)
        if m.alignment and (strays := m.alignment.without_word):
            what = f"has {len(strays)} phone(s) outside all words, the first {strays[0].label!r} at "
            what += f"{strays[0].start_s:.2f} s"
            yield Finding("warning", "tiers", where, what, "align the utterance again", m.utterance.id, len(strays))
