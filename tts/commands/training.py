"""``tts train``: from features to models."""

from pathlib import Path

import click

from tts.commands.options import FOLDER, config_options, exit_if_stopped


@click.group()
def train() -> None:
    """Train a model on the features of 'tts preprocess'.

    \b
    Example:
      tts train acoustic features/lj runs/lj-acoustic --config ljspeech

    RUN is a folder that receives the config, checkpoints, metrics (JSONL and TensorBoard) and samples. The same command
    on an existing run goes on where it stopped; Ctrl-C saves first.
    """


start_option = click.option(
    "--from",
    "start",
    type=FOLDER,
    help="Start with the weights of another run, of a checkpoint in it, or of a voice (a folder, or a name that 'tts "
    "voices' lists); phones and speakers are taken by name.",
)


@train.command()
@click.argument("features", type=FOLDER)
@click.argument("run", type=FOLDER)
@start_option
@config_options
def acoustic(
    features: Path, run: Path, start: Path | None, recipes: tuple[Path, ...], overrides: tuple[str, ...]
) -> None:
    """Train FastSpeech 2: phones to mel, with durations, pitch and energy.

    \b
    Examples:
      tts train acoustic features/lj runs/lj-acoustic --config ljspeech
      tts train acoustic features/mine runs/mine --config linnet-natural --from linnet-natural
    """
    from tts.config.loader import load_config
    from tts.training.acoustic_task import train_acoustic

    exit_if_stopped(train_acoustic(features, run, load_config(recipes, overrides), start))


@train.command()
@click.argument("features", type=FOLDER)
@click.argument("run", type=FOLDER)
@start_option
@click.option(
    "--gta", "acoustic", type=FOLDER, help="Train on the mels that this run of 'tts train acoustic' predicts."
)
@config_options
def vocoder(
    features: Path,
    run: Path,
    start: Path | None,
    acoustic: Path | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Train HiFi-GAN: mel to audio.

    \b
    Examples:
      tts train vocoder features/lj runs/lj-vocoder --config ljspeech --config hifigan_v2
      tts train vocoder features/lj runs/lj-tuned --from runs/lj-vocoder --gta runs/lj-acoustic
      tts train vocoder features/mine runs/mine-vocoder --config linnet-natural --from linnet-natural

    A vocoder that has learned from recorded mels sounds cleaner after a few thousand steps on those that its acoustic
    model predicts, with the durations, pitch and energy of the recordings (--gta). They are computed once, into RUN.
    """
    from tts.config.loader import load_config
    from tts.training.vocoder_task import train_vocoder

    exit_if_stopped(train_vocoder(features, run, load_config(recipes, overrides), start, acoustic))
