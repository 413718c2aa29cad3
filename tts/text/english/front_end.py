"""English text to phones: in ARPAbet, as CMUdict writes it, or in IPA."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tts.text.arpabet import to_ipa
from tts.text.english.homographs import is_homograph
from tts.text.english.pronounce import Pronouncer
from tts.text.english.pronunciations import known_words
from tts.text.english.reading import read
from tts.text.english.weak_forms import REDUCED, Forms
from tts.text.lexicon import Lexicon
from tts.text.sentences import FrontEnd, NothingToSayError, Phones, Sentence


class EnglishFrontEnd(FrontEnd):
    """Reads with the lexicon of the package, and what a voice lists itself."""

    def __init__(self, language: str, own: Lexicon | None = None, weak_forms: Forms = REDUCED) -> None:
        self.language = language
        self._own = own or {}
        self._pronouncer = Pronouncer(self._own, weak_forms)

    def prepare(self) -> None:
        is_homograph("a")

    def vocabulary(self) -> Mapping[str, Phones]:
        words = known_words().keys() | self._own.keys()
        return {word: phones for word in words if (phones := self._pronouncer.usual(word))}

    def sentences(self, text: str) -> Iterator[Sentence]:
        silent = True
        for tokens in read(text, self.language, self._pronouncer.knows):
            sentence = self._pronouncer.sentence(text, tokens)
            if sentence.words or sentence.unread:
                yield sentence
                silent = silent and not sentence.words
        if silent:
            raise NothingToSayError(text)


class IpaEnglishFrontEnd(FrontEnd):
    """The same in IPA as gruut writes it, for voices and corpora with such phones."""

    def __init__(self, language: str) -> None:
        self._english = EnglishFrontEnd(language)

    def prepare(self) -> None:
        self._english.prepare()

    def vocabulary(self) -> Mapping[str, Phones]:
        return {word: to_ipa(phones) for word, phones in self._english.vocabulary().items()}

    def sentences(self, text: str) -> Iterator[Sentence]:
        for sentence in self._english.sentences(text):
            words = tuple(replace(word, phones=to_ipa(word.phones)) for word in sentence.words)
            yield replace(sentence, words=words)
