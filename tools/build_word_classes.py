"""Builds the table of word classes of the package: python -m tools.build_word_classes BRILL [OUT].

BRILL is ``en-lexicon.txt``, the lexicon of Brill's tagger (MIT licence; ``textblob/en`` in the wheel of TextBlob holds
it): a word and its parts of speech a line, the usual one first. Kept are the words of our lexicon
whose class does not follow from their ending.
"""

from collections import defaultdict
from pathlib import Path

import click

from tts.text.english.pronunciations import known_words
from tts.text.english.word_classes import CLASSES_FILE, class_by_ending

CLASS_OF_TAG = {
    "NN": "n", "NNP": "n", "NNS": "s", "NNPS": "s", "VB": "v", "VBP": "v", "VBZ": "z", "VBD": "d", "VBN": "d",
    "VBG": "g", "JJ": "j", "JJR": "j", "JJS": "j", "RB": "r", "RBR": "r", "RBS": "r",
}  # fmt: skip


@click.command(help=__doc__)
@click.argument("brill", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path), default=CLASSES_FILE)
def main(brill: Path, out: Path) -> None:
    known, classes = known_words(), dict[str, str]()
    for line in brill.read_text(encoding="utf-8").splitlines():
        word, *tags = line.split()
        if word.islower() and word.isascii() and word.isalpha() and word in known:
            found = "".join(dict.fromkeys(CLASS_OF_TAG[tag] for tag in tags if tag in CLASS_OF_TAG))
            if found and found != class_by_ending(word):
                classes[word] = found
    words = defaultdict[str, list[str]](list)
    for word, found in sorted(classes.items()):
        words[found].append(word)
    out.write_text("".join(f"{found} {' '.join(words[found])}\n" for found in sorted(words)), encoding="utf-8")
    click.echo(f"{out}: {len(classes):,} words, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
