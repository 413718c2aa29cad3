import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tts.cli import main
from tts.errors import InputError
from tts.export.calibration import gather_material
from tts.export.variants import Limit, Wanted, copy_with_variants, variants_table
from tts.export.voice_graphs import open_model, read_voice_graphs
from tts.runtime import contract
from tts.runtime.folder import read_manifest
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def with_variants(tiny_voice: Path, tiny_features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("variants") / "voice"
    copy_with_variants(tiny_voice, folder, Wanted(("fp16", "w8", "int8"), tiny_features, force=True))
    return folder


def test_every_variant_speaks(with_variants: Path, tiny_features: Path) -> None:
    manifest = read_manifest(with_variants / contract.MANIFEST_FILE)
    assert manifest.variants() == ("fp32", "fp16", "w8", "int8")
    assert {file.name for file in with_variants.iterdir()} == {*manifest.sha256, contract.MANIFEST_FILE, "README.md"}
    voice = read_voice_graphs(with_variants)
    material = gather_material(voice, open_model(voice.acoustic), tiny_features)
    for variant in manifest.variants():
        synthesizer = Voice.load(with_variants, variant=variant).synthesizer
        for inputs in material.sentences:
            mel, durations = synthesizer.acoustic.run([contract.MEL, contract.DURATIONS], inputs)
            (audio,) = synthesizer.vocoder.run(None, {contract.MEL: mel})
            assert audio.shape == (1, durations.sum() * manifest.hop_length) and np.isfinite(audio).all()


def test_a_voice_may_hold_a_variant_alone(tiny_voice: Path, tiny_features: Path, tmp_path: Path) -> None:
    copy_with_variants(tiny_voice, tmp_path / "small", Wanted(("fp16",), tiny_features, force=True, only=True))
    manifest = read_manifest(tmp_path / "small" / contract.MANIFEST_FILE)
    assert manifest.variants() == ("fp16",)
    assert not (tmp_path / "small" / contract.VOCODER_FILE).exists()
    Voice.load(tmp_path / "small")
    with pytest.raises(InputError, match="has no variant 'fp32'"):
        Voice.load(tmp_path / "small", variant="fp32")


def test_what_was_measured_is_in_the_manifest(with_variants: Path) -> None:
    quality = json.loads((with_variants / contract.MANIFEST_FILE).read_text(encoding="utf-8"))["quality"]
    assert "parity_audio" in quality
    for variant in ("fp16", "w8", "int8"):
        assert quality[f"{variant}_times_fp32_speed"] > 0
        assert quality[f"{variant}_megabytes"] > 0
    assert quality["fp16_error_db"] < -30


def test_a_variant_beyond_its_limit_is_refused_unless_forced(
    tiny_voice: Path, tiny_features: Path, tmp_path: Path
) -> None:
    wanted = Wanted(("fp16",), tiny_features, limits={"fp16": Limit(-119.0, 0.0)}, rounds=1)
    fp32, refused = copy_with_variants(tiny_voice, tmp_path / "refused", wanted)
    assert refused.refused and "its error is beyond the limit of -119 dB" in refused.problem
    assert "refused: its error" in variants_table([fp32, refused]).splitlines()[-1]
    assert not (tmp_path / "refused" / "vocoder.fp16.onnx").exists()
    with pytest.raises(InputError, match=r"has no variant 'fp16'; choose one of fp32, or make it: tts shrink"):
        Voice.load(tmp_path / "refused", variant="fp16")
    wanted = replace(wanted, force=True, limits={"fp16": Limit(-30.0, 1e6)})
    _, kept = copy_with_variants(tiny_voice, tmp_path / "kept", wanted)
    assert kept.problem == "not 1e+06 times as fast as fp32" and not kept.refused
    Voice.load(tmp_path / "kept", variant="fp16")


def test_an_altered_variant_is_refused(with_variants: Path, tmp_path: Path) -> None:
    copy = tmp_path / "voice"
    copy.mkdir()
    for file in with_variants.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / "vocoder.int8.onnx").write_bytes((copy / "vocoder.onnx").read_bytes())
    Voice.load(copy)
    with pytest.raises(InputError, match=r"vocoder\.int8\.onnx: was changed"):
        Voice.load(copy, variant="int8")


def test_the_command(tiny_voice: Path, tiny_features: Path, tmp_path: Path) -> None:
    shrink = ["shrink", str(tiny_voice), "--variant", "fp16", "--calibration", str(tiny_features)]
    forced = CliRunner().invoke(main, [*shrink, "--force", str(tmp_path / "voice")])
    assert forced.exit_code == 0 and "voice written" in forced.output
    judged = CliRunner().invoke(main, [*shrink, str(tmp_path / "judged")])  # barely trained, it may miss a limit
    assert judged.exit_code == ("refused: " in judged.output)
    missing = CliRunner().invoke(main, ["synthesize", "--voice", str(tmp_path / "voice"), "--variant", "int8", "Hello"])
    assert missing.exit_code == 2 and "has no variant 'int8'; choose one of fp32, fp16" in missing.output
