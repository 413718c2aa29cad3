"""A small voice, its checkpoints and its features, to be kept in the tests as this release writes them.

    python -m tools.keep_release tests/kept/0.1

Every later version has to read them, or refuse them in one line. Run it once a release, and never again to make a test
pass. The models are as small as models can be and barely trained: they are to be opened, not to be listened to.
"""

import shutil
import tempfile
from pathlib import Path

import click
from safetensors.torch import load_file, save_file

from preprocess.pipeline import run as preprocess
from tts.config.loader import load_config
from tts.demo.corpus import make_corpus
from tts.export.bundle import export_voice
from tts.export.parity import Gate
from tts.files.whole import whole_folder
from tts.models.saved import META_FILE, MODEL_FILE, find_checkpoint
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parent.parent / "configs" / "tiny.yaml"
SMALLER = (
    "acoustic.hidden=8", "acoustic.encoder.conv_channels=8", "acoustic.decoder.conv_channels=8",
    "acoustic.duration.channels=8", "acoustic.pitch.predictor.channels=8", "acoustic.energy.predictor.channels=8",
    "acoustic.pitch.n_bins=4", "acoustic.energy.n_bins=4", "acoustic.postnet=null", "vocoder.generator.channels=8",
    "training.acoustic.steps=2", "training.vocoder.steps=2",
)  # fmt: skip
KEPT_MODELS = ("acoustic", "generator")  # without discriminators and the state of optimisers, which are large
N_SENTENCES = 12


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    config = load_config([TINY], SMALLER)
    with tempfile.TemporaryDirectory() as temporary, whole_folder(folder) as kept:
        work = Path(temporary)
        make_corpus(work / "corpus", N_SENTENCES)
        preprocess(work / "corpus", work / "features", config, workers=1)
        train_acoustic(work / "features", work / "acoustic", config)
        train_vocoder(work / "features", work / "vocoder", config)
        export_voice(
            work / "acoustic", work / "vocoder", kept / "voice", name="kept", licence="CC0-1.0", gate=Gate((5,), (5,))
        )
        for name in ("acoustic", "vocoder"):
            checkpoint = find_checkpoint(work / name)
            (kept / name).mkdir()
            shutil.copyfile(checkpoint / META_FILE, kept / name / META_FILE)
            weights = load_file(checkpoint / MODEL_FILE)
            wanted = {key: weight for key, weight in weights.items() if key.startswith(KEPT_MODELS)}
            save_file(wanted, kept / name / MODEL_FILE)
        (kept / "features").mkdir()
        shutil.copyfile(work / "features" / "features.json", kept / "features" / "features.json")
    click.echo(f"{folder}: {sum(file.stat().st_size for file in folder.rglob('*') if file.is_file()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
