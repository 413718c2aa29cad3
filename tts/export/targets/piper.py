"""An English voice for Piper: ``voice.onnx`` and ``voice.onnx.json``.

Piper reads text with espeak-ng and feeds the code points of its IPA, one id each, a padding id between any two. Several
of them make one of our phones (``ˈ``, ``o``, ``ʊ``), so the graph begins with a finite-state reader: the longest match
in a trie of all phones as IPA spells them; ``ESPEAK_VOWELS`` and ``ESPEAK_CONSONANTS`` are what espeak-ng has besides.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import onnx

from tts.errors import InputError
from tts.export.targets.client_graph import client_graph
from tts.export.targets.target import fused_target
from tts.export.voice_graphs import VoiceGraphs
from tts.runtime.contract import VoiceManifest
from tts.text.arpabet import CONSONANTS, STRESS, VOWELS, to_arpabet
from tts.text.inventory import PAUSE_ID, PhoneInventory
from tts.text.marks import KINDS, mark_for

MODEL_FILE = "voice.onnx"
CONFIG_FILE = f"{MODEL_FILE}.json"  # where Piper looks for it

ESPEAK_VOWELS = {"ɐ": "ə", "ᵻ": "ɪ", "ɜ": "ɚ", "a": "æ", "e": "ɛ", "o": "ɔ"}
ESPEAK_CONSONANTS = {
    "tʃ": "t͡ʃ", "dʒ": "d͡ʒ", "ɾ": "t", "ʔ": "t", "x": "k", "r": "ɹ", "g": "ɡ", "ɬ": "l",
}  # fmt: skip
PADDING, START, END = "_", "^", "$"  # what Piper puts between, before and behind the code points
UNSPOKEN = (" ", "ː", "ʲ", "\N{COMBINING VERTICAL LINE BELOW}", "\N{COMBINING TILDE}")  # length, syllabic, nasal

GRAPH = """
piper (int64[one, N] input, int64[one] input_lengths, float[3] scales, SPEAKER)
   => (float[one, one, S] output, float[one, N] frames)
{
    symbols = Squeeze(input, zero)
    last_state, states = Scan <num_scan_inputs = 1,
        body = read (int64 state, int64 symbol) => (int64 next_state, int64 state_now) {
            choices = Gather(transitions, state)
            next_state = Gather(choices, symbol)
            state_now = Identity(next_state)
    }> (root, symbols)
    can_begin = Gather(is_begin, states)
    is_padding = Equal(symbols, padding_symbol)
    is_symbol = Not(is_padding)
    begins = And(can_begin, is_symbol)
    later_begins = Slice(begins, second, far)
    ends = Concat <axis = 0> (later_begins, at_end)
    phone_so_far = Gather(phone_of_state, states)
    candidates = Where(ends, phone_so_far, zero)
    length_scale = Slice(scales, second, third)
    VOICE_INPUTS
    VOICE_OUTPUT
    output = Unsqueeze(speech, zero)
    symbols_shape = Shape(symbols)
    no_frames = ConstantOfShape <value = int64[1] {0}> (symbols_shape)
    phone_frames = Squeeze(durations, zero)
    symbol_frames = ScatterElements(no_frames, spoken_at, phone_frames)
    float_frames = Cast <to = 1> (symbol_frames)
    frames = Unsqueeze(float_frames, zero)
}
"""
CONSTANTS: dict[str, npt.ArrayLike] = {
    "root": 0,  # state of the reader
    "padding_symbol": 0,
    "second": [1],
    "third": [2],
    "at_end": [True],
    "far": [np.iinfo(np.int64).max],
}


def write_piper(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """Writes both files. Returns a message for the user. Raises ``InputError`` for a voice that is not English."""
    manifest = voice.manifest
    if not manifest.language.lower().startswith("en"):
        raise InputError(f"voice {manifest.name!r}", f"speaks {manifest.language!r}; for Piper it must be English")
    spellings, lacking = spell_phones(manifest)
    symbols = (PADDING, *sorted({char for spelling in spellings for char in spelling} | {*UNSPOKEN, *STRESS}))
    model = client_graph(fused, GRAPH, {**CONSTANTS, **reader_tables(spellings, symbols)}, manifest)
    onnx.save(model, folder / MODEL_FILE)
    config = json.dumps(_config(manifest, symbols), ensure_ascii=False, indent=2)
    (folder / CONFIG_FILE).write_text(config + "\n", encoding="utf-8")
    return f"sounds that this voice lacks and leaves out: {' '.join(lacking)}" if lacking else "speaks all of English"


def spell_phones(manifest: VoiceManifest) -> tuple[dict[str, int], list[str]]:
    """Phone ids by what espeak-ng writes for them, and the sounds for which the voice has no phone."""
    inventory = PhoneInventory(manifest.phones)
    marks = {mark: manifest.phones.index(mark_for(kind, inventory)) for mark, kind in KINDS.items()}
    spellings, lacking = {START: PAUSE_ID, END: PAUSE_ID, **marks}, []
    vowels = {**dict(zip(VOWELS, VOWELS, strict=True)), **ESPEAK_VOWELS}
    consonants = {**dict(zip(CONSONANTS, CONSONANTS, strict=True)), **ESPEAK_CONSONANTS}
    sounds = {f"{stress}{spelling}": f"{stress}{vowels[spelling]}" for spelling in vowels for stress in ("", *STRESS)}
    for spelling, sound in {**sounds, **consonants}.items():
        label = to_arpabet([sound], spelling)[0] if manifest.front_end.startswith("arpabet") else sound
        phone = inventory.closest(label)
        if phone is not None:
            spellings[normalize("NFD", spelling)] = manifest.phones.index(phone)
        elif sound in (*VOWELS, *CONSONANTS) and sound not in lacking:
            lacking.append(sound)
    return spellings, lacking


def reader_tables(spellings: Mapping[str, int], symbols: tuple[str, ...]) -> dict[str, npt.NDArray[Any]]:
    """The trie of ``spellings`` as tables by state: the next one for each symbol, whether a phone can begin in it, and
    the phone of the longest spelling so far. State 0 has read nothing that matters; padding changes no state."""
    prefixes = sorted({spelling[:end] for spelling in spellings for end in range(len(spelling) + 1)})
    states = {prefix: state for state, prefix in enumerate(prefixes)}
    transitions = [
        [
            states[prefix] if symbol == PADDING else states.get(prefix + symbol, states.get(symbol, 0))
            for symbol in symbols
        ]
        for prefix in prefixes
    ]
    phones = [
        next((spellings[prefix[:end]] for end in range(len(prefix), 0, -1) if prefix[:end] in spellings), 0)
        for prefix in prefixes
    ]
    return {
        "transitions": np.array(transitions),
        "is_begin": np.array([len(prefix) < 2 for prefix in prefixes]),
        "phone_of_state": np.array(phones),
    }


def _config(manifest: VoiceManifest, symbols: tuple[str, ...]) -> dict[str, Any]:
    family, _, region = manifest.language.replace("-", "_").partition("_")
    return {
        "dataset": manifest.name,
        "audio": {"sample_rate": manifest.sample_rate, "quality": "medium"},
        "espeak": {"voice": manifest.language.lower()},
        "language": {"code": f"{family}_{region.upper()}" if region else family, "family": family, "region": region},
        "phoneme_type": "espeak",
        "phoneme_id_map": {symbol: [index] for index, symbol in enumerate(symbols)},
        "num_symbols": len(symbols),
        "num_speakers": len(manifest.speakers),
        "speaker_id_map": {speaker: index for index, speaker in enumerate(manifest.speakers)},
        "inference": {"noise_scale": 0.0, "length_scale": 1.0, "noise_w": 0.0},  # nothing in our models is random
        "hop_length": manifest.hop_length,
    }


TARGET = fused_target(write_piper)
