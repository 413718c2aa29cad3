"""The two lists of a corpus that a command makes: what is in it, and what was left out and why."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from tts.files.whole import write_file

METADATA_FILE, LEFT_OUT_FILE = "metadata.csv", "left_out.csv"


def write_metadata(corpus: Path, rows: Iterable[str]) -> None:
    """``id|text`` on each line."""
    write_file(corpus / METADATA_FILE, "".join(f"{row}\n" for row in rows).encode())


def write_left_out(corpus: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(header)
    writer.writerows(rows)
    write_file(corpus / LEFT_OUT_FILE, table.getvalue().encode())
