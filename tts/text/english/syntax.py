"""What role a word plays, judged by its neighbours: the score of each, for ``homographs``.

Roles are those of ``homographs.txt``: n noun, o noun that no noun or adjective follows, s plural, j adjective, a
adjective before its noun alone, r adverb, v verb, z verb in -s, d past. The tables say what each kind of neighbour
speaks for and against; the sums are compared, so only differences matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tts.text.english.function_words import (
    ALWAYS,
    ARTICLES,
    ASKING,
    AT_ONCE,
    BE,
    CONJUNCTIONS,
    COUNTED,
    DEGREES,
    DO,
    HAVE,
    IRREGULAR,
    JOINING,
    LINKING,
    MODALS,
    NOUN_TAKERS,
    NUMBERS,
    OBJECTS,
    PARTICLES,
    PLURALS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    SKIPPED,
    SOME,
    SUBJECTS,
    THIRD,
    YESTERDAY,
)
from tts.text.english.word_classes import classes_of

Scores = dict[str, float]

# What stands before the word, behind adverbs: how much that speaks for each role.
BEFORE: dict[str, Scores] = {
    "start": {"n": 0.5, "j": 0.3, "s": 1.0},
    "to": {"v": 3.0, "d": -2.0, "n": 0.5},
    "modal": {"v": 3.0, "d": -2.0, "z": -1.0},
    "subject": {"v": 2.5, "d": 1.5, "n": -1.0, "s": -1.0},
    "third": {"z": 2.5, "d": 2.5, "v": -0.5, "n": -0.5, "s": -1.0},
    "who": {"z": 2.5, "d": 2.5, "v": 2.5, "n": -2.0, "s": -2.0, "j": -0.5},
    "relative": {"z": 1.5, "d": 1.5, "v": 1.0},
    "article": {"n": 3.0, "s": 3.0, "j": 2.0, "v": -3.0, "z": -3.0, "d": -2.0},
    "possessive": {"n": 3.0, "s": 3.0, "j": 2.0, "v": -3.0, "z": -3.0, "d": -2.0},
    "number": {"s": 3.0, "n": 1.5, "j": 1.0, "z": -1.0},
    "preposition": {"n": 2.2, "s": 2.2, "j": 1.0, "v": -1.5, "z": -2.0, "d": -1.0},
    "given": {"r": 2.0, "j": 1.0, "n": 0.5, "d": 0.5},
    "be": {"j": 2.0, "r": 1.0, "d": 1.5, "n": 0.3, "s": 0.3, "v": -2.5, "z": -2.5},
    "have": {"d": 3.0, "n": 1.0, "s": 1.0, "j": 0.5, "v": -2.0, "z": -2.0},
    "linking": {"j": 2.5, "r": 2.5, "n": 1.0, "v": -1.0},
    "degree": {"j": 3.0, "r": 3.0, "n": -1.0, "v": -1.0, "s": -1.0},
    "joining": {},
    "j": {"n": 2.2, "s": 2.2, "j": 0.8, "v": -1.0, "z": -1.0},
    "n": {"n": 1.2, "s": 0.8, "z": 1.5, "d": 1.5, "v": 0.0},
    "s": {"v": 1.7, "d": 1.2, "n": 0.3, "s": -0.5, "z": -1.0, "r": 0.8},
    "p": {"n": 2.5, "s": 2.5, "j": 1.0, "v": -2.0},
    "v": {"n": 1.5, "s": 1.7, "j": 0.8, "r": 1.0, "v": -1.0, "z": -1.5},
    "r": {"v": 0.5, "d": 0.5, "z": 0.5, "j": 0.5},
}
# What follows it.
BEHIND: dict[str, Scores] = {
    "end": {"n": 0.7, "s": 0.5, "j": 0.5, "r": 0.5, "v": -0.2, "d": -0.7},
    "object": {"v": 2.2, "z": 2.2, "d": 2.0, "n": -1.0, "s": -1.0, "j": -1.5, "r": -1.0},
    "of": {"n": 2.5, "s": 2.5, "v": -2.0, "z": -2.0, "j": -1.0},
    "to": {"r": 1.0, "j": 0.5, "n": 0.3},
    "that": {"v": 1.0, "z": 1.0, "d": 1.0},
    "verb": {"n": 2.0, "s": 2.0, "v": -1.5, "z": -1.5, "j": -0.5},
    "preposition": {"n": 0.5, "s": 0.5, "j": 0.0, "v": 0.3, "d": 0.3, "z": 0.5},
    "particle": {"v": 1.0, "z": 1.0, "d": 1.0},
    "n": {"j": 1.7, "n": 0.5, "v": 0.7, "z": 0.7, "d": 0.5, "s": -0.5},
    "s": {"j": 1.2, "n": 0.3, "v": 1.0, "z": 1.0, "d": 0.5, "s": -0.5},
    "j": {"v": 0.8, "z": 0.8, "d": 0.8, "j": 0.3},
    "r": {"v": 0.8, "z": 0.8, "d": 0.8},
    "joining": {"n": 0.2, "s": 0.2, "j": 0.2},
    "v": {"n": 1.0, "s": 1.2, "v": -0.5, "z": -0.5},
}
PAST, HABIT = 2.0, 0.7  # what a word of the past, or of habit, in the sentence speaks for "d", or against it
PREDICATE = 3.0  # against an adjective that stands before its noun alone: a blessed day, we are blessed
FOLLOWED = 3.0  # against a noun that stands before no other: the close of day, a close friend
NO_OTHER_VERB = 1.5  # for a verb, where a sentence has a subject and no other
INSTRUCTION = 2.5  # an instruction: the sentence begins with the word, and an object follows


@dataclass(frozen=True)
class Place:
    """A word in its sentence."""

    words: Sequence[str]  # lower case
    index: int
    phrase_start: int = 0  # index of the first word behind the last pause
    phrase_end: int = -1  # index behind the last word before the next pause
    is_name: bool = False  # written with a capital within a sentence

    @property
    def word(self) -> str:
        return self.words[self.index]

    def at(self, offset: int) -> str:
        """The word so many further, or "" beyond the phrase."""
        end = self.phrase_end if self.phrase_end >= 0 else len(self.words)
        return self.words[self.index + offset] if self.phrase_start <= self.index + offset < end else ""

    @cached_property
    def before(self) -> str:
        """The word before it, but for adverbs."""
        return self.at(-self.skipped - 1)

    @cached_property
    def skipped(self) -> int:
        """How many adverbs stand right before it."""
        count = 0
        while (word := self.at(-count - 1)) and (word in SKIPPED or word.endswith("ly")):
            count += 1
        return count

    def nearby(self, distance: int) -> frozenset[str]:
        """The words at most so far away; the next ones also with a sign that they are: "the+" before, "+of" behind."""
        around = [*self.words[max(self.index - distance, 0) : self.index]]
        around += self.words[self.index + 1 : self.index + 1 + distance]
        around += [word[:-1] for word in around if word.endswith("s")]
        return frozenset([*around, f"{self.at(-1)}+", f"+{self.at(1)}"])


def evidence(place: Place) -> Scores:
    """Of each role, how well it fits."""
    total: Scores = dict.fromkeys("njvdszr", 0.0)
    kinds = (BEFORE[_kind_before(place)], BEHIND[_kind_behind(place)])
    for scores in kinds:
        for role, score in scores.items():
            total[role] += score
    if not place.before and (_kind_behind(place) == "object" or place.at(1) in AT_ONCE):
        total["v"] += INSTRUCTION
    if _is_question(place):
        total["v"] += 4.0
        total["d"] -= 3.0
    elif place.before in SUBJECTS | THIRD and place.at(-place.skipped - 2) in HAVE:  # have you read
        total["d"] += 4.0
    if not place.before and place.at(2) in ("to", "into", "from") and _kind_behind(place) == "s":
        total["v"] += INSTRUCTION  # convert miles to kilometers
    total["d"] += _past(place)
    for role in _verbs_missing(place):
        total[role] += NO_OTHER_VERB
    before_noun = _kind_behind(place) in ("n", "s", "j")
    total["a"] = total["j"] - (0.0 if before_noun else PREDICATE)
    total["o"] = total["n"] - (FOLLOWED if before_noun else 0.0)
    return total


def _kind_before(place: Place) -> str:
    word, further = place.before, place.at(-place.skipped - 2)
    if place.at(-1) in DEGREES and place.at(-1) != "not":
        return "degree"
    if not word:
        return "start"
    if word == "to":
        from_it = further == place.word or place.at(-place.skipped - 3) == "from"  # mouth to mouth, from hand to mouth
        return "preposition" if further in NOUN_TAKERS or from_it else "to"
    if word in DO and not place.skipped and further:
        return "v"
    if word in OBJECTS and further in PREPOSITIONS | {"to"} and further not in CONJUNCTIONS:
        return "given"  # coming to you live
    if further in LINKING and (word in OBJECTS or (word == "her" and not place.at(1))):
        return "linking"  # kept her close
    phrase = place.words[max(place.phrase_start, place.index - 4) : place.index - 1]
    is_noun = word not in ARTICLES | POSSESSIVES | PREPOSITIONS and _class(word) in ("n", "s")
    if not place.at(1) and is_noun and not LINKING.isdisjoint(phrase):
        return "linking"  # keep your friends close
    if word == "one" and (further in ARTICLES or classes_of(further)[0] == "j"):
        return "n"  # the old one
    if word in SOME and not further and not place.at(1):
        return "s"  # some live, others die
    for kind, words in (
        ("modal", MODALS), ("subject", SUBJECTS), ("third", THIRD), ("possessive", POSSESSIVES), ("number", NUMBERS),
        ("be", BE), ("have", HAVE), ("linking", LINKING), ("preposition", PREPOSITIONS),
    ):  # fmt: skip
        if word in words:
            return kind
    if word == "who":
        return "who"
    if word in JOINING:
        return _class(further) if further else "joining"
    if word in ARTICLES:
        return "relative" if word in RELATIVES and classes_of(further)[0] in "ns" and further else "article"
    if word in PLURALS and further not in ("a", "an"):  # police suspect, but a police escort
        return "s"
    return "v" if further in THIRD and word.endswith("s") else _class(word)


def _kind_behind(place: Place) -> str:
    word = place.at(1)
    if not word:
        return "end"
    if word in ("of", "to", "that"):
        return word
    if word in ARTICLES or word in POSSESSIVES or word in OBJECTS:
        return "object"
    if word in BE or word in HAVE or word in MODALS:
        return "verb"
    for kind, words in (("particle", PARTICLES), ("preposition", PREPOSITIONS), ("joining", JOINING)):
        if word in words:
            return kind
    return _class(word) if _class(word) in BEHIND else "n"


def _class(word: str) -> str:
    kind = classes_of(word)[0]
    return "v" if kind in "vzdg" else kind


def _is_question(place: Place) -> bool:
    """Whether the subject stands between the word and its auxiliary: "did you read", "can your daughter read"."""
    further = -place.skipped - 2
    if place.before in SUBJECTS or place.before in THIRD:
        return place.at(further) in MODALS
    return (
        place.at(further) in POSSESSIVES | ARTICLES
        and place.at(further - 1) in MODALS
        and (not place.at(further - 2) or place.at(further - 2) in ASKING)
    )


def _verbs_missing(place: Place) -> str:
    """Roles of verbs that fit where the word must be the verb: the conductor conducts, the barracks house two hundred,
    many refuse treatment."""
    before, behind = place.before, place.at(1)
    is_number = behind in NUMBERS or behind.isdigit()
    if before in COUNTED and place.at(-2) == "" and behind and _kind_behind(place) == "n" and not is_number:
        return "v"
    if _class(before) not in ("n", "s") or (behind and not is_number):
        return ""
    phrase = place.words[place.phrase_start : place.index]
    begins = len(phrase) > 1 and (phrase[0] in ARTICLES or phrase[0] in POSSESSIVES) and phrase[0] not in RELATIVES
    others = any(word in BE or word in HAVE or word in MODALS or _class(word) == "v" for word in phrase)
    return "vzd" if begins and not others else ""


def _past(place: Place) -> float:
    words = [word for index, word in enumerate(place.words) if index != place.index]
    past = any(word in YESTERDAY | IRREGULAR or (classes_of(word)[0] == "d" and word.endswith("ed")) for word in words)
    return PAST * past - HABIT * any(word in ALWAYS for word in words)
