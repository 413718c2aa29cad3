"""Corpora broken on purpose. Whatever stops preprocessing is an error of the doctor's, and the other way round."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from preprocess.doctor import examine
from preprocess.doctor_report import one_line
from preprocess.pipeline import run
from tts.config.root import Config
from tts.errors import InputError

Change = Callable[[Path], object]


@dataclass(frozen=True)
class Breakage:
    change: Change
    found: str  # severity and finding of the doctor, as a pattern
    said: str  # the InputError of preprocessing; empty where it can use the corpus


class Breakages(dict[str, Breakage]):
    """What can be broken, by the names of the functions that do it."""

    def __call__(self, found: str, said: str = "") -> Callable[[Change], Change]:
        def register(function: Change) -> Change:
            self[function.__name__] = Breakage(function, found, said)
            return function

        return register


def check_that_both_find(breakage: Breakage, corpus: Path, features: Path, config: Config) -> None:
    """The doctor and preprocessing, in a copy of ``corpus`` that may be broken."""
    config = Config.model_validate(config.model_dump() | {"text": {"front_end": "arpabet"}})
    breakage.change(corpus)
    diagnosis = examine(corpus, config, workers=1)
    findings = [f"{finding.severity} {one_line(finding)}" for finding in diagnosis.findings]
    assert any(re.match(breakage.found, finding) for finding in findings), findings
    assert diagnosis.may_train is (not breakage.said), findings
    try:
        skipped = run(corpus, features, config, workers=1).skipped
    except InputError as error:
        assert breakage.said and re.search(breakage.said, str(error)) and "\n" not in str(error), error
    else:
        assert not breakage.said and skipped == []


def wav(corpus: Path) -> Path:
    return corpus / "wavs" / "u01.wav"


def grid(corpus: Path) -> Path:
    return corpus / "TextGrid" / "u01.TextGrid"


def metadata(corpus: Path) -> Path:
    return corpus / "metadata.csv"


def edit(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def rewrite_line(corpus: Path, number: int, line: str) -> None:
    lines = metadata(corpus).read_text().splitlines()
    lines[number - 1] = line
    metadata(corpus).write_text("\n".join(lines))


def as_manifest(corpus: Path, **columns: str) -> Path:
    rows = [line.split("|") for line in metadata(corpus).read_text().splitlines()]
    entries = [{"audio": f"wavs/{id}.wav", "text": text, **columns} for id, text, _ in rows]
    metadata(corpus).unlink()
    path = corpus / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, entries)))
    return path
