"""The page in a headless Chromium, by clicking and typing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chromium import Chromium, Page, find_chromium
from level_voice import write_level_voice
from running import Running, running_server, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_chromium() is None, reason="no Chromium")]
KEY_CODES = {"Enter": 13, "Escape": 27}
SPOKEN = "document.getElementById('status').textContent.startsWith('Spoken')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Its voice is so slow that each word is seen."""
    folder = write_level_voice(tmp_path_factory.mktemp("voices") / "levels", speakers=("ann", "ben"), frames=150)
    with running_server(folder) as running:
        yield running


def open_page(chromium: Chromium, server: Running) -> Page:
    page = chromium.open(server.url + "/")
    page.wait_for("document.readyState === 'complete' && document.querySelectorAll('#voice option').length > 0")
    return page


def press(page: Page, key: str, modifiers: int = 0) -> None:
    """A key as a keyboard sends it; modifiers: 2 is Ctrl."""
    for kind in ("keyDown", "keyUp"):
        options = {"code": key, "modifiers": modifiers, "windowsVirtualKeyCode": KEY_CODES[key]}
        page.call("Input.dispatchKeyEvent", type=kind, key=key, **options)


def click(page: Page, name: str) -> None:
    """The middle of the element, with the mouse."""
    middle = "({x, y, width, height}) => [x + width / 2, y + height / 2]"
    box = page.run(f"({middle})(document.getElementById('{name}').getBoundingClientRect())")
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)


def write(page: Page, text: str) -> None:
    page.run("document.getElementById('text').select()")
    page.run("document.getElementById('text').focus()")
    page.call("Input.insertText", text=text)


def test_clicking_speaks_and_lights_the_words(chromium: Chromium, server: Running, tmp_path: Path) -> None:
    page = open_page(chromium, server)
    write(page, "Hello world, hello.")
    page.run("document.getElementById('voice').value = 'levels/ben'")
    page.run("""
      window.lit = new Set();
      new MutationObserver(() => document.querySelectorAll('.lit').forEach((word) => lit.add(word.textContent)))
        .observe(document.getElementById('words'), {subtree: true, attributes: true, childList: true});
    """)
    click(page, "picture")
    click(page, "speak")
    page.wait_for(SPOKEN)
    words = page.run("[...document.querySelectorAll('#words span')].map((word) => word.textContent)")
    assert words == ["Hello", "world", "hello"]
    assert page.run("document.getElementById('words').textContent") == "Hello world, hello."
    lit = page.run("[...lit]")
    assert lit and set(lit) <= set(words)  # a busy machine may miss one
    assert page.run("!document.getElementById('spectrogram').hidden")
    colours = "new Set(document.getElementById('spectrogram').getContext('2d').getImageData(0, 0, 1600, 256).data).size"
    assert page.run(colours) > 50
    download = "document.getElementById('download')"
    assert page.run(f"{download}.getAttribute('aria-disabled')") == "false"
    chromium.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    click(page, "download")
    wait_for(lambda: (tmp_path / "speech.wav").exists())
    recorded = (tmp_path / "speech.wav").read_bytes()
    fields = {"input": "Hello world, hello.", "voice": "ben", "response_format": "wav"}
    assert recorded == httpx.post(f"{server.api}/audio/speech", json=fields).content


def test_the_keyboard_alone_speaks_and_stops(chromium: Chromium, server: Running) -> None:
    page = open_page(chromium, server)
    write(page, "Hello world. " * 50)
    press(page, "Enter", modifiers=2)
    page.wait_for("document.querySelectorAll('#words span').length > 1")
    press(page, "Escape")
    page.wait_for("document.getElementById('status').textContent === 'Stopped'")
    assert page.run("document.getElementById('stop').disabled")


def test_an_error_is_said(chromium: Chromium, server: Running) -> None:
    page = open_page(chromium, server)
    write(page, " ")
    click(page, "speak")
    page.wait_for("document.getElementById('status').textContent === 'Not spoken: input is empty'")


def test_every_control_has_a_name(chromium: Chromium, server: Running) -> None:
    """For those who hear the page instead of seeing it."""
    page = open_page(chromium, server)
    nodes: list[dict[str, Any]] = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "textbox", "combobox", "slider", "checkbox", "link")
    controls = [node for node in nodes if node.get("role", {}).get("value") in roles]
    assert len(controls) >= 6
    assert all(node["name"]["value"] for node in controls)


def test_nothing_is_asked_of_other_hosts(chromium: Chromium, server: Running) -> None:
    page = open_page(chromium, server)
    names = page.run("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert len(names) >= 4 and all(name.startswith(server.url) for name in names)


def test_a_key_is_asked_for(chromium: Chromium, level_voice: Path) -> None:
    with running_server(level_voice, api_key="secret") as server:
        page = chromium.open(server.url + "/")
        page.wait_for("!document.getElementById('key-field')?.hidden && document.activeElement?.id === 'key'")
        page.call("Input.insertText", text="secret")
        page.run("document.getElementById('text').focus()")
        page.wait_for("document.querySelectorAll('#voice option').length > 0")
        write(page, "Hello.")
        click(page, "speak")
        page.wait_for(SPOKEN)
