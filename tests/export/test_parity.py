from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from untrained_parts import make_parts

from tts.config.acoustic import ProsodyConfig
from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.export.acoustic_graph import AcousticGraph, export_acoustic
from tts.export.bundle import VoiceParts
from tts.export.onnx_file import write_graph
from tts.export.parity import (
    CONTROLS,
    GATE,
    Gate,
    ParityRow,
    acoustic_parity,
    parity_table,
    require_parity,
    vocoder_parity,
)
from tts.models.generators import make_generator
from tts.runtime import contract

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture(scope="module")
def exported(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both graphs of what ``parts`` makes anew for each test."""
    folder, parts = tmp_path_factory.mktemp("graphs"), make_parts(tiny_config, tiny_config.acoustic, ("one",))
    export_acoustic(folder / contract.ACOUSTIC_FILE, parts.acoustic, {})
    write_graph(folder / contract.VOCODER_FILE, parts.generator.graph(), {})
    return folder


@pytest.fixture
def acoustic_file(exported: Path, tmp_path: Path) -> Path:
    return copyfile(exported / contract.ACOUSTIC_FILE, tmp_path / contract.ACOUSTIC_FILE)


@pytest.fixture
def vocoder_file(exported: Path, tmp_path: Path) -> Path:
    return copyfile(exported / contract.VOCODER_FILE, tmp_path / contract.VOCODER_FILE)


def run(path: Path, **inputs: np.ndarray) -> list[np.ndarray]:
    return list(onnxruntime.InferenceSession(path).run(None, inputs))


def acoustic_inputs(phone_ids: np.ndarray, lengths: list[int], scale: float = 1.0) -> dict[str, np.ndarray]:
    zeros = np.zeros(phone_ids.shape, np.float32)
    return {
        contract.PHONE_IDS: phone_ids.astype(np.int64),
        contract.PHONE_LENGTHS: np.array(lengths),
        contract.DURATION_SCALE: zeros + np.float32(scale),
        contract.PITCH_SHIFT: zeros,
        contract.ENERGY_SHIFT: zeros,
    }


@pytest.mark.slow
def test_the_gate_covers_lengths_batches_controls_and_speakers(
    acoustic_file: Path, vocoder_file: Path, parts: VoiceParts
) -> None:
    rows = acoustic_parity(acoustic_file, parts.acoustic)
    assert {row.length for row in rows} == set(GATE.n_phones) and len(set(GATE.n_phones)) >= 20
    assert (min(GATE.n_phones), max(GATE.n_phones)) == (1, 2000)
    assert len({row.batch for row in rows}) > 1 and len({row.controls for row in rows}) > 1
    audio_rows = vocoder_parity(vocoder_file, parts.generator)
    assert {row.length for row in audio_rows} == set(GATE.n_frames) and len(set(GATE.n_frames)) >= 20
    require_parity(rows + audio_rows)


@pytest.mark.slow
def test_speakers_frame_level_and_postnet(frame_level_parts: VoiceParts, tmp_path: Path) -> None:
    export_acoustic(tmp_path / "acoustic.onnx", frame_level_parts.acoustic, {})
    rows = acoustic_parity(tmp_path / "acoustic.onnx", frame_level_parts.acoustic, Gate((1, 9, 41)))
    require_parity(rows)
    assert {row.speakers for row in rows if row.batch == 1} == {(0,), (1,)}


def test_the_table_has_a_line_per_length_and_a_column_per_controls_and_batch() -> None:
    rows = [
        ParityRow("acoustic.onnx", batch, length, controls, 1e-6 * length, (batch // 2,))
        for length, batch in ((1, 1), (1, 3), (2000, 1))
        for controls in (CONTROLS if length == 1 else ("fast, low, soft",))
    ]
    title, controls, batches, *lines = parity_table(rows).splitlines()
    assert title.endswith("the limit is 1e-04; 2 speakers")
    assert controls.split() == " ".join(CONTROLS).split()
    assert batches.split() == ["phones", *["batch", "1", "batch", "3"] * len(CONTROLS)]
    assert [line.split()[0] for line in lines] == ["1", "2000"]
    assert lines[0].split()[1:] == ["1.0e-06"] * 8 and lines[1].split()[1:] == ["2.0e-03"]


@pytest.mark.slow
def test_a_length_far_from_the_traced_one(acoustic_file: Path, parts: VoiceParts) -> None:
    phone_ids = np.arange(600)[None] % 5 + 1
    mel, mel_lengths, durations = run(acoustic_file, **acoustic_inputs(phone_ids, [600]))
    graph = AcousticGraph(parts.acoustic).eval()
    with torch.inference_mode():
        expected = graph(*[torch.from_numpy(x) for x in acoustic_inputs(phone_ids, [600]).values()])
    assert mel_lengths == durations.sum() > 600
    np.testing.assert_allclose(mel, expected[0].numpy(), atol=1e-4)


@pytest.mark.slow
def test_no_frames_at_all_is_one_frame_of_silence(acoustic_file: Path) -> None:
    mel, mel_lengths, durations = run(acoustic_file, **acoustic_inputs(np.ones((2, 4)), [4, 2], scale=0.0))
    assert mel.shape == (2, 80, 1) and not mel_lengths.any() and not durations.any()
    np.testing.assert_allclose(mel, np.log(1e-5), rtol=1e-6)


@pytest.mark.parametrize("zeros", [(0,), (6,), (2, 3), (0, 1, 2, 3, 4, 5)])
def test_phones_of_no_frames(acoustic_file: Path, zeros: tuple[int, ...]) -> None:
    inputs = acoustic_inputs(np.array([[1, 2, 3, 4, 5, 2, 1]]), [7])
    _, _, unhurried = run(acoustic_file, **inputs)
    inputs[contract.DURATION_SCALE][0, list(zeros)] = 0
    mel, mel_lengths, durations = run(acoustic_file, **inputs)
    expected = np.where(np.isin(np.arange(7), zeros), 0, unhurried[0])
    np.testing.assert_array_equal(durations[0], expected)
    assert mel.shape == (1, 80, expected.sum()) and mel_lengths == expected.sum() and np.isfinite(mel).all()


def test_one_phone(acoustic_file: Path, vocoder_file: Path) -> None:
    mel, mel_lengths, durations = run(acoustic_file, **acoustic_inputs(np.array([[2]]), [1]))
    assert mel.shape == (1, 80, durations.item()) and mel_lengths.item() == durations.item() > 0
    (audio,) = run(vocoder_file, mel=mel)
    assert audio.shape == (1, durations.item() * 256) and np.isfinite(audio).all()


def test_rows_of_the_vocoder_do_not_hear_each_other(vocoder_file: Path) -> None:
    mel = np.random.default_rng(0).uniform(-11, 2, (3, 80, 20)).astype(np.float32)
    (together,) = run(vocoder_file, mel=mel)
    for row, audio in zip(mel, together, strict=True):
        np.testing.assert_allclose(run(vocoder_file, mel=row[None])[0][0], audio, atol=1e-6)


def test_padding_in_the_batch_changes_nothing(acoustic_file: Path) -> None:
    phone_ids = np.array([[1, 2, 3, 4, 5, 2, 1], [1, 3, 1, 0, 0, 0, 0]])
    together, lengths, _ = run(acoustic_file, **acoustic_inputs(phone_ids, [7, 3]))
    alone, alone_lengths, _ = run(acoustic_file, **acoustic_inputs(phone_ids[1:, :3], [3]))
    assert lengths[1] == alone_lengths[0] < lengths[0]
    np.testing.assert_allclose(together[1, :, : lengths[1]], alone[0], atol=1e-5)
    np.testing.assert_allclose(together[1, :, lengths[1] :], np.log(1e-5), rtol=1e-6)


@pytest.mark.parametrize("operator", ["Round", "Softmax"])
def test_a_broken_graph_fails(acoustic_file: Path, parts: VoiceParts, operator: str) -> None:
    graph = onnx.load(acoustic_file)
    node = next(node for node in graph.graph.node if node.op_type == operator)
    if operator == "Round":
        node.op_type = "Floor"
    else:
        node.attribute[0].i -= 1  # over the queries in place of the keys
    onnx.save(graph, acoustic_file)
    with pytest.raises(InputError, match=r"acoustic\.onnx: differs .* the limit is 1e-04"):
        require_parity(acoustic_parity(acoustic_file, parts.acoustic, Gate((5, 9))))


def test_weights_of_another_generator_fail(vocoder_file: Path, parts: VoiceParts) -> None:
    parts.generator.conv_post.parametrizations.weight.original0.data *= 1.5
    with pytest.raises(InputError, match=r"vocoder\.onnx: differs"):
        require_parity(vocoder_parity(vocoder_file, parts.generator))


def test_not_a_number_is_no_parity() -> None:
    rows = [ParityRow("vocoder.onnx", 1, 1, "", error) for error in (0.0, float("nan"), 1e-6)]
    with pytest.raises(InputError, match="nan"):
        require_parity(rows)


def test_export_leaves_the_generator_trainable(parts: VoiceParts, vocoder_file: Path) -> None:
    generator = parts.generator
    assert "conv_pre.parametrizations.weight.original0" in generator.state_dict()


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param("ljspeech", marks=pytest.mark.slow),
        pytest.param("hifigan_v2", marks=pytest.mark.slow),
        "hifigan_v3",
        pytest.param("hifigan_istft", marks=pytest.mark.slow),
        "hifigan_istft_small",
        pytest.param("vocos_small", marks=pytest.mark.slow),
        "source_filter_small",
    ],
)
def test_every_vocoder_passes(recipe: str, tmp_path: Path) -> None:
    config = load_config([CONFIGS / f"{recipe}.yaml"])
    torch.manual_seed(0)
    generator = make_generator(config.vocoder.generator, config.audio)
    write_graph(tmp_path / "vocoder.onnx", generator.graph(), {})
    onnx.checker.check_model(onnx.load(tmp_path / "vocoder.onnx"), full_check=True)
    require_parity(vocoder_parity(tmp_path / "vocoder.onnx", generator, Gate(n_frames=(1, 7), batch_sizes=(2,))))


@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "speakers"), [("ljspeech", ("one",)), ("small", ("one", "two", "three"))])
def test_every_acoustic_model_passes(recipe: str, speakers: tuple[str, ...], tmp_path: Path) -> None:
    config = load_config([CONFIGS / f"{recipe}.yaml"])
    model = make_parts(load_config([CONFIGS / "tiny.yaml"]), config.acoustic, speakers).acoustic
    export_acoustic(tmp_path / "acoustic.onnx", model, {})
    onnx.checker.check_model(onnx.load(tmp_path / "acoustic.onnx"), full_check=True)
    require_parity(acoustic_parity(tmp_path / "acoustic.onnx", model, Gate((1, 4), batch_sizes=(2,))))


@pytest.mark.slow
def test_pooled_attention_passes(tmp_path: Path) -> None:
    config = load_config([CONFIGS / "tiny.yaml"], ["acoustic.decoder.pooling=4"])
    model = make_parts(config, config.acoustic, ("one",)).acoustic
    export_acoustic(tmp_path / "acoustic.onnx", model, {})
    require_parity(acoustic_parity(tmp_path / "acoustic.onnx", model, Gate((1, 2, 4, 9))))


@pytest.mark.slow
@pytest.mark.parametrize("level", ["phone", "utterance"])
def test_a_variational_prosody_passes_with_and_without_variation(level: Any, tmp_path: Path) -> None:
    config = load_config([CONFIGS / "tiny.yaml"])
    acoustic = config.acoustic.model_copy(update={"prosody": ProsodyConfig(level=level, size=3, channels=8)})
    model = make_parts(config, acoustic, ("one", "two")).acoustic
    assert model.prosody
    torch.nn.init.normal_(model.prosody.embedding.weight)
    export_acoustic(tmp_path / "acoustic.onnx", model, {})
    require_parity(acoustic_parity(tmp_path / "acoustic.onnx", model, Gate((1, 4, 9))))
    inputs = contract.AcousticInputs.of([[1, 2, 3, 4], [5, 2]], [0, 1]).feed(2)
    plain, _, _ = run(tmp_path / "acoustic.onnx", **inputs)
    zeros, _, _ = run(tmp_path / "acoustic.onnx", **inputs, prosody=np.zeros((2, 4, 3), np.float32))
    np.testing.assert_allclose(plain, zeros, atol=1e-5)


def test_the_vocoder_at_an_untraced_size(vocoder_file: Path, parts: VoiceParts) -> None:
    mel = np.random.default_rng(0).uniform(-11, 2, (5, 80, 333)).astype(np.float32)
    (audio,) = run(vocoder_file, mel=mel)
    assert audio.shape == (5, 333 * 256)
    with torch.inference_mode():
        np.testing.assert_allclose(audio, parts.generator(torch.from_numpy(mel))[:, 0].numpy(), atol=1e-4)


@pytest.mark.slow
def test_durations_at_half_a_frame_do_not_fail_the_gate(parts: VoiceParts, tmp_path: Path) -> None:
    projection = parts.acoustic.variance_adaptor.duration.projection
    torch.nn.init.zeros_(projection.weight)
    torch.nn.init.constant_(projection.bias, float(np.log(1 + 2.5)))
    export_acoustic(tmp_path / "acoustic.onnx", parts.acoustic, {})
    require_parity(acoustic_parity(tmp_path / "acoustic.onnx", parts.acoustic, Gate((1, 9))))
