"""One sentence as the acoustic model reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tts.errors import InputError
from tts.runtime.pauses import PauseLengths
from tts.text.inventory import PAUSE, PhoneInventory
from tts.text.marks import mark_for
from tts.text.sentences import UNDIRECTED, Direction, Pause, Sentence, Unread, Word


class Place(NamedTuple):
    """A word among the phones."""

    word: Word
    first: int  # index of its first phone
    after: int  # and behind its last


@dataclass(frozen=True)
class Script:
    """Framed by pauses, with a mark wherever punctuation stands."""

    phones: tuple[str, ...]
    phone_ids: tuple[int, ...]
    places: tuple[Place, ...] = ()
    directions: tuple[Direction, ...] = ()  # one per phone; none where there is nothing to direct
    held: Mapping[int, int] = field(default_factory=dict)  # frames of pauses whose length is given, by index
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Joints:
    """Where a sentence stands in its text."""

    lengths: PauseLengths
    before: int | None  # frames of the pause before it; None at the beginning of the text
    closing: bool  # nothing follows


def write_script(sentence: Sentence, inventory: PhoneInventory, joints: Joints | None = None) -> Script:
    """Without ``joints``, all pauses last as long as the model says. Raises ``InputError`` naming the word with a phone
    that ``inventory`` lacks."""
    phones, directions, places = [PAUSE], [UNDIRECTED], list[Place]()
    held = dict[int, int]()
    last = len(sentence.words) - 1
    for index, word in enumerate(sentence.words):
        spoken = inventory.spoken(word.phones)
        for phone in spoken:
            if phone not in inventory:
                what = f"phone {phone!r} is not among the {len(inventory)} phones of this voice"
                raise InputError(f"word {word.text!r}", what)
        places.append(Place(word, len(phones), len(phones) + len(spoken)))
        phones += spoken
        asked_s = word.direction.pause_s
        if joints and index < last and asked_s is not None:
            held[len(phones)] = joints.lengths.frames(asked_s)
        if word.pause is not Pause.NONE or asked_s is not None or index == last:
            phones.append(mark_for(word.pause, inventory))
        directions += [word.direction] * (len(phones) - len(directions))
    if joints:
        edges = {0: _lead(sentence, joints), len(phones) - 1: _tail(sentence, joints)}
        held |= {index: frames for index, frames in edges.items() if frames is not None}
    ids = inventory.encode(phones, "pause")
    if all(direction is UNDIRECTED for direction in directions):
        directions = []
    return Script(tuple(phones), tuple(ids), tuple(places), tuple(directions), held, sentence.unread)


def pause_behind(sentence: Sentence, lengths: PauseLengths) -> int:
    """Frames between its last word and the first one of the next sentence."""
    asked_s = sentence.words[-1].direction.pause_s
    return lengths.of(sentence.joint) if asked_s is None else lengths.frames(asked_s)


def speakable(sentence: Sentence, inventory: PhoneInventory) -> Sentence:
    """With the closest phones for those that ``inventory`` lacks; words for which it has none are unread."""
    if all(phone in inventory for word in sentence.words for phone in word.phones):
        return sentence
    words, unread = list[Word](), list(sentence.unread)
    for word in sentence.words:
        closest = [inventory.closest(phone) for phone in inventory.spoken(word.phones)]
        if None in closest:
            unread.append(Unread(word.text, word.start, word.end))
        else:
            words.append(replace(word, phones=tuple(filter(None, closest))))
    return replace(sentence, words=tuple(words), unread=tuple(unread))


def _lead(sentence: Sentence, joints: Joints) -> int | None:
    """Frames of the pause that a sentence begins with."""
    if joints.before is None:
        asked_s = sentence.words[0].direction.lead_s
        return joints.lengths.frames(asked_s) if asked_s else None
    return min(joints.lengths.lead, joints.before)


def _tail(sentence: Sentence, joints: Joints) -> int | None:
    """Frames of the pause that it ends with: what the beginning of the next one leaves of the pause between both."""
    if joints.closing:
        asked_s = sentence.words[-1].direction.pause_s
        return None if asked_s is None else joints.lengths.frames(asked_s)
    whole = pause_behind(sentence, joints.lengths)
    return whole - min(joints.lengths.lead, whole)
