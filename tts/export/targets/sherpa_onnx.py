"""A voice for sherpa-onnx, as a VITS model with a lexicon (``--vits-model``, ``--vits-lexicon``, ``--vits-tokens``).

sherpa-onnx looks words up in ``lexicon.txt``, puts a space behind each and leaves punctuation between: numbers are not
read and words that are not listed are left out, so all words that the front end knows are. A sentence is framed by
pauses and punctuation becomes one, in the graph, as our own runtime does it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import onnx

from tts.export.targets.client_graph import client_graph
from tts.export.targets.target import fused_target
from tts.export.voice_graphs import VoiceGraphs
from tts.text.inventory import PhoneInventory
from tts.text.lexicon import Lexicon, format_lexicon
from tts.text.marks import KINDS, mark_for
from tts.text.sentences import Phones

MODEL_FILE, TOKENS_FILE, LEXICON_FILE = "model.onnx", "tokens.txt", "lexicon.txt"
SPACE = " "

GRAPH = """
sherpa_onnx (int64[one, N] x, int64[one] x_length, float[one] noise_scale, float[one] length_scale,
             float[one] noise_scale_w, SPEAKER) => (float[one, S] speech)
{
    tokens = Squeeze(x, zero)
    token_phones = Gather(phone_of_token, tokens)
    candidates = Concat <axis = 0> (pause, token_phones, pause)
    VOICE_INPUTS
    VOICE_OUTPUT
}
"""


def write_sherpa_onnx(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """Writes the three files. Returns a message for the user."""
    phones = voice.manifest.phones
    known = voice.front_end().vocabulary()
    inventory = PhoneInventory(phones)
    lexicon = pronounceable(known, inventory)
    lacking = [mark for mark in KINDS if mark not in inventory]  # the others are tokens by themselves
    tokens = (*phones, SPACE, *lacking)
    spoken = [*range(len(phones)), 0, *(phones.index(mark_for(KINDS[mark], inventory)) for mark in lacking)]
    metadata = {
        "model_type": "vits",
        "comment": "Linnet",  # not the voice's name: "piper" or "coqui" in it would have it read as one of theirs
        "language": voice.manifest.language,
        "n_speakers": str(len(voice.manifest.speakers)),
        "add_blank": "0",
        "punctuation": " ".join(KINDS),
        "version": "1",
    }
    model = client_graph(fused, GRAPH, {"phone_of_token": spoken}, voice.manifest)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, folder / MODEL_FILE)
    lines = [f"{token} {token_id}\n" for token_id, token in enumerate(tokens)]
    (folder / TOKENS_FILE).write_text("".join(lines), encoding="utf-8")
    (folder / LEXICON_FILE).write_bytes(format_lexicon(lexicon))
    missing = len(known) - len(lexicon)
    note = f"lexicon of {len(lexicon):,} words; sherpa-onnx leaves out all others"
    return note + (f", and {missing:,} with sounds that this voice lacks" if missing else "")


def pronounceable(vocabulary: Mapping[str, Phones], inventory: PhoneInventory) -> Lexicon:
    """Its words in phones of ``inventory``; without those that have another sound."""
    closest = cache(inventory.closest)
    words = {word: [closest(phone) for phone in inventory.spoken(phones)] for word, phones in vocabulary.items()}
    return {word: [" ".join(filter(None, phones))] for word, phones in words.items() if None not in phones}


TARGET = fused_target(write_sherpa_onnx)
