"""Where tokens stand in the text that was given."""

from collections.abc import Sequence
from dataclasses import replace

from tts.text.english.folding import MODIFIERS, Folded
from tts.text.english.token import Token


def in_source(sentence: Sequence[Token], block: Folded, text: str, start: int, done: int) -> list[Token]:
    """``sentence`` of ``block``, which begins at ``start`` of ``text``. done: end of the token before."""
    tokens = list[Token]()
    for token in sentence:
        tokens.append(_with_modifiers(_unfolded(token, block, start), text, done))
        done = tokens[-1].end
    return tokens


def _unfolded(token: Token, block: Folded, start: int) -> Token:
    if block.offsets is None:
        return replace(token, start=start + token.start, end=start + token.end) if start else token
    return replace(token, start=start + block.source(token.start), end=start + block.source(token.end))


def _with_modifiers(token: Token, text: str, done: int) -> Token:
    """Apostrophes that are letters, as in ʻOkina, belong to the word beside them. done: end of the token before."""
    start, end = token.start, token.end
    while end < len(text) and text[end] in MODIFIERS:
        end += 1
    first = start
    while first > done and text[first - 1] in MODIFIERS:
        first -= 1
    if not text[max(first - 1, 0) : first].isalnum():
        start = first
    return token if (start, end) == (token.start, token.end) else replace(token, start=start, end=end)
