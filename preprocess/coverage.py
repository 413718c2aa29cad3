"""Which phones a corpus has, beside those its front end says."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from preprocess.measure import Finding, Measurement
from preprocess.textgrid import UNKNOWN
from tts.config.root import Config
from tts.config.text import TextConfig
from tts.text.arpabet import CONSONANTS, VOWELS
from tts.text.front_end import corpus_front_end
from tts.text.gruut_front_end import gruut_phones
from tts.text.inventory import without_stress


def check_phones(measurements: Sequence[Measurement], config: Config) -> Iterator[Finding]:
    """Phones of the TextGrids that the front end never says, and those it says that are rare in the corpus."""
    strange: defaultdict[str, list[Measurement]] = defaultdict(list)
    for m in measurements:
        for phone in never_said(m.alignment.phones, config.text) if m.alignment else ():
            strange[phone].append(m)
    front_end = f"name the corpus's own front end with text.front_end (now {config.text.front_end!r})"
    hint = f"{front_end}, or correct the TextGrids"
    for phone, holders in sorted(strange.items()):
        what = f"phone {phone!r} is not one of the front end's; it is in {len(holders)} TextGrid(s)"
        where = _line_of(holders[0].utterance.textgrid, phone)
        yield Finding("warning", "phones", where, what, hint, holders[0].utterance.id)
    counts = count_phones(measurements)
    for phone in sorted(front_end_phones(config.text)):
        if counts[phone] < config.doctor.phone_count and counts:
            what = (
                f"phone {phone!r} is heard {counts[phone]} time(s)" if counts[phone] else f"phone {phone!r} is absent"
            )
            yield Finding(
                "warning",
                "coverage",
                "corpus",
                what,
                "record sentences that have it, if the voice needs it",
            )


def count_phones(measurements: Sequence[Measurement]) -> Counter[str]:
    """Without stress; of the TextGrids, or, where there are none, of the transcripts as the front end says them."""
    aligned = [m.alignment.phones for m in measurements if m.alignment]
    counts: Counter[str] = Counter()
    for phones in aligned or [m.said for m in measurements if m.said]:
        for phone, count in phones.items():
            counts[without_stress(phone)] += count
    return counts


def never_said(phones: Iterable[str], config: TextConfig) -> list[str]:
    """Those of ``phones``, with or without stress, that the front end never says, sorted. Unknown words don't count."""
    said = front_end_phones(config)
    return sorted(phone for phone in phones if said and phone != UNKNOWN and without_stress(phone) not in said)


@cache
def front_end_phones(config: TextConfig) -> frozenset[str]:
    """What the front end can say, without stress; empty where that is not known of its language."""
    if config.front_end.startswith("arpabet"):
        return frozenset([*VOWELS.values(), *CONSONANTS.values()])
    if config.front_end == "lexicon":
        listed = corpus_front_end(config).vocabulary().values()
        return frozenset(without_stress(phone) for phones in listed for phone in phones)
    if config.language.startswith("en"):
        return frozenset([*VOWELS, *CONSONANTS])
    return gruut_phones(config.language)


def _line_of(path: Path, label: str) -> str:
    """``path:line`` of the first interval with this label."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    number = next((number for number, line in enumerate(lines, start=1) if f'"{label}"' in line), 0)
    return f"{path}:{number}" if number else str(path)
