"""Speed of vocoders side by side: each recipe's generator, untrained, exported and run by ONNX Runtime.

    python -m tools.compare_generators configs/hifigan_v2.yaml configs/hifigan_istft.yaml

V1, the default, always runs along. Generators take turns, so that a busy machine slows all of them alike; the fastest
of the repetitions counts.
"""

import tempfile
import time
from pathlib import Path

import click
import numpy as np
import onnxruntime

from tts.config.loader import load_config
from tts.config.root import Config
from tts.export.onnx_file import write_graph
from tts.models.generators import make_generator
from tts.runtime import contract
from tts.runtime.session import Hardware, open_session


def session_of(config: Config, threads: int) -> tuple[onnxruntime.InferenceSession, int]:
    """A session on the recipe's generator, and its number of weights."""
    generator = make_generator(config.vocoder.generator, config.audio)
    n_weights = sum(p.numel() for p in generator.folded().parameters())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / contract.VOCODER_FILE
        write_graph(path, generator.graph(), {})
        return open_session(path.read_bytes(), path, Hardware(threads=threads)), n_weights


@click.command()
@click.argument("recipes", nargs=-1, type=click.Path(path_type=Path))
@click.option("--threads", default=2, show_default=True)
@click.option("--seconds", default=2.0, show_default=True, help="Of audio in one run.")
@click.option("--repeat", default=7, show_default=True)
def main(recipes: tuple[Path, ...], threads: int, seconds: float, repeat: int) -> None:
    configs = {"V1": load_config(), **{recipe.stem: load_config([recipe]) for recipe in recipes}}
    sessions = {name: session_of(config, threads) for name, config in configs.items()}
    times: dict[str, list[float]] = {name: [] for name in configs}
    for _ in range(repeat):
        for name, (session, _n) in sessions.items():
            audio = configs[name].audio
            n_frames = round(seconds * audio.sample_rate / audio.hop_length)
            mel = np.random.default_rng(0).normal(-5, 2, (1, audio.n_mels, n_frames)).astype(np.float32)
            start = time.perf_counter()
            session.run(None, {contract.MEL: mel})
            times[name].append((time.perf_counter() - start) * audio.sample_rate / (n_frames * audio.hop_length))
    click.echo(f"{'':<22}{'weights':>9}{'context':>9}{'RTF':>9}{'times V1':>10}")
    for name, (_, n_weights) in sessions.items():
        frames, fastest = (
            make_generator(configs[name].vocoder.generator, configs[name].audio).receptive_field,
            min(times[name]),
        )
        ratio = min(times["V1"]) / fastest
        click.echo(f"{name:<22}{n_weights / 1e6:>7.2f} M{frames:>9}{fastest:>9.4f}{ratio:>10.2f}")


if __name__ == "__main__":
    main()
