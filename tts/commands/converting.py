"""``tts shrink`` and ``tts convert``: an exported voice in other forms. No torch."""

import sys
from pathlib import Path
from typing import Any, get_args

import click

from tts.commands.options import EXIT_NOT_FIT, FOLDER
from tts.names import TARGETS, Variant


@click.command()
@click.argument("voice", type=FOLDER)
@click.argument("folder", type=FOLDER)
@click.option(
    "--variant",
    "variants",
    type=click.Choice([variant for variant in get_args(Variant) if variant != "fp32"]),
    multiple=True,
    required=True,
    help="Which smaller or faster graphs to add. May be given several times.",
)
@click.option("--calibration", type=FOLDER, help="Features to make variants with.  [default: sentences in English]")
@click.option("--force", is_flag=True, help="Also keep variants that are slower, or worse than their limit.")
@click.option("--only", is_flag=True, help="Leave out the fp32 graphs that the variants are made from.")
def shrink(
    voice: Path, folder: Path, variants: tuple[Any, ...], calibration: Path | None, force: bool, only: bool
) -> None:
    """Write VOICE with smaller or faster graphs as the voice FOLDER.

    \b
    Example:
      tts shrink voices/lj voices/lj-small --variant fp16 --variant int8

    Each variant is measured against VOICE: size, speed, error. One that misses its limit is left out (exit code 1).

    \b
    Variants:
      fp16    weights of half precision: half the size, the same speed
      w8      weights in 8 bits: a third of the size, the same speed
      int8    weights in 8 bits, and most products computed in 8 bits: the fastest, the least exact
    """
    from tts.export.variants import Wanted, copy_with_variants, variants_table

    rows = copy_with_variants(voice, folder, Wanted(variants, calibration, force, only))
    click.echo(f"{variants_table(rows)}\nvoice written to {folder}")
    if any(row.refused for row in rows):
        sys.exit(EXIT_NOT_FIT)


@click.command()
@click.argument("voice", type=FOLDER)
@click.argument("folder", type=FOLDER)
@click.option("--target", type=click.Choice([*TARGETS]), required=True, help="The program that will speak.")
@click.option("--variant", type=click.Choice(get_args(Variant)), help="Which graphs.  [default: the most exact]")
def convert(voice: Path, folder: Path, target: str, variant: Any) -> None:
    """Write VOICE into FOLDER as another program reads it. The result is compared with VOICE.

    \b
    Example:
      tts convert voices/lj piper/lj --target piper

    \b
    Targets:
      fused        fused.onnx: phone ids to audio in one graph, for ONNX Runtime
      sherpa-onnx  model.onnx, tokens.txt, lexicon.txt: its --vits-model, --vits-tokens, --vits-lexicon
      piper        voice.onnx, voice.onnx.json: English, with espeak-ng's pronunciation
      web          index.html and its scripts: speaks in the browser, from disk or any host
      triton       a model repository for NVIDIA's Triton server
    """
    from tts.export.targets.convert import convert

    click.echo(convert(voice, target, folder, variant))
