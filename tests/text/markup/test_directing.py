from collections.abc import Iterator

import pytest

from tts.errors import InputError
from tts.names import Markup
from tts.text.english.reading import read
from tts.text.inventory import PhoneInventory
from tts.text.markup.directing import Director
from tts.text.markup.reading import read_document
from tts.text.sentences import Pause, Sentence, Unread, Word
from tts.text.user_lexicon import UserLexicon, parse_user_lexicon

INVENTORY = PhoneInventory.build(["HH", "AH0", "L", "OW1", "S", "IH0", "Z"])


def sentences(text: str) -> Iterator[Sentence]:
    """As a front end reads them, each word of one made-up phone."""
    for tokens in read(text):
        words, unread = list[Word](), list[Unread]()
        for token in tokens:
            if not token.words:
                unread.append(Unread(text[token.start : token.end], token.start, token.end))
            for index, spoken in enumerate(token.words):
                pause = token.pause if index == len(token.words) - 1 else Pause.NONE
                words.append(Word(spoken, ("AH0",), pause, token.start, token.end, token.kind))
        yield Sentence(tuple(words), tuple(unread))


def direct(text: str, markup: Markup = "plain", lexicon: UserLexicon | None = None) -> list[Sentence]:
    document = read_document(text, markup, "en-us", INVENTORY, [lexicon] if lexicon else [])
    director = Director(document)
    directed = list(director.direct(director.give(sentences(document.text))))
    assert [is_last for _, is_last in directed] == [False] * (len(directed) - 1) + [True] * bool(directed)
    return [sentence for sentence, _ in directed]


def words(text: str, markup: Markup = "plain", lexicon: UserLexicon | None = None) -> list[Word]:
    return [word for sentence in direct(text, markup, lexicon) for word in sentence.words]


def test_words_know_their_source_with_markup_and_all() -> None:
    text = '<speak>It &amp; <sub alias="one two">12</sub> cost <prosody pitch="+2st">$3.50</prosody>.</speak>'
    found = [
        (word.text, text[word.start : word.end], word.written, word.direction.pitch) for word in words(text, "ssml")
    ]
    assert found == [
        ("it", "It", "It", 0),
        ("and", "&amp;", "&", 0),
        ("one", "12", "12", 0),
        ("two", "12", "12", 0),
        ("cost", "cost", "cost", 0),
        *[(word, "$3.50", "$3.50.", 2) for word in ("three", "dollars", "fifty", "cents")],
    ]


def test_phones_in_the_text_are_one_word() -> None:
    text = "Say [[HH AH0 L OW1]], then [[AH0]]-go."
    found = words(text)
    assert [(word.text, " ".join(word.phones), text[word.start : word.end]) for word in found[:2]] == [
        ("say", "AH0", "Say"),
        ("HH AH0 L OW1", "HH AH0 L OW1", "[[HH AH0 L OW1]]"),
    ]
    assert found[1].pause is Pause.COMMA and found[1].origin == "given"
    assert [word.text for word in found[2:]] == ["then", "AH0", "go"]
    with pytest.raises(InputError, match=r"\[\[HH XX\]\]: phone 'XX' is not among those of this voice"):
        words("Say [[HH XX]].")
    with pytest.raises(InputError, match=r"phone 'OW2' .* did you mean 'OW1'"):
        words("Say [[OW2]].")


def test_a_lexicon_of_ones_own() -> None:
    content = "# names\n\ngif = jiff\nSQL\tS IH0 L\nNew York = /L OW1/\nU.S. = [[Z]]\n"
    lexicon = parse_user_lexicon(content.encode(), "own.txt")
    found = words("A GIF, SQL's new york, New  York and sql; gifs and U.S. law", lexicon=lexicon)
    said = [(word.text, " ".join(word.phones)) for word in found if word.origin == "given"]
    assert said == [("SQL's", "S IH0 L Z"), ("New  York", "L OW1"), ("U.S.", "Z")]
    assert [word.text for word in found if word.origin != "given"][:4] == ["a", "jiff", "new", "york"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"gif\n", "own.txt, line 1: 'gif' is not an entry; write 'word = how it sounds'"),
        (b"\n= x\n", "line 2: '= x' is not an entry"),
        (b"a = //\nb\t\n", "is not an entry"),
        (b"# nothing\n", "holds no entry"),
        (b"caf\xe9 = x", "is not UTF-8"),
    ],
)
def test_a_lexicon_that_is_wrong_is_named_with_the_line(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_user_lexicon(content, "own.txt")


def test_a_phone_of_a_lexicon_that_the_voice_lacks_is_named() -> None:
    with pytest.raises(InputError, match=r"own.txt, line 2: phone 'QQ' is not among those of this voice; it has"):
        words("Hi.", lexicon=parse_user_lexicon(b"# x\nfoo = /QQ/", "own.txt"))


def test_breaks_and_marks_belong_to_the_words_around_them() -> None:
    text = (
        '<speak><mark name="a"/><break time="1s"/>One <break time="300ms"/><mark name="b"/><break time="200ms"/> two'
        '<break strength="strong"/> three. <break time="2s"/> Four, <break strength="none"/> five'
        '<mark name="c"/></speak>'
    )
    one, two, three, four, five = words(text, "ssml")
    assert (one.direction.lead_s, one.direction.marks_before) == (1.0, ("a",))
    assert (one.direction.pause_s, one.direction.marks_behind, one.pause) == (0.5, ("b",), Pause.COMMA)
    assert (two.pause, two.direction.pause_s) == (Pause.FULL_STOP, None)
    assert (three.pause, three.direction.pause_s) == (Pause.FULL_STOP, 2.0)
    assert four.pause is Pause.NONE
    assert five.direction.marks_behind == ("c",)


def test_a_paragraph_ends_with_the_mark_that_is_heard() -> None:
    first, second, third = direct("Is it?\n\nIt is.\n\nA title")
    assert (first.end, first.joint) == (Pause.QUESTION, Pause.PARAGRAPH)
    assert (second.end, second.joint) == (Pause.FULL_STOP, Pause.PARAGRAPH)
    assert not third.ends_paragraph
    one, two = direct("<speak><p>One.</p><s>two</s></speak>", "ssml")
    assert one.joint is Pause.PARAGRAPH and two.end is Pause.FULL_STOP


def test_what_is_unread_stays_with_a_sentence_that_is_said() -> None:
    directed = direct("北 one. Two 京 three. 北京.")
    assert [[entry.text for entry in sentence.unread] for sentence in directed] == [["北"], ["京", "北京"]]
    assert direct("北京.") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('# A *bold* title\n\nSome `code` and [a link](http://x.org/y "t").', "a bold title / some code and a link"),
        ("1. Wash hands\n2. Eat ~~old~~ food", "one wash hands / two eat old food"),
        ("- first item\n- second item", "first item / second item"),
        ("| Name | Age |\n|---|---|\n| Bob | 42 |", "name age / bob forty two"),
        ("> quoted\n> lines\n\n---\n\nafter", "quoted lines / after"),
        ("![a cat](cat.png) sat  \non", "a cat sat on"),
        ("<b>loud</b> &amp; \\*plain\\*", "loud and plain"),
    ],
)
def test_markdown_is_read_as_a_person_would(text: str, said: str) -> None:
    found = direct(text, "markdown")
    assert " / ".join(" ".join(word.text for word in sentence.words) for sentence in found) == said
    for word in (word for sentence in found for word in sentence.words):
        assert word.kind != "word" or text[word.start : word.end].lower() == word.text
