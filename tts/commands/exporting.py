"""``tts import`` and ``tts export``: weights of others in, ONNX out."""

import sys
from pathlib import Path
from typing import Any, get_args

import click

from tts.commands.options import EXIT_NOT_FIT, FOLDER
from tts.names import Target, Variant


@click.group("import")
def import_() -> None:
    """Take weights that other programs published."""


@import_.command()
@click.argument("config_json", type=FOLDER)
@click.argument("checkpoint", type=FOLDER)
@click.argument("run", type=FOLDER)
@click.option("--discriminators", type=FOLDER, help="The do_* file, to train further from it.")
def hifigan(config_json: Path, checkpoint: Path, run: Path, discriminators: Path | None) -> None:
    """HiFi-GAN as jik876 published it: CONFIG_JSON and the generator g_* become the folder RUN.

    RUN can be exported, and training can start from it: 'tts train vocoder FEATURES NEW_RUN --from RUN', on features
    that were made with --config RUN/config.yaml.

    \b
    Example:
      tts import hifigan config.json g_02500000 runs/universal --discriminators do_02500000
    """
    from tts.training.hifigan_import import ignored_keys, import_hifigan

    click.echo(import_hifigan(config_json, checkpoint, run, discriminators))
    if ignored := ignored_keys(config_json):
        click.echo(f"ignored, since it does not change the network: {', '.join(ignored)}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--acoustic", type=FOLDER, help="Run of 'tts train acoustic', or a checkpoint in it.")
@click.option("--vocoder", type=FOLDER, help="Run of 'tts train vocoder', or a checkpoint in it.")
@click.option("--voice", "voice_folder", type=FOLDER, help="Instead of both: a voice exported before, or its name.")
@click.option(
    "--target",
    type=click.Choice(["voice", *get_args(Target)]),
    default="voice",
    show_default=True,
    help="Who shall speak.",
)
@click.option("--name", help="Name of the voice.  [default: the folder's]")
@click.option("--speaker", help="Who speaks when nobody is named.  [default: the first]")
@click.option("--licence", default="", help="Licence of the voice, recorded in what is written.")
@click.option(
    "--variant",
    "variants",
    type=click.Choice([variant for variant in get_args(Variant) if variant != "fp32"]),
    multiple=True,
    help="Smaller or faster graphs beside the others, several if wanted; for another target: which of --voice to take.",
)
@click.option("--calibration", type=FOLDER, help="Features, to make variants with.  [default: sentences in English]")
@click.option("--force", is_flag=True, help="Keep also variants that are slower, or worse than their limit.")
@click.option("--only", is_flag=True, help="Leave out the fp32 graphs that the variants are made from.")
def export(
    folder: Path,
    acoustic: Path | None,
    vocoder: Path | None,
    voice_folder: Path | None,
    target: Any,
    name: str | None,
    speaker: str | None,
    licence: str,
    variants: tuple[Any, ...],
    calibration: Path | None,
    force: bool,
    only: bool,
) -> None:
    """Export both models to ONNX into FOLDER.

    Both graphs are compared with torch over many lengths, batch sizes and controls; unless they agree nothing is
    written. Other targets are made of these graphs, and compared with them.

    \b
    Targets:
      voice        a voice folder, for 'tts synthesize'
      fused        fused.onnx: phone ids to audio in one graph, for ONNX Runtime
      sherpa-onnx  model.onnx, tokens.txt, lexicon.txt: its --vits-model, --vits-tokens, --vits-lexicon
      piper        voice.onnx, voice.onnx.json: English, with espeak-ng's pronunciation
      web          index.html and its scripts: speaks in the browser, from disk or any host
      triton       a model repository for NVIDIA's Triton server

    \b
    Variants, each measured against the exported voice (size, speed, error); one that does not reach its limit is
    refused (exit code 1):
      fp16         weights of half precision: half the size, the same speed
      w8           weights in 8 bits: a third of the size, the same speed
      int8         the vocoder in 8 bits: the fastest, the least exact
      mixed        8 bits only for the layers that gain from it

    \b
    Examples:
      tts export --voice voices/lj --variant fp16 --variant mixed voices/lj-small
      tts export --acoustic runs/lj-acoustic --vocoder runs/lj-vocoder voices/lj
      tts export --voice voices/lj --target piper piper/lj
    """
    if (acoustic is None or vocoder is None) == (voice_folder is None):
        raise click.UsageError("Give either --acoustic and --vocoder, or --voice.")
    if only and not (variants and target == "voice"):
        raise click.UsageError("--only goes with --variant.")
    if speaker and target != "voice":
        raise click.UsageError("--speaker is for the target voice: other programs have their own way to choose.")
    if target != "voice" and variants and not (voice_folder and len(variants) == 1):
        raise click.UsageError("With another --target goes one --variant, and only if --voice has it already.")
    if voice_folder:
        if acoustic or vocoder or name or speaker or licence or (target == "voice" and not variants):
            raise click.UsageError("With --voice go --variant and --target alone, one of them at least.")
        if target == "voice":
            from tts.export.variants import Wanted, copy_with_variants, variants_table

            rows = copy_with_variants(voice_folder, folder, Wanted(variants, calibration, force, only))
            click.echo(f"{variants_table(rows)}\nvoice written to {folder}")
            _exit_if_refused(rows)
            return
        from tts.export.targets.convert import convert

        click.echo(convert(voice_folder, target, folder, *variants))
        return
    assert acoustic and vocoder
    from tts.models.saved import find_checkpoint, standing

    for path in (acoustic, vocoder):
        click.echo(standing(find_checkpoint(path)))
    name = name or folder.resolve().name
    if target == "voice":
        from tts.export.bundle import export_voice
        from tts.export.variants import Wanted

        wanted = Wanted(variants, calibration, force, only)
        report = export_voice(acoustic, vocoder, folder, name=name, speaker=speaker, licence=licence, wanted=wanted)
        click.echo(report)
        _exit_if_refused(report.variants)
    else:
        from tts.export.targets.convert import export_for

        click.echo(export_for(target, acoustic, vocoder, folder, name=name, licence=licence))


def _exit_if_refused(variants: Any) -> None:
    if any(row.refused for row in variants):
        sys.exit(EXIT_NOT_FIT)
