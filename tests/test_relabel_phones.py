from pathlib import Path

import pytest
from click.testing import CliRunner

from preprocess.textgrid import Alignment, Interval, read_textgrid, render_textgrid
from tools.relabel_phones import main, relabel


@pytest.mark.parametrize(
    ("aligned", "said", "expected"),
    [
        ("HH AE0 D", "HH AE1 D", "HH AE1 D"),  # stress
        ("Y UH0 R K AA1 R", "Y AO1 R K AA1 R", "Y AO1 R K AA1 R"),  # another vowel
        ("R IY1 AH0 L", "R IY1 L", "R IY1 AH0 L"),  # one more: there is no time for it
        ("AH0 N", "N D", "AH0 N"),  # a vowel does not become a consonant
        ("G OW2", "", "G OW2"),
    ],
)
def test_phones_of_the_front_end_where_there_is_one_for_one(aligned: str, said: str, expected: str) -> None:
    assert relabel(aligned.split(), said.split()) == expected.split()


def test_times_and_pauses_stay(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    (corpus / "TextGrid").mkdir(parents=True)
    (corpus / "metadata.csv").write_text("a|Had I?\n")
    words = [Interval(0.1, 0.4, "Had"), Interval(0.6, 0.8, "I")]
    labels = ("sil", "HH", "AE2", "D", "sil", "AY0", "sil")
    phones = [Interval(*span, label) for span, label in zip(SPANS, labels, strict=True)]
    (corpus / "TextGrid" / "a.TextGrid").write_bytes(render_textgrid(Alignment(words, phones), 1.0))
    result = CliRunner().invoke(main, [str(corpus), str(out)])
    assert result.exit_code == 0 and "100.0% of 4 phones" in result.output, result.output
    written = read_textgrid(out / "a.TextGrid", "corpus").phones
    assert [(p.start_s, p.end_s) for p in written] == [pytest.approx(span) for span in SPANS]
    assert [p.label for p in written] == ["sil", "HH", "AE1", "D", "sil", "AY1", "sil"]


SPANS = [(0.0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)]
