"""A long text in blocks: paragraphs, or parts of those that are long."""

import re
from collections.abc import Iterator

BLOCK = 8000  # characters; a longer paragraph is read in parts, so that its first sentence does not wait for the last
BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
LIKELY_END = re.compile(r"[.?!][\"'”’)]*\s")


def blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each begins and ends, and whether a paragraph ends there and another one follows."""
    start = 0
    while start < len(text):
        end, closes = _block_end(text, start)
        last = not text[end:].strip() if len(text) - end < BLOCK else False
        yield start, end, closes and not last
        start = end


def _block_end(text: str, start: int) -> tuple[int, bool]:
    """Where the paragraph ends, or a part of one that is long; and whether it is the paragraph."""
    blank = BLANK_LINES.search(text, start, start + BLOCK)
    if blank:
        return blank.end(), True
    if len(text) - start <= BLOCK:
        return len(text), False
    likely = LIKELY_END.search(text, start + BLOCK // 2, start + 2 * BLOCK)
    blank = BLANK_LINES.search(text, start + BLOCK, likely.end() if likely else len(text))
    if blank:
        return blank.end(), True
    return (likely.end() if likely else len(text)), False
