"""Where tokens stand in the text that was given."""

from collections.abc import Sequence

from tts.text.english.folding import MODIFIERS, Folded
from tts.text.english.token import Token


def in_source(sentence: Sequence[Token], block: Folded, text: str, start: int, done: int) -> list[Token]:
    """``sentence`` of ``block``, which begins at ``start`` of ``text``. done: end of the token before."""
    tokens = list[Token]()
    for token in sentence:
        begins, done = _with_modifiers(start + block.source(token.start), start + block.source(token.end), text, done)
        tokens.append(Token(begins, done, token.kind, token.words, token.pause))
    return tokens


def _with_modifiers(start: int, end: int, text: str, done: int) -> tuple[int, int]:
    """Apostrophes that are letters, as in ʻOkina, belong to the word beside them. done: end of the token before."""
    while end < len(text) and text[end] in MODIFIERS:
        end += 1
    first = start
    while first > done and text[first - 1] in MODIFIERS:
        first -= 1
    if not text[max(first - 1, 0) : first].isalnum():
        start = first
    return start, end
