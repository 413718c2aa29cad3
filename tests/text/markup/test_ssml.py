import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.errors import InputError
from tts.text.inventory import PhoneInventory
from tts.text.markup.document import Document
from tts.text.markup.ssml import MAX_CHARACTERS, MAX_DEPTH, read_ssml
from tts.text.sentences import Pause

BROKEN = Path(__file__).with_name("broken_ssml.txt")
INVENTORY = PhoneInventory.build(["AA1", "AH0", "EY1", "OW0", "OW2", "T", "M"])


def read(content: str) -> Document:
    return read_ssml(f"<speak>{content}</speak>", "en-us", INVENTORY)


DIGITS = "7" * 5000  # more than Python makes a number of


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Tom &amp; Jerry &lt;3 &#233;", "Tom & Jerry <3 é"),
        ("one\n   two", "one    two"),
        ("<p>One.</p><p>Two.</p>", "\n\nOne.\n\n\n\nTwo.\n\n"),
        ("<s>One</s> <s>two</s>", "\n\nOne\n\n \n\ntwo\n\n"),
        ('<sub alias="World Wide Web">WWW</sub>.', "World Wide Web."),
        ('a<break/>b<break strength="none"/> c', "a b c"),
        ('<say-as interpret-as="characters">a1-b</say-as>', "A. one dash B."),
        ('<say-as interpret-as="cardinal">1999</say-as>', "1,999"),
        ('<say-as interpret-as="ordinal">22</say-as>', "22nd"),
        ('<say-as interpret-as="date" format="dmy">31.12.2025</say-as>', "December 31, 2025"),
        ('<say-as interpret-as="date" format="my">12/2025</say-as>', "December 2025"),
        ('<say-as interpret-as="telephone">+1 555-0199</say-as>', "plus one, five five five, zero one nine nine"),
        ('<say-as interpret-as="time">10:30</say-as>', "10:30"),
        (f'<say-as interpret-as="cardinal">{DIGITS}</say-as>', DIGITS),
        (f'<say-as interpret-as="ordinal">{DIGITS}</say-as>', DIGITS),
        (f'<say-as interpret-as="date">1.1.{DIGITS}</say-as>', f"1.1.{DIGITS}"),
        ('<voice name="ann"><lang xml:lang="en">hi</lang></voice>', "hi"),
        ('<audio src="a.wav"><desc>bell</desc>a bell</audio>', "a bell"),
        ('<amazon:effect xmlns:amazon="x" name="whispered">psst</amazon:effect>', "psst"),
        ("<!-- no --><?pi?>yes", "yes"),
    ],
)
def test_what_is_read(content: str, text: str) -> None:
    assert read(content).text == text


def test_what_is_broken_is_one_line_that_says_where() -> None:
    for written in BROKEN.read_text(encoding="utf-8").splitlines():
        with pytest.raises(InputError) as raised:
            read_ssml(written, "en-us", INVENTORY)
        assert re.match(r"SSML, line 1, column \d+: .", str(raised.value)) and "\n" not in str(raised.value), written


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('rate="slow"', (0.8, 0, 0)),
        ('rate="80%"', (0.8, 0, 0)),
        ('rate="+10%"', (1.1, 0, 0)),
        ('rate="1.5"', (1.5, 0, 0)),
        ('pitch="+4st"', (1, 4, 0)),
        ('pitch="-50%"', (1, -12, 0)),
        ('pitch="high" contour="(0%,+1st)"', (1, 3, 0)),
        ('volume="+6dB"', (1, 0, 6)),
        ('volume="soft"', (1, 0, -6)),
        ('volume="silent"', (1, 0, -float("inf"))),
        ('volume="50"', (1, 0, -6.02)),
    ],
)
def test_prosody_in_our_units(attributes: str, expected: tuple[float, float, float]) -> None:
    (piece,) = read(f"<prosody {attributes}>word</prosody>").pieces
    found = piece.direction
    assert (found.rate, found.pitch, found.volume) == pytest.approx(expected, abs=0.01)


def test_prosody_within_prosody_adds_up() -> None:
    before, inner, after = read(
        '<prosody rate="50%" pitch="+2st">a <prosody rate="50%" pitch="+1st" volume="-3dB">b</prosody> c</prosody>'
    ).pieces
    assert (inner.direction.rate, inner.direction.pitch, inner.direction.volume) == (0.25, 3, -3)
    assert before.direction == after.direction and before.direction.rate == 0.5
    assert (
        read("<emphasis>a</emphasis>").pieces[0].direction
        == read('<emphasis level="moderate">a</emphasis>').pieces[0].direction
    )


@pytest.mark.parametrize(
    ("attributes", "pause", "pause_s"),
    [
        ("", Pause.SEMICOLON, None),
        ('strength="x-strong"', Pause.PARAGRAPH, None),
        ('strength="none"', Pause.NONE, None),
        ('time="700ms"', Pause.COMMA, 0.7),
        ('time="1.5s"', Pause.COMMA, 1.5),
        ('time="0s"', Pause.NONE, 0.0),
    ],
)
def test_breaks(attributes: str, pause: Pause, pause_s: float | None) -> None:
    (found,) = [piece for piece in read(f"a <break {attributes}/> b").pieces if not piece.text]
    assert (found.pause, found.pause_s) == (pause, pause_s)


@pytest.mark.parametrize(
    ("attributes", "phones"),
    [
        ('alphabet="ipa" ph="təˈmeɪ.toʊ"', "T AH0 M EY1 T OW0"),
        ('ph="t ə m ˈeɪ t ˌoʊ"', "T AH0 M EY1 T OW2"),
        ('alphabet="x-arpabet" ph="T AH0 M EY1 T OW2"', "T AH0 M EY1 T OW2"),
        ('alphabet="arpabet" ph="t ah m aa1 t ow"', "T AH0 M AA1 T OW0"),
    ],
)
def test_phonemes_become_phones_of_the_voice(attributes: str, phones: str) -> None:
    document = read(f"a<phoneme {attributes}>tomato</phoneme>b")
    (piece,) = [piece for piece in document.pieces if piece.phones]
    assert " ".join(piece.phones) == phones and document.text == "a tomato b"


def test_phonemes_of_a_voice_that_speaks_ipa() -> None:
    inventory = PhoneInventory.build(["t", "ə", "m", "ˈeɪ", "oʊ", "ʁ", "ˈyː"])
    for written, alphabet, phones in (
        ("T AH0 M EY1 T OW0", "arpabet", "t ə m ˈeɪ t oʊ"),
        ("təˈmeɪtəʊ", "ipa", "t ə m ˈeɪ t oʊ"),
        ("ˈtyːʁ", "ipa", "t ˈyː ʁ"),
    ):
        content = f'<speak><phoneme alphabet="{alphabet}" ph="{written}"/></speak>'
        (piece,) = [piece for piece in read_ssml(content, "de-de", inventory).pieces if piece.phones]
        assert " ".join(piece.phones) == phones


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<speak>\n a <b</speak>", r"SSML, line 2, column \d+: is not well-formed"),
        ("<speak>a", "line 1, column 9: is not well-formed"),
        ("a & b", "line 1, column 1: is not well-formed .*; write <speak>"),
        ("<speak>&nbsp;</speak>", r"line 1, column \d+: is not well-formed \(undefined entity\)"),
        ('<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>', r"line 1, column \d+: has a document type"),
        ("<html>a</html>", "column 1: begins with <html>"),
        ("<speak>\n<speek>a</speek></speak>", "line 2, column 1: <speek> is not an element of SSML"),
        ('<speak><break time="5"/></speak>', "column 8: time '5' is not a length of time; write it as 700ms"),
        ('<speak><break time="999s"/></speak>', "is longer than 60 s"),
        ('<speak><break strength="big"/></speak>', "strength 'big' is not known; use one of none, x-weak"),
        ('<speak><prosody rate="9">a</prosody></speak>', "rate '9' is not between 0.25 and 4"),
        (
            '<speak><prosody pitch="200Hz">a</prosody></speak>',
            r"pitch '200Hz' is not known; write",
        ),
        ('<speak><prosody volume="+99dB">a</prosody></speak>', r"volume '\+99dB' is not between"),
        ('<speak><phoneme ph="t$">a</phoneme></speak>', "phone '\\$' is not one of the IPA"),
        ('<speak><phoneme ph="z">a</phoneme></speak>', "phone 'Z' is not among the 9 phones of this voice"),
        ('<speak><phoneme alphabet="x-sampa" ph="t">a</phoneme></speak>', "alphabet 'x-sampa' is not known"),
        ('<speak><phoneme ph="">a</phoneme></speak>', "names no phones"),
        ("<speak><sub>a</sub></speak>", "<sub> has no alias"),
        ("<speak><mark/></speak>", "<mark> has no name"),
        ('<speak><say-as interpret-as="song">a</say-as></speak>', "interpret-as 'song' is not known"),
        ("<speak>" + "<p>" * MAX_DEPTH + "a" + "</p>" * MAX_DEPTH + "</speak>", "is nested more than 100 deep"),
        ("<speak>" + "a" * MAX_CHARACTERS + "</speak>", "is longer than 1,000,000 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_ssml(text, "en-us", INVENTORY)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<b", "é&amp;", "&x;", "<break/>", '<mark name="m"/>', "word ", "<![CDATA[x]]>", "\ud800"]
        )
    )
)
def test_any_document_is_read_or_refused_with_its_place(parts: list[str]) -> None:
    content = "".join(parts)
    try:
        document = read(content)
    except InputError as error:
        assert str(error).startswith("SSML, line ")
    else:
        source = f"<speak>{content}</speak>"
        for at, piece in document.placed():
            assert 0 <= piece.start <= piece.end <= len(source)
            for offset, character in enumerate(piece.text):
                start, end = document.source(at + offset, at + offset + 1)
                assert not character.isalpha() or character in source[start:end] or source[start] == "<"
