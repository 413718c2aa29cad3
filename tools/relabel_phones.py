"""Give TextGrids of other phones those that a front end says, where both have one for the same stretch of speech.

    python -m tools.relabel_phones CORPUS OUT --config configs/voices/linnet.yaml

A voice speaks what its front end says, so that is what it should be trained on, while the times are those of the
TextGrids. Where the two differ in the number of phones, or a vowel stands for a consonant, the TextGrid's are kept.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import click

from preprocess.alignment_inputs import textgrid_paths
from preprocess.corpus import Utterance, read_corpus
from preprocess.textgrid import Alignment, is_silence, read_textgrid, render_textgrid
from tts.config.loader import load_config
from tts.config.text import TextConfig
from tts.text.front_end import transcript_words

VOWELS = "AEIOU"  # what ARPAbet's vowels begin with, and no consonant


def relabel(aligned: Sequence[str], said: Sequence[str]) -> list[str]:
    """``aligned`` with those phones of ``said`` that stand for them, stress included."""
    labels = list(aligned)
    plain = ([phone.rstrip("012") for phone in phones] for phones in (aligned, said))
    for start, end, other_start, other_end in _pairs(*plain):
        pairs = zip(range(start, end), said[other_start:other_end], strict=True)
        labels[start:end] = [phone if _alike(labels[at], phone) else labels[at] for at, phone in pairs]
    return labels


def _pairs(aligned: Sequence[str], said: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    for _, start, end, other_start, other_end in SequenceMatcher(None, aligned, said, autojunk=False).get_opcodes():
        if end - start == other_end - other_start:
            yield start, end, other_start, other_end


def _alike(left: str, right: str) -> bool:
    return (left[0] in VOWELS) == (right[0] in VOWELS)


def relabel_utterance(utterance: Utterance, text: TextConfig) -> tuple[Alignment, int, int]:
    """Its alignment in the front end's phones, how many of them the front end says, and how many there are."""
    alignment = read_textgrid(utterance.textgrid, utterance.speaker)
    said = [phone for word in transcript_words(utterance.text, text) for phone in word.phones]
    labels = iter(relabel([p.label for p in alignment.phones if not is_silence(p.label)], said))
    phones = [p if is_silence(p.label) else p._replace(label=next(labels)) for p in alignment.phones]
    kept = [p.label for p in phones if not is_silence(p.label)]
    blocks = SequenceMatcher(None, kept, said, autojunk=False).get_matching_blocks()
    return Alignment(alignment.words, phones), sum(block.size for block in blocks), len(kept)


@click.command()
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--config", "configs", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(corpus: Path, out: Path, configs: tuple[Path, ...]) -> None:
    """Write the TextGrids of CORPUS to the folder OUT, in the phones of the configuration's front end."""
    text, n_said, n_phones = load_config(configs).text, 0, 0
    utterances = read_corpus(corpus)
    paths = textgrid_paths(utterances, out)
    for utterance in utterances:
        alignment, said, there = relabel_utterance(utterance, text)
        n_said, n_phones = n_said + said, n_phones + there
        path = paths[utterance.id]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render_textgrid(alignment, max(alignment.phones[-1].end_s, alignment.words[-1].end_s)))
    click.echo(f"{n_said / n_phones:.1%} of {n_phones:,} phones are as the front end says them")


if __name__ == "__main__":
    main()
