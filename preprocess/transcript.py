"""Does a TextGrid belong to its transcript? Both are compared letter by letter, so that neither hyphens, apostrophes,
case nor where words are split matters."""

import re
from collections.abc import Iterator, Sequence

from preprocess.textgrid import is_silence
from tts.errors import InputError

ANYTHING = "\0"  # stands for a number or symbol: in how many words it is said is not known here
CHUNK = re.compile(r"[^\s\-–—]+")
UNKNOWN_WORDS = frozenset({"<unk>", "[unk]", "unk", "<unknown>", "[bracketed]", "<cutoff>"})
ABBREVIATIONS = {
    "mister": "mr",
    "missus": "mrs",
    "misses": "mrs",
    "messieurs": "messrs",
    "doctor": "dr",
    "saint": "st",
    "street": "st",
    "captain": "capt",
    "colonel": "col",
    "general": "gen",
    "lieutenant": "lt",
    "sergeant": "sgt",
    "major": "maj",
    "reverend": "rev",
    "honorable": "hon",
    "esquire": "esq",
    "company": "co",
    "limited": "ltd",
    "junior": "jr",
    "fort": "ft",
    "number": "no",
}


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
    spellings = (letters, ABBREVIATIONS.get(letters, letters))
    matched = {at + len(spelling) for at in reached for spelling in spellings if target.startswith(spelling, at)}
    return matched | {at for at in reached if target.startswith(ANYTHING, at)}


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
