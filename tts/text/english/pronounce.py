"""The words of a sentence, as they are said: by heart, by their role, made of others, guessed or spelled."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tts.text.arpabet import is_vowel
from tts.text.english import loanwords, origins
from tts.text.english.folding import fold
from tts.text.english.guess import LETTERS, guess
from tts.text.english.homographs import choose, is_homograph
from tts.text.english.inflections import derive, with_s
from tts.text.english.letters import NAMES, is_letter, is_speakable
from tts.text.english.pronunciations import known_words
from tts.text.english.syntax import Place
from tts.text.english.token import Token
from tts.text.english.weak_forms import Forms
from tts.text.lexicon import Lexicon
from tts.text.marks import strongest
from tts.text.sentences import Pause, Phones, Sentence, Unread, Word

THE_BEFORE_VOWEL = ("DH", "IY0")
BEFORE_VOWEL: dict[str, Phones] = {"the": THE_BEFORE_VOWEL, "to": ("T", "UW0")}
IN_CONTEXT: dict[str, Phones] = {"a": ("AH0",), "the": ("DH", "AH0")}
TRAILING = re.compile(r"[^\w\s]*")  # punctuation behind a word
ALPHABET = frozenset(LETTERS)
REMEMBERED = 20_000  # guesses
REACH = 60  # words on either side that decide between homographs: a text without an end takes no longer

Said = tuple[Phones, str]  # phones and where they come from


@dataclass(frozen=True)
class Spoken:
    """A word that the reader asks for."""

    text: str  # lower case, or the capital of a letter to be named
    token: Token
    is_last: bool  # of its token


class Pronouncer:
    """Safe to call from several threads."""

    def __init__(self, own: Lexicon, weak_forms: Forms) -> None:
        """``own``: what the voice lists itself. It decides which of our pronunciations are right for its words, but for
        those of ``weak_forms``."""
        self._own = own
        self._weak_forms = weak_forms
        self._known = known_words()
        self._guessed: dict[str, Phones] = {}

    def knows(self, word: str) -> bool:
        """Whether ``word``, in lower case, is in a lexicon."""
        return word in self._own or word in self._known

    def sentence(self, text: str, tokens: Sequence[Token]) -> Sentence:
        """``tokens`` of ``text``, pronounced. Those that nobody could pronounce are listed as unread."""
        spoken, unread = list[Spoken](), list[Unread]()
        for token in tokens:
            if words := _plain_words(token):
                spoken += [Spoken(word, token, index == len(words) - 1) for index, word in enumerate(words)]
            else:
                unread.append(Unread(text[token.start : token.end], token.start, token.end))
                if spoken:  # which then ends as what is left out would have
                    pause = strongest(iter((spoken[-1].token.pause, token.pause)))
                    spoken[-1] = replace(spoken[-1], token=replace(spoken[-1].token, pause=pause))
        said = [self._known_by(text, spoken, index) for index in range(len(spoken))]
        unknown = [_as_guessed(text, word) for word, known in zip(spoken, said, strict=True) if known is None]
        self._guess(unknown)
        pronounced = [
            word
            for asked, known in zip(spoken, said, strict=True)
            for word in _words(text, asked, known or self._made_up(text, asked))
        ]
        return Sentence(tuple(_in_context(pronounced, self._weak_forms)), tuple(unread))

    def usual(self, word: str) -> Phones | None:
        """As it is said when nothing is known of its context; None for a word in no lexicon."""
        known = self._known_by(word, [Spoken(word, Token(0, len(word), "word", (word,)), True)], 0)
        return self._weak_forms.get(word, known[0]) if known else None

    def _known_by(self, text: str, spoken: Sequence[Spoken], index: int) -> Said | None:
        word = spoken[index].text
        if is_letter(word):
            name = NAMES[word[0]]
            return (name if len(word) == 1 else with_s(name)), "spelled"
        said = self._look_up(text, spoken, index)
        if word in self._own and word not in IN_CONTEXT:
            listed = self._own[word]
            if said is None or " ".join(said[0]) not in listed:
                return tuple(listed[0].split()), "lexicon"
        return said

    def _look_up(self, text: str, spoken: Sequence[Spoken], index: int) -> Said | None:
        word = spoken[index].text
        if word in IN_CONTEXT:
            return IN_CONTEXT[word], "lexicon"
        if is_homograph(word):
            return choose(_place(text, spoken, index)), "homograph"
        listed, written = self._find(word), _written(text, spoken[index].token)
        if listed and origins.fits(written, listed):
            return origins.with_its_stress(written, listed), "lexicon"
        if spelled := loanwords.say(word):
            return spelled, "spelling"
        made = derive(word, self._find, is_name=_is_capitalised(text, spoken[index].token))
        return (made, "stem") if made and origins.fits(written, made) else None

    def _find(self, word: str) -> Phones | None:
        if word in self._own:
            return tuple(self._own[word][0].split())
        listed = self._known.get(word)
        return listed[0] if listed else None

    def _guess(self, words: Sequence[str]) -> None:
        """Together, since the network reads many words as quickly as one."""
        wanted = [word for word in dict.fromkeys(words) if word not in self._guessed and is_speakable(word)]
        if wanted:
            if len(self._guessed) > REMEMBERED:
                self._guessed = {}
            self._guessed |= zip(wanted, guess(wanted), strict=True)

    def _made_up(self, text: str, asked: Spoken) -> Said:
        guessed = self._guessed.get(_as_guessed(text, asked))
        return (origins.with_its_stress(_written(text, asked.token), guessed), "guess") if guessed else ((), "spelled")


def _as_guessed(text: str, asked: Spoken) -> str:
    """An unknown word with its marks and its origin in mind: çelik as "chelik"."""
    written = _written(text, asked.token)
    marked = written if len(written) == len(asked.text) and not written.isascii() else asked.text
    word = fold(origins.respelled(marked)).text
    return word if ALPHABET.issuperset(word) else asked.text


def _written(text: str, token: Token) -> str:
    """A word as it is written, in small letters; nothing for one of several, as those of a number are."""
    if len(token.words) != 1:
        return ""
    written = text[token.start : token.end].lower()
    return written if written.isascii() else unicodedata.normalize("NFC", written)


def _is_capitalised(text: str, token: Token) -> bool:
    return token.kind == "word" and len(token.words) == 1 and text[token.start : token.start + 1].isupper()


def _plain_words(token: Token) -> list[str]:
    """The words of a token in the letters of English, without what has none."""
    words = []
    for word in token.words:
        if not ALPHABET.issuperset(word) and not is_letter(word):
            word = "".join(char for char in unicodedata.normalize("NFKD", word).lower() if char in ALPHABET)
        if word.strip("'"):
            words.append(word)
    return words


def _words(text: str, asked: Spoken, said: Said) -> Iterator[Word]:
    """One word, or the letters of one that is spelled."""
    token, (phones, origin) = asked.token, said
    pause = token.pause if asked.is_last else Pause.NONE
    end = token.end
    if text[end : end + 1] not in (" ", ""):
        end = TRAILING.match(text, end).end()  # type: ignore[union-attr]
    written = text[token.start : end]
    word = Word(asked.text, phones, pause, token.start, token.end, token.kind, origin, written)
    if phones:
        yield word
        return
    letters = [letter for letter in asked.text.upper() if letter in NAMES]
    for place, letter in enumerate(letters):
        behind = pause if place == len(letters) - 1 else Pause.NONE
        yield replace(word, text=letter, phones=NAMES[letter], pause=behind)


def _in_context(words: Sequence[Word], weak_forms: Forms) -> Iterator[Word]:
    """Function words as they are said within a phrase, and before a vowel."""
    for index, word in enumerate(words):
        if index + 1 == len(words) or word.pause is not Pause.NONE:
            yield word
        elif word.text in BEFORE_VOWEL and is_vowel(words[index + 1].phones[0]):
            yield replace(word, phones=BEFORE_VOWEL[word.text])
        elif word.text in weak_forms:
            yield replace(word, phones=weak_forms[word.text])
        else:
            yield word


def _place(text: str, spoken: Sequence[Spoken], index: int) -> Place:
    spoken, index = spoken[max(index - REACH, 0) : index + REACH + 1], min(index, REACH)
    words = [word.text if not is_letter(word.text) else "x" for word in spoken]
    start, end = index, index + 1
    while start and not _pauses(spoken[start - 1]):
        start -= 1
    while end < len(words) and not _pauses(spoken[end - 1]):
        end += 1
    token = spoken[index].token
    is_name = index > 0 and len(token.words) == 1 and text[token.start : token.end].istitle()
    return Place(words, index, start, end, is_name)


def _pauses(spoken: Spoken) -> bool:
    return spoken.is_last and spoken.token.pause is not Pause.NONE
