"""A fused graph behind the inputs that another program feeds."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper, parser

from tts.export.fused_graph import splice, with_graph
from tts.runtime.contract import VoiceManifest
from tts.runtime.synthesizer import EDGE_FADE_S
from tts.text.inventory import PAUSE_ID
from tts.text.marks import PAUSES

# From ``candidates`` (N,), phone ids with 0 where nothing is spoken, and ``length_scale`` (1,), to what the voice
# reads. One pause is enough where two signs ask for one. ``spoken_at`` (P,): which candidates are spoken.
VOICE_INPUTS = """
    found = NonZero(candidates)
    places = Squeeze(found, zero)
    phones = Gather(candidates, places)
    all_but_last = Slice(phones, zero, minus_one)
    phones_before = Concat <axis = 0> (zero, all_but_last)
    is_pause = Gather(is_pause_phone, phones)
    follows_pause = Gather(is_pause_phone, phones_before)
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
# From ``audio`` to ``speech``, both (1, S): faded at both ends and clipped, as our runtime does it.
VOICE_OUTPUT = """
    audio_shape = Shape(audio)
    n_samples = Gather(audio_shape, time_axis)
    samples = Range(no_sample, n_samples, one_sample)
    samples_before = Cast <to = 1> (samples)
    n_samples_float = Cast <to = 1> (n_samples)
    from_start = Add(samples_before, half)
    from_end = Sub(n_samples_float, from_start)
    from_edge = Min(from_start, from_end)
    ramp = Div(from_edge, fade)
    gain = Min(ramp, full_scale)
    faded = Mul(audio, gain)
    speech = Clip(faded, minus_full_scale, full_scale)
"""
CONSTANTS: dict[str, npt.ArrayLike] = {
    "zero": [0],
    "minus_one": [-1],
    "pause": [PAUSE_ID],
    "no_sample": 0,
    "one_sample": 1,
    "time_axis": 1,
    "half": np.float32(0.5),
    "full_scale": np.float32(1),
    "minus_full_scale": np.float32(-1),
}
SPEAKER_INPUT, SPEAKER_NODE = ", int64[one] sid", "    speaker_ids = Identity(sid)\n"


def client_graph(
    fused: onnx.ModelProto, text: str, tables: Mapping[str, npt.ArrayLike], manifest: VoiceManifest
) -> onnx.ModelProto:
    """``fused`` between what a program feeds and what it reads. Metadata are those of ``fused``, and the licence.

    ``text`` is a graph in ONNX's textual syntax that computes ``candidates`` and ``length_scale``, and its outputs from
    ``speech``; in it SPEAKER, VOICE_INPUTS and VOICE_OUTPUT stand for what all such graphs have. ``tables`` are its
    constants.
    """
    several = len(manifest.speakers) > 1
    for mark, meaning in {
        ", SPEAKER": SPEAKER_INPUT if several else "",
        "VOICE_INPUTS": VOICE_INPUTS + (SPEAKER_NODE if several else ""),
        "VOICE_OUTPUT": VOICE_OUTPUT,
    }.items():
        text = text.replace(mark, meaning)
    graph = parser.parse_graph(text)
    fade = np.float32(EDGE_FADE_S * manifest.sample_rate)
    is_pause = [phone in PAUSES for phone in manifest.phones]
    constants = {**CONSTANTS, **tables, "fade": fade, "is_pause_phone": is_pause}
    graph.initializer.extend(numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items())
    splice(graph, fused.graph)
    model = with_graph(fused, graph)
    model.metadata_props.add(key="licence", value=manifest.licence)
    return model
