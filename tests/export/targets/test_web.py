"""The page speaks in a real browser, opened from disk."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from chromium import Chromium, Page

from tts.errors import InputError
from tts.export.targets.convert import convert
from tts.export.targets.web import find_runtime
from tts.export.voice_graphs import read_voice_graphs
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.folder import read_manifest
from tts.runtime.script import write_script
from tts.runtime.voice import Voice
from tts.text.inventory import PhoneInventory
from tts.text.sentences import part_limits, split_long

pytestmark = pytest.mark.slow

TEXT = "Hello, seven boats came home."
# The page knows a dictionary, and of our reader the tables; what depends on context it reads more plainly.
READ_ALIKE = [
    TEXT,
    "Hello — there; yes, no... home! Seven boats?",
    "7 boats, 21 boats, 12 boats.",
    "Only home. It was home.\n\nNo more dashes -- here.",
    "Where do we go when " + "seven boats come home and " * 12 + "rain, " + "seven boats come home and " * 12 + "rain?",
]


@pytest.fixture(scope="module")
def page(chromium: Chromium, voice: Path, tmp_path_factory: pytest.TempPathFactory) -> Page:
    try:
        find_runtime()
    except InputError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("web") / "bundle"
    convert(voice, "web", folder)
    page = chromium.open((folder / "index.html").as_uri())
    page.wait_for("document.getElementById('status')?.textContent == 'Ready.'")
    return page


def say(page: Page, text: str, **controls: Any) -> None:
    for element, value in {"text": text, **controls}.items():
        page.run(f"document.getElementById('{element}').value = {json.dumps(value)}")
    page.run("speakButton.click()")


@pytest.mark.parametrize(("speaker", "octaves", "pitch"), [("ann", 0, 0), ("ben", -1, 3.5)])
def test_it_sounds_as_our_runtime(page: Page, voice: Path, speaker: str, octaves: int, pitch: float) -> None:
    ours = Voice.load(voice).synthesize(TEXT, speaker=speaker, speed=2**octaves, pitch=pitch)
    say(page, TEXT, speed=octaves, pitch=pitch, speaker=["ann", "ben"].index(speaker))
    page.wait_for("!download.hidden")
    file = page.run("fetch(download.href).then(file => file.bytes()).then(bytes => Array.from(bytes))")
    audio, sample_rate = soundfile.read(BytesIO(bytes(file)), dtype="float32")
    assert sample_rate == ours.sample_rate
    np.testing.assert_allclose(audio, ours.audio, atol=1e-4)
    page.wait_for("stopButton.disabled")  # it has been heard


def test_it_reads_as_our_front_end(page: Page, voice: Path) -> None:
    graphs = read_voice_graphs(voice)
    front_end, inventory = graphs.front_end(), PhoneInventory(graphs.manifest.phones)
    page.run("unpack(VOICE.lexicon).text().then(lexicon => void (globalThis.reader = new Reader(VOICE, lexicon)))")
    for text in READ_ALIKE:
        limits = part_limits()
        parts = [part for sentence in front_end.sentences(text) for part in split_long(sentence, limits)]
        expected = [write_script(part, inventory).phones for part in parts]
        read = page.run(f"reader.read({json.dumps(text)})")
        assert [tuple(inventory.phones[phone] for phone in sentence) for sentence in read] == expected


def test_words_outside_the_dictionary_are_named(page: Page) -> None:
    say(page, "Hello xyzzyq, at 3/30 ☃ constructor.")
    assert page.run("status.textContent") == "Not in this voice's dictionary: xyzzyq, 3/30, ☃. Write it as it sounds."
    assert page.run("status.className") == "error" and page.run("stopButton.disabled && download.hidden")
    say(page, "...")
    assert page.run("status.textContent") == "There is no word to speak."


def test_it_stops(page: Page) -> None:
    say(page, TEXT * 20)
    assert page.run("speakButton.disabled && !stopButton.disabled")
    page.run("stopButton.click()")
    assert page.run("status.textContent") == "Stopped." and not page.run("speakButton.disabled")


def test_the_page_shows_whose_voice_it_is(page: Page, voice: Path) -> None:
    manifest = read_manifest(voice / MANIFEST_FILE)
    assert page.run("document.title") == manifest.name
    assert page.run("about.textContent") == f"American English. Licence: {manifest.licence}."
    assert page.run("[...speakers.options].map(option => option.text)") == list(manifest.speakers)


def test_the_runtime_is_to_be_installed_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="is not here, nor in a folder above; npm install onnxruntime-web"):
        find_runtime()


def test_a_missing_npm_package_is_found_before_the_voice_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="npm install onnxruntime-web"):
        convert(tmp_path / "no voice", "web", tmp_path / "page")
