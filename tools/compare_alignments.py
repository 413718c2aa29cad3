"""How far the boundaries of two folders of TextGrids lie apart: python -m tools.compare_alignments REFERENCE OTHER.

Files are paired by name. The phones of a pair are matched in order, without pauses and whatever their stress; where the
two say different phones (another pronunciation, another front end) nothing is compared. Compared are both ends of every
matched phone whose neighbour on that side is matched too, each boundary once.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from preprocess.textgrid import Interval, is_silence, read_textgrid
from tts.errors import InputError
from tts.text.inventory import without_stress

WITHIN_MS = (10, 25, 50, 100)
SAME_TIME_S = 1e-3  # s; phones that touch share a boundary


def compare(reference: Path, other: Path) -> tuple[npt.NDArray[np.float64], int, int]:
    """Differences in s (other - reference) of all boundaries, and how many reference phones were matched, of how many.

    Raises ``InputError`` when no file of one folder is in the other.
    """
    others = {path.name: path for path in other.rglob("*.TextGrid")}
    pairs = [(path, others[path.name]) for path in sorted(reference.rglob("*.TextGrid")) if path.name in others]
    if not pairs:
        raise InputError(other, f"holds no TextGrid named as one in {reference}")
    differences: list[float] = []
    n_matched = n_phones = 0
    for left, right in pairs:
        phones, found = (_spoken(path) for path in (left, right))
        matches = dict(_match(phones, found))
        differences += _boundary_differences(phones, found, matches)
        n_matched, n_phones = n_matched + len(matches), n_phones + len(phones)
    return np.array(differences), n_matched, n_phones


def table(differences: npt.NDArray[np.float64]) -> str:
    """Median, mean and shares of the absolute differences, and the median with its sign."""
    ms = 1000 * np.abs(differences)
    shares = "".join(f"{100 * np.mean(ms <= limit):>9.1f} %" for limit in WITHIN_MS)
    head = f"{'median':>9}{'mean':>9}{'bias':>9}" + "".join(f"{f'<= {limit} ms':>11}" for limit in WITHIN_MS)
    return f"{head}\n{np.median(ms):>9.1f}{ms.mean():>9.1f}{1000 * np.median(differences):>+9.1f}{shares}"


def _spoken(path: Path) -> list[Interval]:
    return [phone for phone in read_textgrid(path, path.parent.name).phones if not is_silence(phone.label)]


def _match(phones: Sequence[Interval], found: Sequence[Interval]) -> Iterator[tuple[int, int]]:
    left, right = ([without_stress(phone.label) for phone in row] for row in (phones, found))
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        yield from ((block.a + offset, block.b + offset) for offset in range(block.size))


def _boundary_differences(
    phones: Sequence[Interval], found: Sequence[Interval], matches: dict[int, int]
) -> Iterator[float]:
    for i, j in matches.items():
        if i == j == 0 or matches.get(i - 1) == j - 1:
            yield found[j].start_s - phones[i].start_s
        last = i == len(phones) - 1
        if (last and j == len(found) - 1) or (
            matches.get(i + 1) == j + 1 and phones[i + 1].start_s > phones[i].end_s + SAME_TIME_S
        ):
            yield found[j].end_s - phones[i].end_s


@click.command(help=__doc__)
@click.argument("reference", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
def main(reference: Path, other: Path) -> None:
    differences, n_matched, n_phones = compare(reference, other)
    click.echo(f"{len(differences)} boundaries; {n_matched} of {n_phones} phones matched; in ms:")
    click.echo(table(differences))


if __name__ == "__main__":
    main()
