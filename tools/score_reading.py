"""How many of a table of hard inputs are read as a person would: exact matches, and the others to be judged by eye.

    python tools/score_reading.py CASES.tsv

The table has columns category, input, expected; "\\n" in an input is a line break. Words are compared without regard to
case and apostrophes at their ends. Rows whose expectation is one of phones are left out.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.sentences import NothingToSayError

OF_PHONES = ("homographs", "oov-names")


def spoken(text: str, front_end: EnglishFrontEnd) -> str:
    """Sentences between bars; what has no reading in angle brackets."""
    try:
        sentences = front_end(text)
    except NothingToSayError:
        return f"<{text}>"
    said = (
        " ".join([*(word.text for word in sentence.words), *(f"<{part.text}>" for part in sentence.unread)])
        for sentence in sentences
    )
    return " | ".join(said)


def comparable(words: str) -> list[str]:
    return [word.strip("'").lower() for word in re.sub(r"[|()]", " ", words).split()]


def main(path: Path) -> None:
    front_end = EnglishFrontEnd("en-us")
    right, all_of = Counter[str](), Counter[str]()
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        category, text, expected, *_ = line.split("\t")
        if category in OF_PHONES:
            continue
        said = spoken(text.replace("\\n", "\n").replace("\\\\", "\\"), front_end)
        all_of[category] += 1
        right[category] += comparable(said) == comparable(expected)
        if comparable(said) != comparable(expected):
            print(f"{category}\t{text}\n    expected  {expected}\n    said      {said}")
    for category, total in all_of.items():
        print(f"{category:15} {right[category]:3} of {total}")
    print(f"{'all':15} {right.total():3} of {all_of.total()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
