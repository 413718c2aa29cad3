import json
import shutil
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from tts.errors import InputError
from tts.export.targets.convert import convert
from tts.export.variants import Wanted, copy_with_variants
from tts.export.voice_graphs import read_voice_graphs
from tts.runtime import contract

FILES = {
    "fused": {"fused.onnx"},
    "sherpa-onnx": {"model.onnx", "tokens.txt", "lexicon.txt"},
    "piper": {"voice.onnx", "voice.onnx.json"},
    "triton": {"two_piper_speakers", "two_piper_speakers_acoustic", "two_piper_speakers_vocoder"},
}


@pytest.mark.slow
@pytest.mark.parametrize("target", FILES)
def test_a_bundle_is_whole(ipa_voice: Path, tmp_path: Path, target: str) -> None:
    report = convert(ipa_voice, target, tmp_path / "new" / "bundle")
    assert {file.name for file in (tmp_path / "new" / "bundle").iterdir()} == FILES[target]
    assert [folder.name for folder in (tmp_path / "new").iterdir()] == ["bundle"]
    assert str(tmp_path / "new" / "bundle") in report
    with pytest.raises(InputError, match="exists already; remove it, or give another folder"):
        convert(ipa_voice, target, tmp_path / "new" / "bundle")


@pytest.mark.slow
def test_the_fused_graph_says_what_it_takes(ipa_voice: Path, tmp_path: Path) -> None:
    convert(ipa_voice, "fused", tmp_path / "bundle")
    props = {prop.key: prop.value for prop in onnx.load(tmp_path / "bundle" / "fused.onnx").metadata_props}
    manifest = json.loads((ipa_voice / contract.MANIFEST_FILE).read_text(encoding="utf-8"))
    assert json.loads(props["phones"]) == manifest["phones"] and json.loads(props["speakers"]) == ["ann", "ben"]
    assert props["sample_rate"] == "22050" and props["licence"] == "CC0-1.0"


def test_a_damaged_voice_leaves_nothing(ipa_voice: Path, tmp_path: Path) -> None:
    shutil.copytree(ipa_voice, tmp_path / "voice")
    with (tmp_path / "voice" / contract.VOCODER_FILE).open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(InputError, match=r"vocoder\.onnx: was changed, cut short"):
        convert(tmp_path / "voice", "piper", tmp_path / "bundle")
    assert [folder.name for folder in tmp_path.iterdir()] == ["voice"]


@pytest.mark.slow
def test_a_variant_takes_the_place_of_the_graphs(ipa_voice: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no variant 'fp16'"):
        convert(ipa_voice, "fused", tmp_path / "bundle", "fp16")
    copy_with_variants(ipa_voice, tmp_path / "voice", Wanted(("fp16",), force=True))
    convert(tmp_path / "voice", "fused", tmp_path / "bundle", "fp16")
    vocoder = read_voice_graphs(tmp_path / "voice", "fp16").vocoder
    assert onnx.TensorProto.FLOAT16 in {tensor.data_type for tensor in vocoder.graph.initializer}
    size = (tmp_path / "bundle" / "fused.onnx").stat().st_size
    assert size < 0.7 * sum(file.stat().st_size for file in ipa_voice.glob("*.onnx"))


@pytest.mark.slow
def test_a_voice_is_converted_without_torch(ipa_voice: Path, tmp_path: Path) -> None:
    code = "import sys; from tts.cli import main; main(sys.argv[1:], standalone_mode=False)"
    code += "; assert 'torch' not in sys.modules"
    command = ["convert", str(ipa_voice), str(tmp_path / "bundle"), "--target", "triton"]
    subprocess.run([sys.executable, "-c", code, *command], check=True)
