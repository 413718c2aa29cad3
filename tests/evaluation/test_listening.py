"""The page of a listening test, and a whole test in a headless Chromium."""

import json
from pathlib import Path

import numpy as np
import pytest
from chromium import Chromium, Page
from click.testing import CliRunner

from tts.audio.wav import write_audio
from tts.cli import main
from tts.errors import InputError
from tts.evaluation.listening import listening_page
from tts.evaluation.votes import read_votes
from tts.runtime.catalogue import DEFAULT_VOICE
from tts.runtime.lines import Line

TEXTS = ("Hello.", "Is this </script> the end?", 'A "quoted", one.')
LINES = [Line("", f"{number}", text) for number, text in enumerate(TEXTS)]
SAMPLE_RATE = 16_000


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Sounds of three systems, a tenth of a second each, of different loudness."""
    parent = tmp_path_factory.mktemp("systems")
    for number, name in enumerate(("low", "middle", "high"), start=1):
        (parent / name).mkdir()
        for line in LINES:
            wave = np.sin(np.arange(SAMPLE_RATE // 10) * 0.05 * number) * 0.2 * number
            write_audio(parent / name / f"{line.id}.wav", wave.astype(np.float32), SAMPLE_RATE)
    return [str(parent / name) for name in ("low", "middle", "high")]


def test_the_page_stands_alone(folders: list[str]) -> None:
    page = listening_page(folders, LINES, "pairs", None)
    assert "{{" not in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert page.count("</script>") == 2  # none of the texts ends a script
    assert page.count("data:audio/flac;base64,") == len(TEXTS) * len(folders)


def test_a_voice_speaks_the_sentences(folders: list[str]) -> None:
    page = listening_page([DEFAULT_VOICE, folders[0]], [Line("", "0", "Hello.")], "pairs", None)
    assert page.count("data:audio/flac;base64,") == 2


def test_what_cannot_be_compared_is_refused(folders: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no sound file '9'; it needs one for each line, such as 9"):
        listening_page(folders, [Line("", "9", "Hello.")], "pairs", None)
    with pytest.raises(InputError, match="names a system twice"):
        listening_page([folders[0], folders[0]], LINES, "pairs", None)
    with pytest.raises(InputError, match="is for --kind mos"):
        listening_page(folders, LINES, "pairs", Path(folders[0]))
    with pytest.raises(InputError, match="need two systems"):
        listening_page(folders[:1], LINES, "pairs", None)


def make_page(folders: list[str], tmp_path: Path, *options: str) -> Path:
    text = tmp_path / "text.txt"
    text.write_text("".join(f"{line.id}|{line.text}\n" for line in LINES), encoding="utf-8")
    command = ["evaluate", "listen", *folders, "--text", str(text), "-o", str(tmp_path / "page.html"), *options]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return tmp_path / "page.html"


def begin(page: Page, name: str) -> None:
    page.wait_for("document.readyState === 'complete'")
    page.run(f"document.getElementById('listener').value = {json.dumps(name)}")
    page.run("document.querySelector('#begin button').click()")


def press(page: Page, key: str) -> None:
    page.run(f"void document.dispatchEvent(new KeyboardEvent('keydown', {{key: {json.dumps(key)}, bubbles: true}}))")


def listen_to_the_trial(page: Page, keys: tuple[str, ...]) -> None:
    for place, key in enumerate(keys):
        press(page, key)
        page.wait_for(f"players[{place}].heard")


def answers(page: Page, path: Path) -> Path:
    path.write_text(page.run("fetch(document.getElementById('save').href).then((file) => file.text())"), newline="")
    return path


@pytest.mark.slow
def test_a_listener_who_likes_the_high_ones(chromium: Chromium, folders: list[str], tmp_path: Path) -> None:
    page = chromium.open(make_page(folders, tmp_path).as_uri())
    begin(page, 'Ann "A", b')
    assert page.run("state.trials.length") == 9  # three pairs of each sentence
    for trial in range(9):
        press(page, "ArrowLeft")  # an answer before listening does not count
        assert page.run("state.at") == trial
        assert page.run("document.querySelectorAll('#answers button:disabled').length") == 3
        shown = page.run("document.body.innerText")
        assert not any(name in shown for name in ("low", "middle", "high"))  # it is blind
        listen_to_the_trial(page, ("1", "2"))
        first, second = page.run("state.trials[state.at].systems")
        press(page, "ArrowLeft" if first > second else "ArrowRight")
    press(page, "Backspace")  # too late: the test is over
    verdict = read_votes([answers(page, tmp_path / "votes.csv")])
    assert [(p.a, p.b, p.for_a, p.for_b) for p in verdict.preferences] == [
        ("high", "low", 3, 0),
        ("high", "middle", 3, 0),
        ("low", "middle", 0, 3),
    ]


@pytest.mark.slow
def test_scores_with_a_hidden_reference(chromium: Chromium, folders: list[str], tmp_path: Path) -> None:
    page = chromium.open(make_page(folders[:1], tmp_path, "--kind", "mos", "--reference", folders[2]).as_uri())
    begin(page, "ben")
    for _ in range(3):
        listen_to_the_trial(page, (" ",))
        press(page, "2" if page.run("state.trials[state.at].systems[0]") == 0 else "5")
    page.call("Page.reload")  # what was answered is kept
    page.wait_for("document.readyState === 'complete' && typeof state !== 'undefined' && state?.at === 3")
    press(page, "Backspace")
    assert page.run("state.at") == 2 and page.run("document.querySelectorAll('#answers .chosen').length") == 1
    press(page, page.run("state.trials[state.at].answer"))
    for _ in range(3):
        listen_to_the_trial(page, (" ",))
        press(page, "2" if page.run("state.trials[state.at].systems[0]") == 0 else "5")
    verdict = read_votes([answers(page, tmp_path / "votes.csv")])
    assert [(opinion.system, opinion.mean) for opinion in verdict.opinions] == [("high", 5), ("low", 2)]
