"""Our presets beside VITS (arXiv 2106.06103) at the sizes of Piper's voices, phones to audio in ONNX Runtime.

    python -m tools.bench_peers --threads 2

All weights are random: how long a graph takes does not depend on them. Every phone lasts as long as any other, so that
all systems speak the same seconds, and they take turns, so that a busy machine slows all alike. What is left out
of VITS favours it: relative positions, the flows of its stochastic duration predictor, and espeak-ng.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from math import log
from pathlib import Path
from statistics import median

import click
import numpy as np
import torch
from torch import Tensor, nn

from tts.config.acoustic import FFTBlockConfig, PredictorConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.config.loader import load_config
from tts.config.vocoder import HiFiGANConfig
from tts.export.acoustic_graph import export_acoustic
from tts.export.onnx_file import write_graph
from tts.models.fastspeech2 import FastSpeech2
from tts.models.fft_block import FFTStack
from tts.models.generators import Graph, make_generator
from tts.models.hifigan import HiFiGAN
from tts.models.length_regulator import expand, phone_of_frame
from tts.models.masks import length_mask
from tts.models.variance import Predictor
from tts.runtime import contract
from tts.runtime.bench import speed_ratio, take_turns
from tts.runtime.session import Hardware, open_session

N_PHONES = 128
FRAMES_PER_PHONE = 6  # of 256 samples at 22,050 Hz, as people speak
CONFIGS = Path(__file__).parent.parent / "configs"
MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=1)

# Recipes, the peer, and the share of its time that is our aim.
PRESETS = {
    "small": (("small", "hifigan_istft_small"), "Piper medium", 0.4),
    "small, Vocos": (("small", "vocos_small"), "Piper medium", 0.4),
    "small, source filter": (("small", "source_filter_small"), "Piper medium", 0.4),
    "large": (("hifigan_istft",), "Piper high", 0.35),
    "large, Vocos": (("vocos",), "Piper high", 0.35),
    "large, source filter": (("source_filter",), "Piper high", 0.35),
}
PIPER_MEDIUM = HiFiGANConfig(
    channels=256,
    upsample_rates=(8, 8, 4),
    upsample_kernels=(16, 16, 8),
    resblock="2",
    resblock_kernels=(3, 5, 7),
    resblock_dilations=((1, 2), (2, 6), (3, 12)),
)
PEERS = {"Piper medium": PIPER_MEDIUM, "Piper high": HiFiGANConfig()}

HIDDEN = 192  # of VITS, throughout
TEXT_ENCODER = FFTBlockConfig(n_blocks=6, n_heads=2, conv_channels=768, conv_kernels=(3, 3))
N_COUPLINGS, N_WAVENET_LAYERS, WAVENET_KERNEL = 4, 4, 5


class WaveNet(nn.Module):
    """Gated convolutions with residual and skip connections (arXiv 1609.03499), undilated as in VITS."""

    def __init__(self) -> None:
        super().__init__()
        last = N_WAVENET_LAYERS - 1
        self.gates = nn.ModuleList(
            nn.Conv1d(HIDDEN, 2 * HIDDEN, WAVENET_KERNEL, padding=WAVENET_KERNEL // 2) for _ in range(N_WAVENET_LAYERS)
        )
        self.outputs = nn.ModuleList(
            nn.Conv1d(HIDDEN, HIDDEN if layer == last else 2 * HIDDEN, 1) for layer in range(N_WAVENET_LAYERS)
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, C, T), mask: (B, 1, T) of 0 and 1. Returns (B, C, T)."""
        skipped = torch.zeros_like(x)
        for gate, output in zip(self.gates, self.outputs, strict=True):
            value, sigmoid = gate(x).chunk(2, dim=1)
            *residual, skip = output(value.tanh() * sigmoid.sigmoid()).split(HIDDEN, dim=1)
            x = (x + residual[0]) * mask if residual else x
            skipped = skipped + skip
        return skipped * mask


class Coupling(nn.Module):
    """An affine coupling layer that only shifts, from latent to prior variables reversed, and swaps the halves."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.Conv1d(HIDDEN // 2, HIDDEN, 1)
        self.wavenet = WaveNet()
        self.shift = nn.Conv1d(HIDDEN, HIDDEN // 2, 1)

    def forward(self, z: Tensor, mask: Tensor) -> Tensor:
        """z: (B, C, T), mask: (B, 1, T). Returns (B, C, T)."""
        kept, moved = z.flip(1).chunk(2, dim=1)
        shift = self.shift(self.wavenet(self.before(kept) * mask, mask))
        return torch.cat([kept, (moved - shift) * mask], dim=1)


class Vits(nn.Module):
    """Text encoder, durations, prior, flow and decoder: what speaks of VITS."""

    def __init__(self, decoder: HiFiGANConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(N_PHONES, HIDDEN)
        self.encoder = FFTStack(TEXT_ENCODER, HIDDEN)
        self.duration = Predictor(PredictorConfig(channels=256), HIDDEN)
        self.prior = nn.Linear(HIDDEN, 2 * HIDDEN)
        self.flow = nn.ModuleList(Coupling() for _ in range(N_COUPLINGS))
        self.decoder = HiFiGAN(decoder, HIDDEN).folded()

    def forward(self, phone_ids: Tensor, phone_lengths: Tensor) -> Tensor:
        """phone_ids: (B, P), phone_lengths: (B,). Returns audio (B, S)."""
        mask = length_mask(phone_lengths, phone_ids.shape[1])
        hidden = self.encoder(self.embedding(phone_ids), mask)
        durations = (self.duration(hidden, mask).exp() - 1).round().long().masked_fill(~mask, 0)
        phone_index = phone_of_frame(durations)
        mean, log_std = expand(self.prior(hidden), phone_index).transpose(1, 2).chunk(2, dim=1)  # (B, C, T)
        frame_mask = length_mask(durations.sum(1), phone_index.shape[1])[:, None].float()
        z = (mean + torch.randn_like(mean) * log_std.exp()) * frame_mask
        for coupling in self.flow:
            z = coupling(z, frame_mask)
        audio: Tensor = self.decoder(z)
        return audio[:, 0]


def say_every_phone_for(predictor: Predictor, n_frames: float) -> None:
    nn.init.zeros_(predictor.projection.weight)
    nn.init.constant_(predictor.projection.bias, log(1 + n_frames))


def peer(decoder: HiFiGANConfig, n_phones: int, threads: int, folder: Path) -> tuple[Callable[[], np.ndarray], float]:
    """What speaks, and its weights in millions. Piper puts a blank between phones, so that each lasts half as long."""
    vits = Vits(decoder)
    say_every_phone_for(vits.duration, FRAMES_PER_PHONE / 2)
    names = ("phone_ids", "phone_lengths")
    path = folder / "vits.onnx"
    example = (torch.ones(2, 3, dtype=torch.int64), torch.tensor([3, 2]))
    axes = ({0: "B", 1: "P"}, {0: "B"})
    graph = Graph(vits, dict(zip(names, axes, strict=True)), {"audio": {0: "B", 1: "S"}}, example)
    write_graph(path, graph, {})
    session = open_session(path.read_bytes(), path, Hardware(threads=threads))
    inputs = {"phone_ids": np.ones((1, 2 * n_phones), np.int64), "phone_lengths": np.array([2 * n_phones])}
    return lambda: session.run(None, inputs)[0], n_weights(vits)


def ours(recipes: tuple[str, ...], n_phones: int, threads: int, folder: Path) -> tuple[Callable[[], np.ndarray], float]:
    """What speaks, and its weights in millions."""
    config = load_config([CONFIGS / f"{recipe}.yaml" for recipe in recipes])
    levels = {"phone": MOMENTS, "frame": MOMENTS}
    statistics = [SpeakerStatistics(pitch=levels, energy=levels)]  # type: ignore[arg-type]
    acoustic = FastSpeech2(config.acoustic, config.audio.n_mels, N_PHONES, statistics)
    say_every_phone_for(acoustic.variance_adaptor.duration, FRAMES_PER_PHONE)
    generator = make_generator(config.vocoder.generator, config.audio)
    export_acoustic(folder / contract.ACOUSTIC_FILE, acoustic, {})
    write_graph(folder / contract.VOCODER_FILE, generator.graph(), {})
    paths = [folder / name for name in (contract.ACOUSTIC_FILE, contract.VOCODER_FILE)]
    sessions = [open_session(path.read_bytes(), path, Hardware(threads=threads)) for path in paths]
    inputs = contract.AcousticInputs.of([[1] * n_phones], [0]).feed(n_speakers=1)

    def speak() -> np.ndarray:
        mel = sessions[0].run([contract.MEL], inputs)[0]
        audio: np.ndarray = sessions[1].run(None, {contract.MEL: mel})[0]
        return audio

    return speak, n_weights(acoustic) + n_weights(generator.folded())


def n_weights(model: nn.Module) -> float:
    return sum(parameter.numel() for parameter in model.parameters()) / 1e6


@click.command()
@click.option("--threads", default=2, show_default=True)
@click.option("--seconds", default=5.0, show_default=True, help="Of speech in one run.")
@click.option("--rounds", default=9, show_default=True)
def main(threads: int, seconds: float, rounds: int) -> None:
    audio = load_config().audio
    n_phones = round(seconds * audio.sample_rate / audio.hop_length / FRAMES_PER_PHONE)
    seconds = n_phones * FRAMES_PER_PHONE * audio.hop_length / audio.sample_rate
    makers = {name: partial(peer, decoder) for name, decoder in PEERS.items()}
    makers |= {name: partial(ours, recipes) for name, (recipes, _, _) in PRESETS.items()}
    with tempfile.TemporaryDirectory() as folder:
        systems = {name: make(n_phones, threads, Path(folder)) for name, make in makers.items()}
    for speak, _ in systems.values():
        assert speak().shape == (1, n_phones * FRAMES_PER_PHONE * audio.hop_length)
    times = take_turns({name: speak for name, (speak, _) in systems.items()}, rounds)
    click.echo(f"{'':14}{'weights':>9}{'RTF':>9}  share of its peer's time")
    for name, (_, weights) in systems.items():
        line = f"{name:14}{weights:>7.1f} M{median(times[name]) / seconds:>9.4f}"
        if name in PRESETS:
            _, rival, aim = PRESETS[name]
            line += f"  {speed_ratio(times, rival, name):.2f} of {rival}; the aim is {aim:g}"
        click.echo(line)


if __name__ == "__main__":
    main()
