"""Markdown (https://commonmark.org, with tables and strikethrough) as a person would read it aloud."""

import re
from collections.abc import Iterator
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tts.text.markup.document import Document, Piece, joined
from tts.text.sentences import Pause

TAG = re.compile(r"<[^>]*>")
TARGET = re.compile(r"\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])?|>")  # what follows the text of a link
FARTHEST = 400  # characters in which the source of a word is looked for, such as the address of a link before it
ENDS = frozenset({"heading_close", "paragraph_close", "list_item_close", "tr_close", "hr"})


class _Reader:
    """Finds in the source, from the beginning to the end, what the parser says is to be read."""

    def __init__(self, text: str) -> None:
        self.text, self.reached = text, 0
        self.lines = list(accumulate((len(line) for line in text.splitlines(keepends=True)), initial=0))

    def read(self) -> Iterator[Piece]:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        for token in parser.parse(self.text):
            if token.map:
                self.reached = max(self.reached, self.lines[min(token.map[0], len(self.lines) - 1)])
            yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Piece]:
        if token.type == "list_item_open" and token.info:  # of a numbered list
            yield from self._find(token.info + token.markup)
            yield self._instead(" ")
        elif token.type == "inline":
            for child in token.children or []:
                yield from self._inline(child)
        elif token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                yield from self._find(line)
                yield self._instead("\n\n")
        elif token.type == "html_block":
            yield from self._find(TAG.sub(" ", token.content))
            yield self._instead("\n\n")
        elif token.type in ("th_close", "td_close"):
            yield self._instead(" ", Pause.COMMA)
        elif token.type in ENDS:
            yield self._instead("\n\n", Pause.FULL_STOP if token.type in ("list_item_close", "tr_close") else None)

    def _inline(self, token: Token) -> Iterator[Piece]:
        if token.type in ("text", "code_inline", "image"):  # of an image, what stands for it where it cannot be seen
            yield from self._find(token.content)
        if token.type in ("image", "link_close") and (behind := TARGET.search(self.text, self.reached)):
            self.reached = behind.end()
        if token.type == "softbreak":
            yield self._instead(" ")
        elif token.type == "hardbreak":
            yield self._instead(" ", Pause.COMMA)

    def _find(self, content: str) -> Iterator[Piece]:
        """Word by word, as the parser may have changed what stands between."""
        for run in re.findall(r"\w+|\s+|[^\w\s]", content):
            start = self.text.find(run, self.reached, self.reached + FARTHEST + len(run)) if run.strip() else -1
            if start < 0:
                yield Piece(run, self.reached, self.reached, is_exact=False)
            else:
                self.reached = start + len(run)
                yield Piece(run, start, self.reached)

    def _instead(self, said: str, pause: Pause | None = None) -> Piece:
        """What stands in place of marks."""
        return Piece(said, self.reached, self.reached, pause=pause, is_exact=False)


def read_markdown(text: str) -> Document:
    return joined(_Reader(text).read())
