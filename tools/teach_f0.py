"""Teach a source filter's checkpoint the F0 of a new speaker; all else stays, its discriminators too.

    python -m tools.teach_f0 FEATURES VOCODER OUT --speaker michael

``tts train vocoder --from`` does the same at the start of a run with ``training.vocoder.f0_lessons``.
"""

from pathlib import Path

import click

from tools.taught import write_taught
from tts.config.training import F0LessonsConfig
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.models.saved import find_checkpoint, load_vocoder
from tts.training.f0_lessons import predictor_of, teach_f0


@click.command()
@click.argument("features", type=click.Path(exists=True, path_type=Path))
@click.argument("vocoder", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--speaker", "speakers", required=True, multiple=True, help="A new one.")
@click.option("--steps", "n_steps", default=500, show_default=True)
def main(features: Path, vocoder: Path, out: Path, speakers: tuple[str, ...], n_steps: int) -> None:
    """Write the checkpoint OUT: VOCODER, with what it hears the F0 with taught on FEATURES."""
    checkpoint = find_checkpoint(vocoder)
    generator, _ = load_vocoder(checkpoint)
    predictor = predictor_of(generator)
    if predictor is None:
        raise InputError(vocoder, "hears no F0", "give a source filter")
    teach_f0(predictor, FeatureStore(features), F0LessonsConfig(steps=n_steps, speakers=speakers))
    write_taught(checkpoint, out, ("generator", "generator_ema"), "f0", predictor.state_dict())


if __name__ == "__main__":
    main()
