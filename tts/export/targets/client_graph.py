"""A fused graph behind the inputs that another program feeds."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper, parser

from tts.export.fused_graph import splice, with_graph
from tts.runtime.contract import SPEAKER_IDS
from tts.text.inventory import PAUSE_ID

# From ``candidates`` (N,), phone ids with 0 where nothing is spoken, and ``length_scale`` (1,), to what the voice
# reads. One pause is enough where two signs ask for one. ``spoken_at`` (P,): which candidates are spoken.
VOICE_INPUTS = """
    found = NonZero(candidates)
    places = Squeeze(found, zero)
    phones = Gather(candidates, places)
    all_but_last = Slice(phones, zero, minus_one)
    phones_before = Concat <axis = 0> (zero, all_but_last)
    is_pause = Equal(phones, pause)
    follows_pause = Equal(phones_before, pause)
    is_repeated = And(is_pause, follows_pause)
    is_spoken = Not(is_repeated)
    spoken_at = Compress <axis = 0> (places, is_spoken)
    spoken = Compress <axis = 0> (phones, is_spoken)
    phone_ids = Unsqueeze(spoken, zero)
    phone_lengths = Shape(spoken)
    phones_shape = Shape(phone_ids)
    duration_scale = Expand(length_scale, phones_shape)
    pitch_shift = ConstantOfShape(phones_shape)
    energy_shift = ConstantOfShape(phones_shape)
"""
CONSTANTS = f"int64[1] zero = {{0}}, int64[1] minus_one = {{-1}}, int64[1] pause = {{{PAUSE_ID}}}"
SPEAKER_INPUT, SPEAKER_NODE = ", int64[one] sid", "    speaker_ids = Identity(sid)\n"


def client_graph(
    fused: onnx.ModelProto, text: str, tables: Mapping[str, npt.NDArray[np.int64]], metadata: Mapping[str, str]
) -> onnx.ModelProto:
    """``fused`` between what a program feeds and what it reads.

    ``text`` is a graph in ONNX's textual syntax that computes ``candidates`` and ``length_scale``, and its outputs from
    those of ``fused``. It looks phones up in ``tables``. CONSTANTS, SPEAKER and VOICE_INPUTS in it stand for what all
    such graphs have. ``metadata`` join those of ``fused``.
    """
    has_speakers = any(value.name == SPEAKER_IDS for value in fused.graph.input)
    text = text.replace("CONSTANTS", CONSTANTS).replace(", SPEAKER", SPEAKER_INPUT if has_speakers else "")
    text = text.replace("VOICE_INPUTS", VOICE_INPUTS + (SPEAKER_NODE if has_speakers else ""))
    graph = parser.parse_graph(text)
    graph.initializer.extend(numpy_helper.from_array(table, name) for name, table in tables.items())
    splice(graph, fused.graph)
    model = with_graph(fused, graph)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    return model
