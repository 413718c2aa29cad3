import json
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import make_corpus

from preprocess.charts import bars, histogram
from preprocess.doctor import common_folder, examine
from preprocess.doctor_page import html_report
from preprocess.doctor_report import json_report, text_report
from preprocess.measure import count_clipped, silences
from tts.cli import main
from tts.config.root import Config

RATE = 16_000


@given(
    lead=st.integers(0, 200), spoken=st.integers(5, 100), pause=st.integers(1, 60), trail=st.integers(0, 200)
)  # frames of 10 ms
def test_silences_are_measured_where_they_are(lead: int, spoken: int, pause: int, trail: int) -> None:
    speech = 0.1 * np.sin(np.arange(spoken * 160, dtype=np.float32))
    parts = [np.zeros(lead * 160), speech, np.zeros(pause * 160), speech, np.zeros(trail * 160)]
    level, leading_s, trailing_s, pause_s = silences(np.concatenate(parts).astype(np.float32), RATE, 35.0)
    assert (leading_s, trailing_s) == pytest.approx((lead / 100, trail / 100), abs=0.011)
    assert pause_s == pytest.approx(pause / 100, abs=0.011)
    assert level == pytest.approx(-23.0, abs=0.5)


def test_flat_tops_are_counted_and_peaks_are_not() -> None:
    wave = np.sin(np.linspace(0, 60, 6000)).astype(np.float32)
    pcm = (np.rint(wave * 8000) / 32768).astype(np.float32)
    assert count_clipped(pcm) == 0
    assert count_clipped((3 * pcm).clip(-0.5, 0.5)) > 1000
    assert count_clipped(np.zeros(100, dtype=np.float32)) == 0


def test_a_good_corpus_may_train_whatever_the_number_of_processes(tones: Path, config: Config) -> None:
    one, two = (examine(tones, config, workers=workers) for workers in (1, 2))
    assert one.may_train and one == two


class Page(HTMLParser):
    """Tags that are opened and closed, and everything the page would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.slow
def test_the_page_stands_alone_and_can_be_heard(tones: Path, config: Config) -> None:
    wav = tones / "wavs" / "u01.wav"
    audio, rate = soundfile.read(wav)
    soundfile.write(wav, audio + 0.2, rate)
    lines = (tones / "metadata.csv").read_text().replace("u02|three", "u02|<script>").splitlines()
    (tones / "metadata.csv").write_text("\n".join(lines))
    page = Page(html_report(examine(tones, config, workers=1)))
    assert page.open == [] and page.tags.count("audio") >= 2 and "script" not in page.tags
    assert all(source.startswith(("data:audio/ogg;base64,", "data:image/svg+xml;base64,")) for source in page.sources)


def test_machines_read_the_same_as_people(tones: Path, config: Config) -> None:
    audio, rate = soundfile.read(tones / "wavs" / "u01.wav")
    soundfile.write(tones / "wavs" / "u01.wav", np.zeros_like(audio), rate)
    diagnosis = examine(tones, config, workers=1)
    report = json.loads(json_report(diagnosis))
    assert len(report["findings"]) == len(diagnosis.findings) and len(report["utterances"]) == 6
    assert report["utterances"][1]["sound"] is None  # a silent recording is not one
    assert not report["may_train"] and text_report(diagnosis).endswith(report["verdict"])


@pytest.mark.slow
def test_pages_without_anything_to_draw(tmp_path: Path, config: Config) -> None:
    (tmp_path / "metadata.csv").write_text("")
    diagnosis = examine(tmp_path, config, workers=1)
    assert Page(html_report(diagnosis)).open == [] and not diagnosis.may_train
    assert json.loads(json_report(diagnosis))["counts"] == {"error": 1, "warning": 0, "note": 0}


@pytest.mark.slow
@settings(max_examples=5)  # each draws two pictures
@given(st.lists(st.floats(-1e6, 1e6), max_size=50))
def test_charts_of_any_numbers(values: list[float]) -> None:
    assert Page(histogram(values, "Hz", (0.0,))).open == []
    assert Page(bars([(f"<{value}>", abs(value)) for value in values], "Hz")).open == []


def test_the_folder_of_all_paths() -> None:
    drives = [PureWindowsPath(place) for place in (r"C:\speech\a\wavs", r"C:\speech\b", r"D:\b")]
    assert common_folder(drives[:2]) == PureWindowsPath("C:/speech")
    assert common_folder(drives) == drives[0]  # there is none
    assert common_folder([PurePosixPath("/speech/a"), PurePosixPath("/speech/ab")]) == PurePosixPath("/speech")


@pytest.mark.slow
def test_exit_codes(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "tones", 2)
    command = ["doctor", str(corpus), "--workers", "1", "--set", "text.front_end=arpabet"]
    html, jsonl = tmp_path / "a.html", tmp_path / "a.json"
    good = CliRunner().invoke(main, [*command, "--html", str(html), "--json", str(jsonl)])
    assert good.exit_code == 0 and html.is_file() and jsonl.is_file(), good.output
    (corpus / "wavs" / "u00.wav").unlink()
    bad = CliRunner().invoke(main, command)
    assert bad.exit_code == 1 and re.search(r"Not yet: 1 error would", bad.output)
    for unusable in (["doctor", str(tmp_path / "none")], [*command, "--html", str(tmp_path / "none" / "a.html")]):
        assert CliRunner().invoke(main, unusable).exit_code == 2
