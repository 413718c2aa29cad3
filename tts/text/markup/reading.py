"""A text and what it is written in, to the document that is read."""

from collections.abc import Sequence

from tts.names import Markup
from tts.text.inventory import PhoneInventory
from tts.text.markup.document import Document, plain
from tts.text.markup.given import with_lexicon, with_phones
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
