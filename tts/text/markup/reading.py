"""A text and what it is written in, to the document that is read, and to its sentences."""

from collections.abc import Iterator, Sequence

from tts.names import Markup
from tts.text.inventory import PhoneInventory
from tts.text.markup.directing import Director
from tts.text.markup.document import Document, plain
from tts.text.markup.given import with_lexicon, with_phones
from tts.text.sentences import FrontEnd, NothingToSayError, Sentence, Unread
from tts.text.user_lexicon import UserLexicon


def read_document(
    text: str, markup: Markup, language: str, inventory: PhoneInventory, lexicons: Sequence[UserLexicon] = ()
) -> Document:
    """The earlier of ``lexicons`` come before the later.

    Raises ``InputError`` for markup that is wrong, and for a phone that the voice lacks.
    """
    if markup == "ssml":
        from tts.text.markup.ssml import read_ssml

        document = read_ssml(text, language, inventory)
    elif markup == "markdown":
        from tts.text.markup.markdown import read_markdown

        document = read_markdown(text)
    else:
        document = plain(text)
    document = with_phones(document, inventory)
    for lexicon in lexicons:
        document = with_lexicon(document, lexicon, inventory)
    return document


def read_sentences(document: Document, front_end: FrontEnd) -> Iterator[Sentence]:
    """As they are spoken, with offsets in the source. What has no reading belongs to the sentence that follows, or to
    one without words where there are none, before ``NothingToSayError``."""
    director, unread = Director(document), list[Unread]()

    def given() -> Iterator[Sentence]:
        for sentence in director.give(front_end.sentences(document.text)):
            unread.extend(sentence.unread)
            yield sentence

    try:
        for sentence, _ in director.direct(given()):
            yield sentence
    except NothingToSayError:
        if unread:
            yield Sentence((), tuple(Unread(part.text, *document.source(part.start, part.end)) for part in unread))
        raise
