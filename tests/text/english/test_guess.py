"""Names and new words that no lexicon here may help with."""

from pathlib import Path

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.english.guess import guess
from tts.text.english.pronunciations import PHONES
from tts.text.english.token import Token

NAMES = Path(__file__).with_name("names.tsv")
ALIKE = {"AO": "AA", "IH": "AH", "UH": "AH"}  # what speakers tell apart differently, the last two where unstressed
RIGHT = 0.55  # share of names that must be


def plain(phones: str) -> tuple[str, ...]:
    """Sounds, with the place of the main stress alone."""
    marked = [phone.replace("2", "0") for phone in phones.split()]
    return tuple(
        ALIKE.get(phone[:2], phone[:2]) + phone[2:] if phone.endswith("0") or phone.startswith("AO") else phone
        for phone in marked
    )


def test_names_are_said_as_people_say_them() -> None:
    front_end, wrong, total = EnglishFrontEnd("en-us"), [], 0
    for line in NAMES.read_text(encoding="utf-8").splitlines()[1:]:
        name, said = line.split("\t")
        phones = front_end._pronouncer.sentence(name, [Token(0, len(name), "word", (name,))]).words[0].phones
        right = plain(" ".join(phones)) in {plain(listed) for listed in said.split(" | ")}
        wrong += [] if right else [(name, " ".join(phones))]
        total += 1
    assert total > 140 and len(wrong) < (1 - RIGHT) * total, wrong


def test_words_are_guessed_alike_alone_and_together() -> None:
    words = ["zelenskyy", "blorfle", "x", "qq", "antidisestablishmentarianistically", "o'brienesque"]
    together = guess(words)
    assert together == [guess([word])[0] for word in words]
    assert all(set(phones) <= set(PHONES) for phones in together)
    assert " ".join(together[1]) == "B L AO1 R F AH0 L"
