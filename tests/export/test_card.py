"""The card that is exported with a voice."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tts.export.card import card
from tts.runtime.contract import MANIFEST_FILE, VoiceManifest
from tts.runtime.folder import read_manifest
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow  # on a voice that is trained first


def head(text: str) -> dict[str, Any]:
    _, front, _ = text.split("---\n", 2)
    tree: dict[str, Any] = yaml.safe_load(front)
    return tree


def with_facts(voice: Path, **facts: Any) -> VoiceManifest:
    return read_manifest(voice / MANIFEST_FILE).model_copy(update=facts)


def test_an_exported_voice_has_the_card_of_its_manifest(tiny_voice: Path) -> None:
    manifest = read_manifest(tiny_voice / MANIFEST_FILE)
    text = (tiny_voice / "README.md").read_text(encoding="utf-8")
    assert text == card(manifest) and "README.md" not in manifest.sha256  # people may go over it
    about = head(text)
    assert about["pipeline_tag"] == "text-to-speech" and about["language"] == ["en"] and "onnx" in about["tags"]
    for section in ("## Use", "## Data", "## Training", "## Measured", "## Limits"):
        assert section in text
    assert f"{manifest.provenance['acoustic']['step']:,} steps" in text


def test_licence_data_and_base_are_on_it(tiny_voice: Path) -> None:
    provenance = {"data": ["LJ Speech, 24 h, public domain"], "base": "linnet"}
    text = card(with_facts(tiny_voice, licence="CC0-1.0", provenance=provenance))
    about = head(text)
    assert (about["license"], about["base_model"]) == ("cc0-1.0", "linnet") and "license_name" not in about
    assert "- LJ Speech, 24 h, public domain" in text and "it began as `linnet`" in text


def test_what_is_not_known_is_said(tiny_voice: Path) -> None:
    text = card(with_facts(tiny_voice, licence="", provenance={}, quality={}))
    assert head(text)["license"] == "other" and "not stated: ask whoever made it" in text
    assert "Not stated by whoever exported it" in text and "## Measured" not in text


def test_names_cannot_break_the_head(tiny_voice: Path) -> None:
    licence = 'mine: "all" rights\'s reserved #1'
    assert head(card(with_facts(tiny_voice, licence=licence)))["license_name"] == licence


def test_every_measure_of_the_voice_that_ships_has_words() -> None:
    manifest = Voice.load().manifest
    rows = [line for line in card(manifest).splitlines() if line.startswith("| ")]
    assert manifest.quality and not [name for name in manifest.quality for row in rows if row.startswith(f"| {name} ")]
