"""Text to IPA phones with gruut: its lexicon, its homograph rules, and its guesses for unknown words."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tts.config.errors import InputError
from tts.text.normalise import normalise
from tts.text.sentences import Sentence, Word, split_long

SHORTEST_CAPITALISED_WORD = 4  # letters: STOP and NATO are words, BBC and USA are spelled


class GruutFrontEnd:
    """IPA with stress marks on vowels, as in ``ˈaɪ``. gruut is imported at the first call: it takes half a second."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._processor: Any = None
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[Sentence]:
        """Raises ``InputError`` naming the word that cannot be pronounced, or when there is nothing to say."""
        paragraphs = re.split(r"\n\s*\n", normalise(text, self.language))
        sentences = [part for paragraph in paragraphs for whole in self._read(paragraph) for part in split_long(whole)]
        if not sentences:
            raise InputError(f"text {text[:40]!r}", "holds no word to speak")
        return sentences

    def _read(self, paragraph: str) -> Iterator[Sentence]:
        if not paragraph.strip():
            return
        with self._lock:  # as Python, gruut would be no faster on several threads
            self._processor = self._processor or _open(self.language)
            try:
                graph, root = self._processor(paragraph)
            except (ArithmeticError, ValueError) as error:  # a number beyond what its libraries can spell
                raise InputError(f"text {paragraph[:40]!r}", f"cannot be read ({error})", "use words") from None
            sentences = self._processor.sentences(graph, root)
        for sentence in sentences:
            if words := _words(sentence):
                yield Sentence(tuple(words))


def _open(language: str) -> Any:
    from gruut import TextProcessor, is_language_supported

    where = f"language {language!r}"
    if not is_language_supported(language):
        raise InputError(where, "is not one that gruut knows")
    processor = TextProcessor(default_lang=language)
    settings = processor.get_settings(language)
    lookup: Any = settings.lookup_phonemes
    spelled = settings.is_initialism
    if lookup is None:
        raise InputError(where, "is not installed", f"pip install 'gruut[{language[:2]}]'")
    lookup.phonemizer = _indexed_lexicon(lookup.db_path, lookup.phonemizer_args)
    if spelled is not None:
        settings.is_initialism = lambda word: (
            spelled(word) and not (word.isalpha() and len(word) >= SHORTEST_CAPITALISED_WORD and lookup(word.lower()))
        )
    return processor


def _indexed_lexicon(path: Path, options: dict[str, Any]) -> Any:
    """gruut's lexicon in memory with the index its file lacks, where every look-up reads all 130,000 words."""
    from gruut.phonemize import SqlitePhonemizer

    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path)) as file:
        file.backup(memory)
    memory.execute("CREATE INDEX by_word ON word_phonemes (word)")
    return SqlitePhonemizer(memory, **options)


def _words(sentence: Any) -> list[Word]:
    words: list[Word] = []
    for token in sentence.words:
        if token.is_spoken:
            # gruut's guesser skips characters it does not know, digits among them.
            if not token.phonemes or any(map(str.isdigit, token.text)):
                raise InputError(f"word {token.text!r}", "cannot be pronounced", "write it as it is spoken")
            words.append(Word(token.text, tuple(token.phonemes)))
        elif words and (token.is_minor_break or token.is_major_break):
            words[-1] = Word(words[-1].text, words[-1].phones, followed_by_pause=True)
    return words
