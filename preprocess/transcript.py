"""Does a TextGrid belong to its transcript? Both are compared letter by letter, so that neither hyphens, apostrophes,
case nor where words are split matters."""

import re
from collections.abc import Iterable

from preprocess.textgrid import is_silence
from tts.errors import InputError

ANYTHING = "\0"  # stands for a number or symbol: in how many words it is said is not known here
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


def check_transcript(where: object, words: Iterable[str], text: str) -> None:
    """Raise ``InputError`` naming the first word of the TextGrid that the transcript does not have at that place.

    Unknown words of the aligner (``<unk>``) stand for any letters, numbers in the transcript for any words.
    """
    chunks = [(chunk, letters) for chunk in re.split(r"[\s\-–—]+", text) if (letters := _letters(chunk))]
    target = "".join(letters for _, letters in chunks)
    said = [word for word in words if word]
    if not said:
        raise InputError(where, "holds no words", "give it a tier 'words', to compare with the transcript")
    reached = _pass_over({0}, target)
    for number, word in enumerate(said, start=1):
        following = _pass_over(_match(word, target, reached), target)
        if is_silence(word):  # or the word "silence"
            following |= reached
        if not following:
            expected = _chunk_at(chunks, max(reached))
            raise InputError(where, f"word {number} is {word!r}, but the transcript goes on with {expected!r}")
        reached = following
    if len(target) not in reached:
        raise InputError(where, f"ends before the transcript does: {_chunk_at(chunks, max(reached))!r} is not aligned")


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


def _chunk_at(chunks: list[tuple[str, str]], position: int) -> str:
    for chunk, letters in chunks:
        if position < len(letters):
            return chunk
        position -= len(letters)
    return "nothing more"
