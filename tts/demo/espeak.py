"""espeak-ng through ctypes: phones in, samples and the exact start of every phone out.

The C library (GPL, in the wheel ``espeakng-loader``) keeps one state per process, so it is loaded once and calls must
not overlap; its noise goes on from call to call, so the same samples come again only in a fresh process.
Only the demo uses it: it makes recordings anywhere, without a download.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import espeakng_loader
import numpy as np
import numpy.typing as npt

from tts.errors import InputError
from tts.text.inventory import without_stress

SAMPLE_RATE = 22_050  # Hz, fixed by espeak-ng

# ARPAbet in espeak-ng's spelling; the stress marks ' and , go in front.
MNEMONICS = {
    "AA": "A:", "AE": "a", "EH": "E", "IY": "i:", "IH": "I", "AO": "O:", "UH": "U", "AH": "V", "UW": "u:", "ER": "3:",
    "EY": "eI", "AY": "aI", "OW": "oU", "OY": "OI", "AW": "aU",
    "P": "p", "B": "b", "T": "t", "D": "d", "K": "k", "G": "g", "CH": "tS", "JH": "dZ", "M": "m", "N": "n", "NG": "N",
    "F": "f", "V": "v", "TH": "T", "DH": "D", "S": "s", "Z": "z", "SH": "S", "ZH": "Z", "HH": "h",
    "L": "l", "R": "r", "W": "w", "Y": "j",
}  # fmt: skip
UNSTRESSED = {"AH0": "@", "ER0": "3"}  # the vowels of "about" and "letter"
STRESS_MARKS = {"0": "", "1": "'", "2": ","}
LINKING = {";", "r-"}  # inserted by espeak-ng between two vowels ("idea", "doing"); counted to the phone before
PAUSES = {"_", "_:", "_!", "_|"}

Clause = tuple[Sequence[Sequence[str]], str]  # words as phones, and the punctuation mark after them


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("mnemonic", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """``espeak_EVENT`` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # ms
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


# Constants of speak_lib.h.
_RETRIEVAL, _PHONEME_EVENTS, _DONT_EXIT = 1, 0x0001, 0x8000
_UTF8, _ACCEPT_PHONEMES = 1, 0x0100
_LIST_TERMINATED, _PHONEME = 0, 7
_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def speak(clauses: Sequence[Clause], voice: str) -> tuple[npt.NDArray[np.int16], list[tuple[int, str]]]:
    """Samples (S,) at ``SAMPLE_RATE``, and (start in samples, espeak-ng mnemonic) of every phone in order.

    ``voice`` is one of espeak-ng that knows the phones of en-us, with a variant if wanted: "en-us+f1". Variants with
    echo (f2 to f5) fill the closures of plosives, which then count to the phone before.
    """
    library = _library()
    if library.espeak_SetVoiceByName(voice.encode()):
        raise InputError(f"voice {voice!r}", "is unknown to espeak-ng", 'try "en-us" or "en-us+f1"')
    blocks: list[npt.NDArray[np.int16]] = []
    starts: list[tuple[int, str]] = []

    def collect(samples: Any, n_samples: int, events: Any) -> int:
        if n_samples:
            blocks.append(np.ctypeslib.as_array(samples, (n_samples,)).copy())
        starts.extend(_phones(events))
        return 0

    text = " ".join(_spell(*clause) for clause in clauses).encode()
    callback = _SynthCallback(collect)  # kept alive until the last sample has come
    library.espeak_SetSynthCallback(callback)
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8 | _ACCEPT_PHONEMES, None, None)
    library.espeak_Synchronize()
    return np.concatenate(blocks), starts


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = str(espeakng_loader.get_data_path()).encode()
    rate = library.espeak_Initialize(_RETRIEVAL, 0, data, _PHONEME_EVENTS | _DONT_EXIT)
    if rate != SAMPLE_RATE:
        raise RuntimeError(f"espeak-ng did not start (espeak_Initialize returned {rate})")
    return library


def _phones(events: Any) -> Iterator[tuple[int, str]]:
    index = 0
    while events[index].type != _LIST_TERMINATED:
        if events[index].type == _PHONEME:
            yield events[index].sample, events[index].id.mnemonic.decode()
        index += 1


def _spell(words: Sequence[Sequence[str]], mark: str) -> str:
    """A clause as espeak-ng's phoneme input; ``|`` keeps neighbours such as ``t`` and ``S`` apart."""
    return " ".join(f"[[{'|'.join(map(_mnemonic, word))}]]" for word in words) + mark


def _mnemonic(phone: str) -> str:
    stress = STRESS_MARKS.get(phone[-1], "")
    return stress + (UNSTRESSED.get(phone) or MNEMONICS[without_stress(phone)])
