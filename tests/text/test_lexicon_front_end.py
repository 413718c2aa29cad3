from pathlib import Path

import pytest

from tts.config.text import TextConfig
from tts.errors import InputError
from tts.text.front_end import corpus_front_end, front_end_for, transcript_words
from tts.text.lexicon_front_end import LexiconFrontEnd
from tts.text.sentences import NothingToSayError, Pause

FRONT_END = LexiconFrontEnd({"tere": ["t e r e"], "päike": ["p æi k e"], "ei-noh": ["ei n o"], "v.a": ["v a"]})


def test_words_of_a_lexicon_are_said_and_others_listed() -> None:
    text = "Tere, «Päike»! Ei-noh v.a 12 kuu?\n\nTere"
    first, second, third = FRONT_END(text)
    assert [(word.text, word.phones, word.pause) for word in first.words] == [
        ("tere", ("t", "e", "r", "e"), Pause.COMMA),
        ("päike", ("p", "æi", "k", "e"), Pause.EXCLAMATION),
    ]
    assert [word.text for word in second.words] == ["ei-noh", "v.a"]
    assert [text[unread.start : unread.end] for unread in second.unread] == ["12", "kuu"]
    assert third.words[0].start == len(text) - 4


def test_nothing_is_silent() -> None:
    with pytest.raises(NothingToSayError):
        FRONT_END("...")
    with pytest.raises(NothingToSayError):
        FRONT_END("kuu")


def test_a_corpus_names_its_lexicon(tmp_path: Path) -> None:
    path = str(tmp_path / "own.txt")
    Path(path).write_text("Tere t e r e\n", encoding="utf-8")
    config = TextConfig(front_end="lexicon", language="et", lexicon=path)
    assert [word.text for word in transcript_words("Tere, tere!", config)] == ["tere", "tere"]
    assert corpus_front_end(config).vocabulary() == {"tere": ("t", "e", "r", "e")}
    with pytest.raises(InputError, match="word 'kuu': cannot be pronounced"):
        transcript_words("tere kuu", config)
    with pytest.raises(InputError, match=r"none.txt: cannot be read"):
        transcript_words("tere", TextConfig(front_end="lexicon", lexicon=f"{tmp_path}/none.txt"))


def test_what_a_front_end_needs_is_said() -> None:
    with pytest.raises(InputError, match="needs a lexicon"):
        front_end_for("lexicon", "et")
    with pytest.raises(InputError, match="speaks English, not 'de-de'"):
        front_end_for("arpabet", "de-de")
