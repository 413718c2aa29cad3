from pathlib import Path

import numpy as np
import onnx
import pytest

from tts.errors import InputError
from tts.export.bundle import VoiceParts, write_voice
from tts.export.fused_graph import fuse, require_fused_parity
from tts.export.parity import Gate
from tts.export.voice_graphs import VoiceGraphs, open_model, read_voice_graphs
from tts.runtime import contract

pytestmark = pytest.mark.slow


@pytest.fixture
def voice(frame_level_parts: VoiceParts, tmp_path: Path) -> VoiceGraphs:
    """Two speakers, a postnet."""
    write_voice(frame_level_parts, tmp_path / "voice", name="voice", gate=Gate((5,), (5,)))
    return read_voice_graphs(tmp_path / "voice")


@pytest.fixture
def fused(voice: VoiceGraphs) -> onnx.ModelProto:
    return fuse(voice.acoustic, voice.vocoder, voice.manifest.hop_length)


def inputs(phone_ids: list[list[int]], lengths: list[int], scale: float = 1.0) -> dict[str, np.ndarray]:
    zeros = np.zeros(np.shape(phone_ids), np.float32)
    return {
        contract.PHONE_IDS: np.array(phone_ids),
        contract.PHONE_LENGTHS: np.array(lengths),
        contract.SPEAKER_IDS: np.arange(len(lengths)) % 2,
        contract.DURATION_SCALE: zeros + np.float32(scale),
        contract.PITCH_SHIFT: zeros,
        contract.ENERGY_SHIFT: zeros,
    }


def test_it_equals_the_two_graphs(fused: onnx.ModelProto, voice: VoiceGraphs) -> None:
    assert require_fused_parity(fused, voice) < 1e-6
    assert [value.name for value in fused.graph.input] == [value.name for value in voice.acoustic.graph.input]
    assert [value.name for value in fused.graph.output] == ["audio", "audio_lengths", "durations"]
    assert {prop.key for prop in fused.metadata_props} == set(contract.METADATA_KEYS)


def test_weights_of_another_vocoder_are_found_out(fused: onnx.ModelProto, voice: VoiceGraphs) -> None:
    weight = next(tensor for tensor in voice.vocoder.graph.initializer if tensor.name.endswith("conv_post.weight"))
    changed = 1.5 * onnx.numpy_helper.to_array(weight)
    weight.CopyFrom(onnx.numpy_helper.from_array(changed, weight.name))
    with pytest.raises(InputError, match=r"fused graph: differs .* the limit is 1e-05; nothing was written"):
        require_fused_parity(fused, voice)


def test_padding_in_the_batch_changes_nothing(fused: onnx.ModelProto) -> None:
    session = open_model(fused)
    together = inputs([[1, 2, 3, 4, 5, 2, 1], [1, 3, 1, 0, 0, 0, 0]], [7, 3])
    audio, lengths, durations = session.run(None, together)
    assert lengths[1] < lengths[0]
    for row, n_phones in enumerate((7, 3)):
        alone = {name: value[[row]][..., :n_phones] for name, value in together.items()}
        expected, expected_lengths, expected_durations = session.run(None, alone)
        assert expected_lengths[0] == lengths[row] == expected.shape[1]
        np.testing.assert_allclose(audio[row, : lengths[row]], expected[0], atol=1e-6)
        assert not audio[row, lengths[row] :].any()
        assert (durations[row, :n_phones] == expected_durations[0]).all()


def test_no_frames_at_all_is_silence(fused: onnx.ModelProto) -> None:
    audio, lengths, durations = open_model(fused).run(None, inputs([[1, 2], [3, 0]], [2, 1], scale=0.0))
    assert not lengths.any() and not durations.any() and not audio.any()
