import base64
import sqlite3
from pathlib import Path

import gruut_lang_en
import pycrfsuite
import pytest

from tts.errors import InputError
from tts.text.arpabet import to_arpabet
from tts.text.arpabet_front_end import ArpabetFrontEnd
from tts.text.front_end import front_end_for
from tts.text.sentences import Pause

LANGUAGE_DIR = Path(gruut_lang_en.__file__).parent
LEXICON = {
    "a": ["X"],
    "hello": ["HH AH0 L OW1"],
    "read": ["R EH1 D", "R IY1 D"],
    "dog": ["D AO1 G"],
}


def test_every_phone_of_gruut_has_an_arpabet_symbol() -> None:
    with sqlite3.connect(LANGUAGE_DIR / "lexicon.db") as lexicon:
        phones = {phone for (row,) in lexicon.execute("SELECT phonemes FROM word_phonemes") for phone in row.split()}
    guesser = pycrfsuite.Tagger()
    guesser.open(str(LANGUAGE_DIR / "g2p" / "model.crf"))
    for label in guesser.labels():
        phones |= set(base64.b64decode(label).decode().split("|")) - {"_"}
    assert len({phone for phone in to_arpabet(phones, "gruut") if phone[-1].isdigit()}) == 15 * 3
    assert len({phone for phone in to_arpabet(phones, "gruut") if not phone[-1].isdigit()}) == 24


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("hello", "HH AH0 L OW1"),
        ("linnet", "L IH1 N IH0 T"),  # not in the lexicon
        ("to read", "T AH0 R IY1 D"),  # gruut's choice of those listed
        ("she read it", "SH IY1 R EH1 D IH1 T"),
        ("the end", "DH IY0 EH1 N D"),
        ("the dog", "DH AH0 D AO1 G"),
        ("a plan", "AH0 P L AE1 N"),  # an article, whatever the lexicon says of the letter
    ],
)
def test_pronunciations_come_from_lexicon_context_and_guess(text: str, phones: str) -> None:
    (sentence,) = ArpabetFrontEnd("en-us", LEXICON)(text)
    assert " ".join(phone for word in sentence.words for phone in word.phones) == phones


def test_pauses_stay() -> None:
    (sentence,) = ArpabetFrontEnd("en-us", LEXICON)("hello, the end")
    assert [word.pause for word in sentence.words] == [Pause.COMMA, Pause.NONE, Pause.NONE]


def test_arpabet_speaks_from_a_lexicon_and_english_only() -> None:
    with pytest.raises(InputError, match="needs a lexicon"):
        front_end_for("arpabet", "en-us")
    with pytest.raises(InputError, match="speaks English"):
        front_end_for("arpabet", "de-de", LEXICON)


def test_the_vocabulary_says_words_as_sentences_do() -> None:
    front_end = ArpabetFrontEnd("en-us", {**LEXICON, "xylograph": ["Z AY1", "Z IY1"]})
    vocabulary = front_end.vocabulary()
    assert vocabulary["read"] == ("R", "IY1", "D")  # gruut's usual one, as the lexicon lists it
    assert vocabulary["hello"] == ("HH", "AH0", "L", "OW1")  # gruut's usual one is not listed
    assert vocabulary["xylograph"] == ("Z", "AY1")  # in the lexicon only
    for word in ("hello", "dog", "boats"):
        ((spoken,),) = [sentence.words for sentence in front_end(word)]
        assert vocabulary[word] == spoken.phones
