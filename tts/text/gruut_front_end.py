"""Text of languages other than English to IPA phones, with gruut: its lexicon, its rules, and its guesses."""

import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tts.errors import InputError
from tts.text.arpabet import STRESS
from tts.text.inventory import GLOTTAL_STOP, without_stress
from tts.text.normalise import normalise, readable_part
from tts.text.offsets import located
from tts.text.passages import passages
from tts.text.phonetics import VOWELS, letters_of
from tts.text.sentences import FrontEnd, NothingToSayError, Pause, Phones, Sentence, Unread, Word

PAUSES = {
    ",": Pause.COMMA,
    ";": Pause.SEMICOLON,
    ":": Pause.SEMICOLON,
    "—": Pause.DASH,
    "–": Pause.DASH,
    "…": Pause.ELLIPSIS,
    ".": Pause.FULL_STOP,
    "?": Pause.QUESTION,
    "!": Pause.EXCLAMATION,
}
EXTRA = "pip install 'linnet-tts[languages]'"
# Most of gruut's languages have two lexicons and guessers. The second, made with eSpeak, knows stress, and the first of
# several languages was itself guessed: its German says "beiden" as b ə ʔ iː d ə n. English has CMU's dictionary.
BETTER_LEXICON = "espeak"
# No word of these begins with a vowel, nor does a stressed vowel follow another, without it: "ein Ei", "Theater". The
# lexicons leave it out, and without it a voice cannot tell where a word begins.
GLOTTAL_STOPS = {"de"}
MODIFIERS = {"Lm", "Mn"}  # of Unicode: letters and accents that change the sound before them, such as ʲ


class GruutFrontEnd(FrontEnd):
    """IPA with stress marks on vowels, as in ``ˈaɪ``. gruut is imported by ``prepare`` or the first text."""

    def __init__(self, language: str) -> None:
        self.language = language

    def prepare(self) -> None:
        _open(self.language)

    def vocabulary(self) -> Mapping[str, Phones]:
        processor, _ = _open(self.language)
        with closing(sqlite3.connect(processor.get_settings(self.language).lookup_phonemes.db_path)) as file:
            usual_last = file.execute("SELECT word, phonemes FROM word_phonemes ORDER BY pron_order DESC")
            return {word: _sounds(phones.split(), self.language) for word, phones in usual_last}

    def sentences(self, text: str) -> Iterator[Sentence]:
        silent, reached, start = True, 0, 0
        unread = list[Unread]()
        for passage in passages(text):
            readable, left_out = readable_part(passage, self.language)
            unread += [Unread(passage[first:after], start + first, start + after) for first, after in left_out]
            for sentence in self._read(normalise(readable)):
                words = located(sentence.words, text, reached)
                reached = words[-1].end if words else reached
                skipped = [replace(entry, start=reached, end=reached) for entry in sentence.unread]
                yield Sentence(tuple(words), (*unread, *skipped))
                silent, unread = silent and not words, []
            start += len(passage)
        if silent:
            raise NothingToSayError(text)
        if unread:
            yield Sentence((), tuple(unread))

    def _read(self, passage: str) -> Iterator[Sentence]:
        if not passage.strip():
            return
        processor, lock = _open(self.language)
        with lock:  # as Python, gruut would not be faster on several threads
            try:
                graph, root = processor(passage)
            except (ArithmeticError, ValueError) as error:  # a number beyond what its libraries can spell
                raise InputError(f"text {passage[:40]!r}", f"cannot be read ({error})", "use words") from None
            sentences = processor.sentences(graph, root)
        for sentence in sentences:
            words, unread = _words(sentence, self.language)
            if words or unread:
                yield Sentence(tuple(words), tuple(unread))


@cache
def gruut_phones(language: str) -> frozenset[str]:
    """What gruut can say, without stress; empty where it is not installed for the language."""
    try:
        words = GruutFrontEnd(language).vocabulary()
    except InputError:
        return frozenset()
    return frozenset(without_stress(phone) for phones in words.values() for phone in phones)


@cache
def _open(language: str) -> tuple[Any, threading.Lock]:
    """A processor for all front ends of the language, and the lock that must be held while it reads."""
    where = f"language {language!r}"
    try:
        import gruut
    except ModuleNotFoundError:
        raise InputError(where, "is read with gruut, which is not installed", EXTRA) from None
    if not gruut.is_language_supported(language):
        raise InputError(where, "is not one that gruut knows")
    processor = gruut.TextProcessor(default_lang=language, model_prefix=_lexicon_of(language))
    settings = processor.get_settings(language)
    lookup: Any = settings.lookup_phonemes
    if lookup is None:
        raise InputError(where, "is not installed", f"pip install 'gruut[{language[:2]}]'")
    lookup.phonemizer = _indexed_lexicon(lookup.db_path, lookup.phonemizer_args)
    processor("a")  # loads what it would load at the first text
    return processor, threading.Lock()


def _lexicon_of(language: str) -> str:
    """Which of gruut's lexicons reads the language: the name of a folder in its data, or "" for the first."""
    from gruut.utils import find_lang_dir, resolve_lang

    folder = find_lang_dir(resolve_lang(language))
    has_better = folder is not None and (folder / BETTER_LEXICON / "lexicon.db").is_file()
    return BETTER_LEXICON if has_better and not language.lower().startswith("en") else ""


def _indexed_lexicon(path: Path, options: dict[str, Any]) -> Any:
    """gruut's lexicon in memory with the index its file lacks, where every look-up reads all 130,000 words."""
    from gruut.phonemize import SqlitePhonemizer

    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path)) as file:
        file.backup(memory)
    memory.execute("CREATE INDEX by_word ON word_phonemes (word)")
    return SqlitePhonemizer(memory, **options)


def _words(sentence: Any, language: str) -> tuple[list[Word], list[Unread]]:
    words, unread = list[Word](), list[Unread]()
    for token in sentence.words:
        # gruut's guesser skips characters it does not know, digits among them.
        if token.is_spoken and (not token.phonemes or any(map(str.isdigit, token.text))):
            unread.append(Unread(token.text))
        elif token.is_spoken:
            words.append(Word(token.text, _sounds(token.phonemes, language)))
        elif words and (token.is_minor_break or token.is_major_break):
            words[-1] = replace(words[-1], pause=PAUSES.get(token.text[:1], Pause.COMMA))
    return words, unread


def _sounds(labels: Iterable[str], language: str) -> Phones:
    """Without what is not a sound, as the hyphen of a liaison. What is written small belongs to the sound before it."""
    sounds: list[str] = []
    for label in labels:
        if sounds and all(unicodedata.category(char) in MODIFIERS for char in label):
            sounds[-1] += label
        elif any(map(str.isalpha, label)):
            sounds.append(label)
    return with_glottal_stops(sounds) if language[:2].lower() in GLOTTAL_STOPS else tuple(sounds)


def with_glottal_stops(sounds: Iterable[str]) -> Phones:
    """Before a vowel that begins the word, and before a stressed one behind another vowel."""
    stopped: list[str] = []
    for sound in sounds:
        begins = not stopped or (sound[0] in STRESS and _is_vowel(stopped[-1]))
        if begins and _is_vowel(sound):
            stopped.append(GLOTTAL_STOP)
        stopped.append(sound)
    return tuple(stopped)


@cache
def _is_vowel(sound: str) -> bool:
    return letters_of(sound)[:1] in VOWELS
