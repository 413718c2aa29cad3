"""What earlier releases wrote is read, what later ones write is refused in one line that says so."""

import json
import shutil
from pathlib import Path

import pytest

from tts.config.features import FEATURES_SCHEMA_VERSION, FeaturesManifest
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.models.saved import load_acoustic, load_vocoder
from tts.runtime.voice import Voice

KEPT = Path(__file__).parent / "kept"
RELEASES = sorted(path.name for path in KEPT.iterdir() if path.is_dir())
LARGEST_RELEASE = 400_000  # bytes


def test_this_release_is_kept() -> None:
    assert "0.1" in RELEASES
    for release in RELEASES:
        assert sum(file.stat().st_size for file in (KEPT / release).rglob("*") if file.is_file()) < LARGEST_RELEASE


@pytest.mark.parametrize("release", RELEASES)
def test_its_voice_speaks(release: str) -> None:
    speech = Voice.load(KEPT / release / "voice").synthesize("Hello, hello.")
    assert len(speech.audio) and [word.label for word in speech.words] == ["hello", "hello"]


@pytest.mark.parametrize("release", RELEASES)
def test_its_checkpoints_are_read(release: str) -> None:
    acoustic, meta = load_acoustic(KEPT / release / "acoustic")
    assert sum(weight.numel() for weight in acoustic.parameters()) > 0 and "sil" in meta.phones
    vocoder, meta = load_vocoder(KEPT / release / "vocoder")
    assert sum(weight.numel() for weight in vocoder.parameters()) > 0
    assert meta.resolved_config("kept").audio.sample_rate == 22_050


@pytest.mark.parametrize("release", RELEASES)
def test_its_features_are_described_as_they_were(release: str) -> None:
    content = (KEPT / release / "features" / "features.json").read_text(encoding="utf-8")
    manifest = FeaturesManifest.model_validate_json(content)
    assert manifest.schema_version <= FEATURES_SCHEMA_VERSION and manifest.n_train > 0


LATER = r"schema version 99, and this version of Linnet reads those up to \d+; update"


def with_version(path: Path, version: int) -> None:
    tree = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(tree | {"schema_version": version, "unknown": 1}), encoding="utf-8")


def test_a_later_checkpoint_is_refused_by_name(tmp_path: Path) -> None:
    shutil.copytree(KEPT / "0.1" / "acoustic", tmp_path / "step_1")
    with_version(tmp_path / "step_1" / "meta.json", 99)
    with pytest.raises(InputError, match=LATER):
        load_acoustic(tmp_path / "step_1")


def test_later_features_are_refused_by_name(tmp_path: Path) -> None:
    shutil.copytree(KEPT / "0.1" / "features", tmp_path / "features")
    with_version(tmp_path / "features" / "features.json", 99)
    with pytest.raises(InputError, match=LATER):
        FeatureStore(tmp_path / "features")


def test_a_later_voice_is_refused_by_name(tmp_path: Path) -> None:
    shutil.copytree(KEPT / "0.1" / "voice", tmp_path / "voice")
    with_version(tmp_path / "voice" / "voice.json", 99)
    with pytest.raises(InputError, match="has schema version 99, not 1; use the version of Linnet"):
        Voice.load(tmp_path / "voice")
