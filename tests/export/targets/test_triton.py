"""The configs agree with the graphs; where NVIDIA's client is installed, its protobuf reads them."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import onnx
import pytest
from google.protobuf import text_format

from tts.export.targets.convert import convert

pytestmark = pytest.mark.slow

TYPES = {"TYPE_INT64": onnx.TensorProto.INT64, "TYPE_FP32": onnx.TensorProto.FLOAT}
TENSOR = re.compile(
    r'^(input|output) { name: "(\w+)" data_type: (\w+) dims: \[ (.+?) \]( reshape { shape: \[ \] })? }$', re.M
)


@pytest.fixture(scope="module")
def repository(ipa_voice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("triton") / "models"
    convert(ipa_voice, "triton", folder)
    return folder


def axes(value: onnx.ValueInfoProto) -> list[int]:
    """-1 where any size will do."""
    return [axis.dim_value or -1 for axis in value.type.tensor_type.shape.dim]


@pytest.mark.parametrize("model", ["two_piper_speakers_acoustic", "two_piper_speakers_vocoder"])
def test_names_types_and_sizes_are_those_of_the_graph(repository: Path, model: str) -> None:
    graph = onnx.load(repository / model / "1" / "model.onnx").graph
    expected = [
        (kind, value.name, value.type.tensor_type.elem_type, axes(value))
        for kind, values in (("input", graph.input), ("output", graph.output))
        for value in values
    ]
    found = []
    for kind, name, data_type, sizes, squeezed in TENSOR.findall((repository / model / "config.pbtxt").read_text()):
        found.append((kind, name, TYPES[data_type], [-1] if squeezed else [-1, *map(int, sizes.split(","))]))
    assert found == expected


def test_triton_reads_the_configs(repository: Path) -> None:
    client = pytest.importorskip("tritonclient", reason="NVIDIA's tritonclient is not installed")
    path = Path(client.__file__).parent / "grpc" / "model_config_pb2.py"
    spec = importlib.util.spec_from_file_location("model_config_pb2", path)
    assert spec and spec.loader
    schema: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(schema)
    files = sorted(repository.glob("*/config.pbtxt"))
    ensemble, acoustic, vocoder = [text_format.Parse(file.read_text("utf-8"), schema.ModelConfig()) for file in files]
    for config, file in zip((ensemble, acoustic, vocoder), files, strict=True):
        assert config.name == file.parent.name and config.max_batch_size > 1 and (file.parent / "1").is_dir()
    assert acoustic.WhichOneof("scheduling_choice") == vocoder.WhichOneof("scheduling_choice") == "dynamic_batching"
    assert list(acoustic.input[1].dims) == [1] and acoustic.input[1].HasField("reshape")
    first, second = ensemble.ensemble_scheduling.step
    assert (first.model_name, second.model_name) == (acoustic.name, vocoder.name)
    assert set(first.input_map) == {tensor.name for tensor in ensemble.input} == {t.name for t in acoustic.input}
    given = set(first.output_map.values()) | set(second.output_map.values())
    assert {tensor.name for tensor in ensemble.output} <= given and set(second.input_map.values()) <= given
    assert ensemble.parameters["sample_rate"].string_value == "22050"
