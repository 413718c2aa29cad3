from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from preprocess.textgrid import Alignment, Interval, render_textgrid
from tools.compare_alignments import compare, main


def write(folder: Path, phones: str, shift_s: float = 0.0) -> None:
    """Phones of 0.1 s each, from 0.1 s on; "-" is a pause."""
    folder.mkdir(exist_ok=True)
    intervals = [
        Interval(0.1 * i + shift_s, 0.1 * (i + 1) + shift_s, "sil" if phone == "-" else phone)
        for i, phone in enumerate(phones.split(), start=1)
    ]
    (folder / "a.TextGrid").write_bytes(render_textgrid(Alignment([], intervals), 2.0))


def test_every_boundary_of_matched_phones_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "reference", "HH AY1 - Y UW1")
    write(tmp_path / "other", "HH AY0 - Y UW", shift_s=0.02)
    differences, n_matched, n_phones = compare(tmp_path / "reference", tmp_path / "other")
    assert (n_matched, n_phones) == (4, 4)
    assert differences == pytest.approx([0.02] * 6)  # four starts, the end before the pause, the last end


def test_beside_another_phone_nothing_is_compared(tmp_path: Path) -> None:
    write(tmp_path / "reference", "HH AY Y UW")
    write(tmp_path / "other", "HH AY W UW")
    differences, n_matched, _ = compare(tmp_path / "reference", tmp_path / "other")
    assert n_matched == 3 and len(differences) == 3  # around HH, and where UW ends
    assert np.abs(differences).max() < 1e-6


def test_the_table_is_printed(tmp_path: Path) -> None:
    write(tmp_path / "reference", "HH AY")
    write(tmp_path / "other", "HH AY", shift_s=0.03)
    result = CliRunner().invoke(main, [str(tmp_path / "reference"), str(tmp_path / "other")])
    assert "2 of 2 phones matched" in result.output
    assert result.output.splitlines()[-1].split()[:3] == ["30.0", "30.0", "+30.0"]
