"""Phones and their ids."""

from collections.abc import Iterable, Sequence

from tts.errors import InputError

PAD = "<pad>"  # id 0, never spoken
PAUSE = "sil"  # the one label every silence is stored under
PAUSE_ID = 1
GLOTTAL_STOP = "ʔ"  # a word without it is the same word: voices may lack it


class PhoneInventory:
    """An ordered set of phones: id 0 is padding, id 1 the pause, the rest sorted by label."""

    def __init__(self, phones: Sequence[str]) -> None:
        """``phones`` in id order, as ``build`` or a saved inventory gives them."""
        if list(phones[:2]) != [PAD, PAUSE] or len(set(phones)) != len(phones):
            raise InputError("phone inventory", f"must start with {PAD!r}, {PAUSE!r} and hold each phone once")
        self.phones = tuple(phones)
        self._ids = {phone: index for index, phone in enumerate(phones)}

    @classmethod
    def build(cls, phones: Iterable[str]) -> "PhoneInventory":
        """The inventory of a corpus; the order in which phones are met changes nothing."""
        return cls((PAD, PAUSE, *sorted(set(phones) - {PAD, PAUSE})))

    def __len__(self) -> int:
        return len(self.phones)

    def __contains__(self, phone: object) -> bool:
        return phone in self._ids

    def encode(self, phones: Iterable[str], where: object) -> list[int]:
        """Phone ids. Raises ``InputError`` naming ``where`` for a phone the inventory lacks; nothing is dropped."""
        ids = []
        for phone in phones:
            if phone == PAD or phone not in self._ids:
                raise InputError(where, f"phone {phone!r} is not among the {len(self)} phones of this voice")
            ids.append(self._ids[phone])
        return ids

    def spoken(self, phones: Iterable[str]) -> list[str]:
        """``phones`` without glottal stops where no recording had any: the words are the same."""
        return [phone for phone in phones if phone != GLOTTAL_STOP or phone in self]

    def closest(self, phone: str) -> str | None:
        """``phone`` itself, or the same sound with another stress where only that was recorded, or None."""
        if phone in self:
            return phone
        return next((other for other in self.phones if without_stress(other) == without_stress(phone)), None)


def without_stress(phone: str) -> str:
    """The sound of an IPA or ARPAbet label, whatever its stress."""
    return phone.lstrip("ˈˌ").rstrip("012")
