"""Text to ARPAbet phones: a voice's lexicon, and gruut for the words it lacks."""

from tts.text.arpabet import to_arpabet
from tts.text.gruut_front_end import GruutFrontEnd
from tts.text.lexicon import Lexicon
from tts.text.sentences import Sentence, Word


class ArpabetFrontEnd:
    """For voices of corpora aligned with CMUdict, as the aligner's ``english_us_arpa`` is."""

    def __init__(self, language: str, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._gruut = GruutFrontEnd(language)

    def __call__(self, text: str) -> list[Sentence]:
        """Raises ``InputError`` naming the word that cannot be pronounced, or when there is nothing to say."""
        return [Sentence(tuple(map(self._pronounce, sentence.words))) for sentence in self._gruut(text)]

    def _pronounce(self, word: Word) -> Word:
        # gruut knows whether a single letter is a name or an article ("plan A", "a plan"); a lexicon does not.
        phones = self.lexicon.get(word.text.lower()) if len(word.text) > 1 else None
        return Word(word.text, phones or to_arpabet(word.phones, f"word {word.text!r}"), word.followed_by_pause)
