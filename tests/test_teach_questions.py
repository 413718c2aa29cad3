"""Questions that end higher than they did."""

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from tools.taught import write_taught
from tools.teach_questions import HIGH, LONE, PREDICTOR, main, risen, rises
from tts.models.saved import META_FILE, MODEL_FILE, find_checkpoint
from tts.text.english.front_end import EnglishFrontEnd
from tts.text.marks import PAUSES

PHONES = ["sil", "K", "AH1", "M", "T", "AH0", "N", "AY1", "T", "?"]  # come tonight?


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You are coming?", True),
        ("Did he say when?", True),
        ("When did he say that?", False),
        ("And what's that?", False),
        ("Tea or coffee?", False),
        ("You are coming.", False),
    ],
)
def test_questions_that_ask_for_a_yes_rise(text: str, expected: bool) -> None:
    (sentence,) = EnglishFrontEnd("en-us")(text)
    assert rises(sentence) is expected


@given(st.lists(st.floats(-8, 8), min_size=len(PHONES), max_size=len(PHONES)))
def test_the_end_rises_and_the_rest_stays(pitch: list[float]) -> None:
    for phones in (PHONES, [*PHONES[:-4], "B", "AH0", "T", "?"]):  # and a last word without a stressed vowel
        changed = risen(pitch, phones)
        nucleus = max(place for place, phone in enumerate(phones) if phone.endswith("1"))
        last = max(place for place, phone in enumerate(phones) if phone[-1] in "012")
        middle = np.median([p for p, phone in zip(pitch, phones, strict=True) if phone not in PAUSES])
        assert changed[:nucleus] == pitch[:nucleus]
        assert all(after >= before for before, after in zip(pitch, changed, strict=True))
        assert changed[last] >= middle + (LONE if nucleus == last else HIGH) - 1e-6


def test_what_has_no_vowel_stays() -> None:
    assert risen([1.0, 2.0, 3.0], ["sil", "M", "?"]) == [1.0, 2.0, 3.0]


def test_only_the_predictor_of_the_pitch_learns(tiny_corpus: Path, tiny_voice: Path, tmp_path: Path) -> None:
    acoustic = tiny_voice.parent / "acoustic"
    arguments = [str(tiny_corpus), str(acoustic), str(tmp_path / "taught"), "--steps", "60"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0 and "0 of them rise" not in result.output
    before, after = (load_file(f / MODEL_FILE) for f in (find_checkpoint(acoustic), tmp_path / "taught"))
    assert before.keys() == after.keys()
    changed = {name for name in before if not before[name].equal(after[name])}
    assert changed and all(PREDICTOR in name for name in changed)


def test_the_moving_average_is_taught_too(tmp_path: Path) -> None:
    names = ("acoustic.part.w", "acoustic_ema.part.w", "acoustic.other.w", "discriminators.part.w")
    save_file({name: torch.zeros(2, dtype=torch.float16) for name in names}, tmp_path / MODEL_FILE)
    (tmp_path / META_FILE).write_text("{}", encoding="utf-8")
    write_taught(
        tmp_path, tmp_path / "out", ("acoustic", "acoustic_ema"), "part", {"w": torch.ones(2), "new": torch.ones(1)}
    )
    after = load_file(tmp_path / "out" / MODEL_FILE)
    assert {name: float(tensor.sum()) for name, tensor in after.items()} == dict(zip(names, (2, 2, 0, 0), strict=True))
    assert (tmp_path / "out" / META_FILE).read_text(encoding="utf-8") == "{}"
