"""Does a TextGrid belong to its transcript? Both are compared letter by letter, so that neither hyphens, apostrophes,
case nor where words are split matters."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

from preprocess.textgrid import is_silence
from tts.config.text import TextConfig
from tts.errors import InputError
from tts.text.english.shortened import ANYWHERE, NUMBERED, TITLES
from tts.text.front_end import transcript_words

ANYTHING = "\0"  # stands for a number or symbol: in how many words it is said is not known here
CHUNK = re.compile(r"[^\s\-–—]+")
UNKNOWN_WORDS = frozenset({"<unk>", "[unk]", "unk", "<unknown>", "[bracketed]", "<cutoff>"})
# How else corpora and dictionaries say what is written short; the second half of "et cetera" is the "c" of "etc".
ALSO_SAID = {"misses": "mrs", "messieurs": "messrs", "street": "st", "cetera": "c"}


def check_transcript(where: object, words: Sequence[str], text: str) -> list[int]:
    """Match the words of a TextGrid with the transcript: for each, where in ``text`` the next one begins.

    Unknown words of the aligner (``<unk>``) stand for any letters, numbers in the transcript for any words. Raises
    ``InputError`` naming the first word that the transcript does not have at that place.
    """
    chunks = [(m[0], letters, m.start()) for m in CHUNK.finditer(text) if (letters := _letters(m[0]))]
    target = "".join(letters for _, letters, _ in chunks)
    if not any(words):
        raise InputError(where, "holds no words", "give it a tier 'words', to compare with the transcript")
    reached = [_pass_over({0}, target)]
    for index, word in enumerate(words):
        following = _step(word, target, reached[-1])
        if not following:
            number = sum(map(bool, words[: index + 1]))
            expected = _chunk_at(chunks, max(reached[-1]))
            raise InputError(where, f"word {number} is {word!r}, but the transcript goes on with {expected!r}")
        reached.append(following)
    if len(target) not in reached[-1]:
        missing = _chunk_at(chunks, max(reached[-1]))
        raise InputError(where, f"ends before the transcript does: {missing!r} is not aligned")
    places = [start + offset for chunk, _, start in chunks for offset in _letter_places(chunk)]
    return [(*places, len(text) + 1)[at] for at in _trace(words, target, reached)]


def match_transcript(where: object, words: Sequence[str], text: str, config: TextConfig) -> list[int]:
    """``check_transcript``, but words that are just what the front end reads belong to it however they are written:
    "for example" to "e.g.", as in every TextGrid of our own aligner.
    """
    try:
        return check_transcript(where, words, text)
    except InputError:
        if (places := _places_as_read(words, text, config)) is None:
            raise
        return places


def _places_as_read(words: Sequence[str], text: str, config: TextConfig) -> list[int] | None:
    try:
        said = transcript_words(text, config)
    except InputError:
        return None
    if [word.text.casefold() for word in said] != [word.casefold() for word in words if word]:
        return None
    starts = [*(word.start for word in said), len(text) + 1]
    return [starts[n] for n in accumulate(map(bool, words))]


def _trace(words: Sequence[str], target: str, reached: Sequence[set[int]]) -> list[int]:
    """One way through what was ``reached`` before and behind each word, from the end of the letters back."""
    trace = [len(target)]
    for word, before in zip(reversed(words[1:]), reversed(reached[1:-1]), strict=True):
        trace.append(max(at for at in before if trace[-1] in _step(word, target, {at})))
    return trace[::-1]


def _step(word: str, target: str, reached: set[int]) -> set[int]:
    """Where in the letters one can be when the next word begins, from any of the places reached before ``word``."""
    if not word:
        return reached
    following = _pass_over(_match(word, target, reached), target)
    return following | reached if is_silence(word) else following  # which may be the word "silence"


def _match(word: str, target: str, reached: set[int]) -> set[int]:
    """Where in the letters one can be after ``word``, from any of the places reached before it."""
    letters = _letters(word)
    if word.lower() in UNKNOWN_WORDS or ANYTHING in letters:
        return set(range(min(reached), len(target) + 1))
    spellings = {letters, *_short_forms().get(letters, ())}
    matched = {at + len(spelling) for at in reached for spelling in spellings if target.startswith(spelling, at)}
    return matched | {at for at in reached if target.startswith(ANYTHING, at)}


@cache
def _short_forms() -> Mapping[str, set[str]]:
    """The letters of a word to those of its abbreviations, as English is read here: "doctor" to "dr"."""
    short_forms = defaultdict[str, set[str]](set)
    for table in (TITLES, NUMBERED, ANYWHERE):
        for short, said in table.items():
            short_forms[_letters(said)].add(_letters(short))
    for said, short in ALSO_SAID.items():
        short_forms[said].add(short)
    return short_forms


def _pass_over(reached: set[int], target: str) -> set[int]:
    """A number may also be said in no further words."""
    reached = set(reached)
    pending = list(reached)
    while pending:
        at = pending.pop()
        if target.startswith(ANYTHING, at) and at + 1 not in reached:
            reached.add(at + 1)
            pending.append(at + 1)
    return reached


def _letters(chunk: str) -> str:
    if re.search(r"[\d&%$£€@+=°§]", chunk):
        return ANYTHING
    return "".join(character for character in chunk.casefold() if character.isalpha())


def _letter_places(chunk: str) -> Iterator[int]:
    """Where in the chunk each character of its ``_letters`` stands."""
    if _letters(chunk) == ANYTHING:
        yield 0
    else:
        yield from (at for at, written in enumerate(chunk) for letter in written.casefold() if letter.isalpha())


def _chunk_at(chunks: Sequence[tuple[str, str, int]], position: int) -> str:
    for chunk, letters, _ in chunks:
        if position < len(letters):
            return chunk
        position -= len(letters)
    return "nothing more"
