"""Transcripts and TextGrids broken on purpose."""

import re
from pathlib import Path

import pytest
from broken import Breakages, check_that_both_find, edit, grid, metadata, rewrite_line

from tts.config.root import Config

pytestmark = pytest.mark.slow  # a whole run of 'preprocess' and of 'doctor' each

breaks = Breakages()


@breaks(r"error .*u01.TextGrid: TextGrid of .*metadata.csv:2 is missing", r"metadata.csv:2: u01: .*TextGrid is missing")
def no_textgrid(corpus: Path) -> None:
    grid(corpus).unlink()


@breaks(r"error .*TextGrid: holds none of the 6 TextGrids of speaker 'tones'", r"metadata.csv:1: u00: .* is missing")
def no_textgrids_at_all(corpus: Path) -> None:
    for path in (corpus / "TextGrid").iterdir():
        path.unlink()


@breaks(
    r"error .*u01.TextGrid: cannot be read as a TextGrid",
    r"metadata.csv:2: u01: .*u01.TextGrid: cannot be read as a TextGrid",
)
def a_textgrid_of_junk(corpus: Path) -> None:
    grid(corpus).write_bytes(b"\x00\xff junk")


@breaks(r"error .*u01.TextGrid: is empty", r"metadata.csv:2: u01: .*u01.TextGrid: is empty")
def a_textgrid_of_no_bytes(corpus: Path) -> None:
    grid(corpus).write_bytes(b"")


@breaks(r"error .*u01.TextGrid", r"metadata.csv:2: u01: .*u01.TextGrid")
def a_textgrid_cut_off(corpus: Path) -> None:
    grid(corpus).write_bytes(grid(corpus).read_bytes()[:900])


@breaks(r"error .*u01.TextGrid: has no tier 'phones'", r"metadata.csv:2: u01: .*u01.TextGrid: has no tier 'phones'")
def no_phones_tier(corpus: Path) -> None:
    edit(grid(corpus), '"phones"', '"sounds"')


@breaks(r"error .*u01.TextGrid: holds no words", r"metadata.csv:2: u01: .*u01.TextGrid: holds no words")
def no_words_tier(corpus: Path) -> None:
    edit(grid(corpus), '"words"', '"orthography"')


@breaks(r"error .*u01.TextGrid: holds no phones", r"metadata.csv:2: u01: .*u01.TextGrid: holds no phones")
def nothing_but_silence(corpus: Path) -> None:
    head, phones = grid(corpus).read_text().split('"phones"')
    grid(corpus).write_text(head + '"phones"' + re.sub(r'text = "\w+"', 'text = "sil"', phones))


@breaks(r"error .*u01.TextGrid: .*overlap", r"metadata.csv:2: u01: .*u01.TextGrid: .*overlap")
def overlapping_phones(corpus: Path) -> None:
    head, phones = grid(corpus).read_text().split('"phones"')
    grid(corpus).write_text(head + '"phones"' + phones.replace("xmin = 0.54", "xmin = 0.31"))


@breaks(r"error .*u01.TextGrid: word 1 is 'one', but", r"metadata.csv:2: u01: .*word 1 is 'one', but")
def the_textgrid_of_another(corpus: Path) -> None:
    grid(corpus).write_bytes((corpus / "TextGrid" / "u00.TextGrid").read_bytes())


@breaks(r"warning .*u01.TextGrid:\d+: phone 'QX' is not one of the front end's; it is in 1 TextGrid")
def a_phone_nobody_knows(corpus: Path) -> None:
    edit(grid(corpus), '"UW"', '"QX"')


@breaks(r"warning .*TextGrid: 1 TextGrid\(s\) without a transcript, such as stray.TextGrid")
def a_stray_textgrid(corpus: Path) -> None:
    (corpus / "TextGrid" / "stray.TextGrid").write_bytes(grid(corpus).read_bytes())


@breaks(r"warning .*metadata.csv:2: transcript holds '\{'")
def braces_in_a_transcript(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01|{two} three silence")


@breaks(r"warning .*metadata.csv:2: word '你' cannot be pronounced")
def a_script_the_front_end_cannot_read(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01|你 three silence")
    edit(grid(corpus), '"two"', '"你"')


@breaks(
    r"error .*metadata.csv:1: has no '\|', like all lines: .* not by commas",
    r"columns are separated by '\|', not by commas",
)
def commas_for_pipes(corpus: Path) -> None:
    lines = metadata(corpus).read_text().splitlines()
    metadata(corpus).write_text("".join(f'{line.split("|")[0]},"two, three"\n' for line in lines))


@breaks(r"error .*metadata.csv:1: .* not by tabs", r"columns are separated by '\|', not by tabs")
def tabs_for_pipes(corpus: Path) -> None:
    edit(metadata(corpus), "|", "\t")


@breaks(
    r"error .*metadata.csv:1: the second column seems to name speakers", r"the second column seems to name speakers"
)
def speakers_in_the_second_column(corpus: Path) -> None:
    rows = [line.split("|") for line in metadata(corpus).read_text().splitlines()]
    metadata(corpus).write_text("".join(f"{row[0]}|spk{n % 2}|{row[1]}\n" for n, row in enumerate(rows)))


@breaks(r"warning .*u01.TextGrid: has 1 word\(s\) that the aligner did not know, 0.24 s, the first at 0.30 s")
def a_word_that_the_aligner_does_not_know(corpus: Path) -> None:
    edit(grid(corpus), '"two"', '"<unk>"')
    edit(grid(corpus), '"T"', '"spn"')
    edit(grid(corpus), '"UW"', '"spn"')


@breaks(r"error .*u01.TextGrid: word 'two' at 0\.300 s has no phones", r"u01: .*word 'two' at 0\.300 s has no phones")
def a_word_without_phones(corpus: Path) -> None:
    edit(grid(corpus), '"T"', '"sil"')
    edit(grid(corpus), '"UW"', '"sil"')


@breaks(r"warning .*u01.TextGrid: has 2 phone\(s\) outside all words, the first 'T' at 0.30 s")
def phones_outside_all_words(corpus: Path) -> None:
    edit(grid(corpus), '"two"', '""')
    rewrite_line(corpus, 2, "u01|three silence")


@pytest.mark.parametrize("name", breaks)
def test_broken(name: str, tones: Path, tmp_path: Path, config: Config) -> None:
    check_that_both_find(breaks[name], tones, tmp_path / "features", config)
