import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts.errors import InputError
from tts.export.targets.sherpa_onnx import pronounceable
from tts.runtime.script import speakable, write_script
from tts.text.gruut_front_end import GruutFrontEnd, _sounds, gruut_phones, with_glottal_stops
from tts.text.inventory import PhoneInventory
from tts.text.sentences import Pause, Sentence, Word

FRONT_END = GruutFrontEnd("en-us")


def spoken(text: str) -> str:
    return " / ".join(
        " ".join(word.text + "," * (word.pause is not Pause.NONE) for word in sentence.words)
        for sentence in FRONT_END(text)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$3.50", "three dollars fifty cents"),
        ("In 1999, Dr. Smith left.", "In nineteen ninety nine, Doctor Smith left,"),
        ("10:30, 50%", "ten thirty, fifty percent"),
        ("e.g. this", "e g this"),
        ("Please stop, said the BBC", "Please stop, said the B B C"),
        ("First one. Second one?", "First one, / Second one,"),
        ("A heading\n\nA line\nof text", "A heading / A line of text"),
        ('(so) "it\'s" - *said*', "so it's said"),
        ("The war on 12/25/2020", "The war on December twenty fifth, twenty twenty"),
    ],
)
def test_text_becomes_words_and_pauses(text: str, words: str) -> None:
    assert spoken(text) == words


def test_phones_are_ipa_with_stress() -> None:
    (sentence,) = FRONT_END("Hello my friend")
    assert [word.phones for word in sentence.words[:2]] == [("h", "ɛ", "l", "ˈoʊ"), ("m", "ˈaɪ")]


@pytest.mark.parametrize(
    ("sounds", "stopped"),
    [
        ("ɪ n", "ʔ ɪ n"),
        ("ˈaɪ n", "ʔ ˈaɪ n"),
        ("b ə ˈa x t ə n", "b ə ʔ ˈa x t ə n"),
        ("t eː ˈɑː t ɜ", "t eː ʔ ˈɑː t ɜ"),
        ("ˈa ɪ", "ʔ ˈa ɪ"),
        ("d ˈiː", "d ˈiː"),
    ],
)
def test_german_vowels_begin_with_a_glottal_stop(sounds: str, stopped: str) -> None:
    assert with_glottal_stops(sounds.split()) == tuple(stopped.split())
    assert _sounds(sounds.split(), "de-de") == tuple(stopped.split())
    assert _sounds(sounds.split(), "fr-fr") == tuple(sounds.split())


@pytest.mark.parametrize("text", ["", " \n\n ", "?!", "...", "-", "\u200b"])
def test_nothing_to_say_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="holds no word to speak"):
        FRONT_END(text)


@pytest.mark.parametrize("word", ["12:99", "x$5", "2/30/2020", "北京"])
def test_a_word_without_pronunciation_is_left_out_and_named(word: str) -> None:
    (sentence,) = FRONT_END(f"we say {word} here")
    assert [spoken.text for spoken in sentence.words][:2] == ["we", "say"] and sentence.words[-1].text == "here"
    assert len(sentence.unread) == 1 and set(sentence.unread[0].text) & set(word)


def test_words_know_where_they_were_written() -> None:
    text = "It cost $3.50,  then 2 dollars."
    (sentence,) = FRONT_END(text)
    written = [text[word.start : word.end] for word in sentence.words]
    assert written == ["It", "cost", *["3.50"] * 4, "then", "2", "dollars"]


def test_long_text_comes_in_parts() -> None:
    sentences = FRONT_END("and then we went on " * 60)
    assert len(sentences) == 3
    assert sum(len(sentence.words) for sentence in sentences) == 300


AWKWARD = st.one_of(
    st.text(max_size=8),
    st.text(alphabet="0123456789.,:/-$%€ '\"()apm", max_size=14),
    st.sampled_from(["Dr.", "hello", "the", "1st", "$5", "10:30", "12/25/2020", "IV", "e.g.", "1e400", "-0"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(AWKWARD, max_size=4).map(" ".join))
def test_any_text_is_spoken_or_refused(text: str) -> None:
    try:
        sentences = FRONT_END(text)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert any(sentence.words for sentence in sentences)
        assert all(word.phones for sentence in sentences for word in sentence.words)


def test_threads_may_share_a_front_end() -> None:
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(FRONT_END, ["We read books."] * 6))
    assert all(result == results[0] for result in results)


def test_without_gruut_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['gruut'] = None; from tts.text.front_end import front_end_for;"
        "front_end_for('gruut', 'en-us')('hello'); front_end_for('gruut', 'de-de')('hallo')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    *_, last = done.stderr.splitlines()
    assert last.endswith(
        "language 'de-de': is read with gruut, which is not installed; pip install 'linnet-tts[languages]'"
    )


@pytest.mark.parametrize(("language", "message"), [("xx", "not one that gruut knows"), ("sw", "gruut\\[sw\\]")])
def test_a_language_that_is_not_there_is_named(language: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        GruutFrontEnd(language)("moja")


def test_the_vocabulary_has_the_usual_pronunciations() -> None:
    vocabulary = FRONT_END.vocabulary()
    assert len(vocabulary) > 100_000
    assert vocabulary["a"] == ("ə",) and vocabulary["read"] == ("ɹ", "ˈi", "d")


def test_german() -> None:
    pytest.importorskip("gruut_lang_de", reason="no German: pip install 'gruut[de]'")
    sentence, _ = GruutFrontEnd("de-de")("Guten Tag, schöne Welt! Ein Привет.")
    said = [(word.text, "".join(word.phones), word.pause) for word in sentence.words]
    assert said == [
        ("Guten", "ɡˈuːtən", Pause.NONE),
        ("Tag", "tˈɑːk", Pause.COMMA),
        ("schöne", "ʃˈøːnə", Pause.NONE),
        ("Welt", "vˈɛlt", Pause.EXCLAMATION),
    ]
    (year,) = GruutFrontEnd("de-de")("Im Jahr 1990")
    assert [word.text for word in year.words] == ["Im", "Jahr", "neunzehnhundertneunzig"]
    (beside,) = GruutFrontEnd("de-de")("beiden")
    assert beside.words[0].phones == ("b", "ˈa", "ɪ", "d", "ə", "n")
    assert {"b", "a", "øː", "ʃ"} < gruut_phones("de-de")


def test_marks_that_are_not_sounds_are_left_out_and_small_letters_join_the_sound_before() -> None:
    assert _sounds(["x", "ʌ", "t", "ʲ", "ˈe", "-", "ɭ"], "ga") == ("x", "ʌ", "tʲ", "ˈe", "ɭ")


def test_what_a_language_that_is_not_installed_says_is_not_known() -> None:
    assert not gruut_phones("sw")


def test_a_voice_that_was_made_without_glottal_stops_says_the_words() -> None:
    sentence = Sentence((Word("ein", ("ʔ", "ˈaɪ", "n")),))
    without = PhoneInventory.build(["ˈaɪ", "n"])
    assert speakable(sentence, without).words[0].phones == ("ˈaɪ", "n")
    assert write_script(sentence, without).phones == ("sil", "ˈaɪ", "n", "sil")  # so it does where words must be exact
    assert pronounceable({"ein": sentence.words[0].phones}, without) == {"ein": ["ˈaɪ n"]}
    assert speakable(sentence, PhoneInventory.build(["ʔ", "aɪ", "n"])).words[0].phones == ("ʔ", "aɪ", "n")
