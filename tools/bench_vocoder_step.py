"""The training step of the vocoder against HiFi-GAN's official one: same models, same batches, same losses.

    python -m tools.bench_vocoder_step [--config configs/hifigan_v3.yaml] [--set a.b=c] [--batch 4] [--steps 5]

The official step is written here from the paper and the conduct of its published script: the discriminators look at the
recording with gradients in the generator's step too, and get gradients there that nobody uses. First both take the same
steps in float32 and their losses are compared, then they take turns on the clock: of the processor on a CPU, so that
other programs weigh little. At the end, what the sets of discriminators cost beside each other.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F
from torch import Tensor

from tts.audio.mel import LogMel
from tts.config.loader import load_config
from tts.config.root import Config
from tts.config.vocoder import DISCRIMINATOR_SETS
from tts.data.batches import VocoderBatch
from tts.models.cpu_conv import ColumnConv2d, Conv1d
from tts.models.discriminators import Discriminators
from tts.models.generators import Generator
from tts.training.loop import make_fabric
from tts.training.tracker import LossTracker
from tts.training.vocoder_task import VocoderTask

CPU = "cpu"
PUBLISHED = Path("configs/hifigan.yaml")  # the official losses in our words
BFLOAT16 = "training.vocoder.precision=bf16-mixed"
LOSSES = ("discriminator", "adversarial", "feature_matching", "mel")
TOLERANCE = 1e-3
Step = Callable[[VocoderBatch], Mapping[str, float]]


@dataclass
class OfficialStep:
    """As published, with its losses under our names."""

    generator: Generator
    discriminators: Discriminators
    log_mel: LogMel
    config: Config

    def __post_init__(self) -> None:
        training = self.config.training.vocoder
        self.optimizers = [
            torch.optim.AdamW(module.parameters(), training.learning_rate, betas=training.betas)
            for module in (self.generator, self.discriminators)
        ]

    def __call__(self, batch: VocoderBatch) -> Mapping[str, float]:
        g_optimizer, d_optimizer = self.optimizers
        audio = self.generator(batch.mel)
        predicted_mel = self.log_mel(audio[:, 0])
        with torch.no_grad():  # by the data loader, there
            mel = self.log_mel(batch.audio[:, 0])

        d_optimizer.zero_grad()
        real, fake = self.discriminators(batch.audio), self.discriminators(audio.detach())
        d_loss = torch.zeros((), device=audio.device)
        for name in real:
            d_loss = d_loss + (1 - real[name].score).square().mean() + fake[name].score.square().mean()
        d_loss.backward()
        d_optimizer.step()

        g_optimizer.zero_grad()
        real, fake = self.discriminators(batch.audio), self.discriminators(audio)
        adversarial = feature_matching = torch.zeros((), device=audio.device)
        for name in real:
            adversarial = adversarial + (1 - fake[name].score).square().mean()
            for (r,), (f,) in zip(real[name].features, fake[name].features, strict=True):
                feature_matching = feature_matching + (r - f).abs().mean()
        mel_loss = F.l1_loss(predicted_mel, mel)
        (adversarial + 2 * feature_matching + 45 * mel_loss).backward()
        g_optimizer.step()
        return {
            "discriminator": d_loss.item(),
            "adversarial": adversarial.item(),
            "feature_matching": feature_matching.item(),
            "mel": mel_loss.item(),
        }


class OurStep:
    """What ``tts train vocoder`` does, the log of every loss included."""

    def __init__(self, config: Config) -> None:
        fabric = make_fabric(config.training.vocoder)
        self.task = VocoderTask(fabric, config, store=None)  # type: ignore[arg-type]  # which only samples need
        self.step = 0

    def __call__(self, batch: VocoderBatch) -> Mapping[str, float]:
        tracker = LossTracker(self.step, self.step + 1)
        tracker.begin(0, self.task.config.learning_rate)
        self.task.train_step(batch, self.step, tracker)
        self.step += 1
        return tracker.means()


def check_losses(official: Step, ours: Step, batches: list[VocoderBatch]) -> None:
    for step, batch in enumerate(batches):
        expected, found = official(batch), ours(batch)
        print(
            f"step {step}: " + ", ".join(f"{name} {expected[name]:.5f} | {found[name]:.5f}" for name in LOSSES),
            flush=True,
        )
        if any(abs(found[name] - expected[name]) > TOLERANCE * abs(expected[name]) for name in LOSSES):
            raise SystemExit("the losses differ")


def seconds(steps: Mapping[str, Callable[[], object]], repetitions: int, device: torch.device) -> dict[str, float]:
    """Median time of each, taking turns."""
    clock = time.process_time if device.type == CPU else time.perf_counter
    times: dict[str, list[float]] = {name: [] for name in steps}
    for repetition in range(repetitions + 1):  # the first does not count
        for name, step in steps.items():
            start = clock()
            step()
            if device.type != CPU:
                torch.cuda.synchronize()
            if repetition:
                times[name].append(clock() - start)
    return {name: median(values) for name, values in times.items()}


def cost_of_set(name: str, batch: VocoderBatch) -> Callable[[], object]:
    """What the discriminators alone do in a step: judge, learn, judge again, and give the generator its gradient."""
    discriminators = Discriminators(DISCRIMINATOR_SETS[name]).to(batch.audio.device)
    audio = batch.audio.clone().requires_grad_()

    def scores(of: Tensor) -> Tensor:
        return torch.stack([output.score.square().mean() for output in discriminators(of).values()]).sum()

    def step() -> None:
        (scores(batch.audio) + scores(audio.detach())).backward()
        discriminators.requires_grad_(False)
        with torch.no_grad():
            scores(batch.audio)
        scores(audio).backward()
        discriminators.requires_grad_(True)

    return step


def print_times(title: str, times: Mapping[str, float]) -> None:
    reference = next(iter(times.values()))
    print(f"\n{title:<24}{'s/step':>10}{'times faster':>14}")
    for name, value in times.items():
        print(f"{name:<24}{value:>10.3f}{reference / value:>14.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, action="append", default=[], help="recipe; HiFi-GAN V1 without one")
    parser.add_argument("--set", action="append", default=[], metavar="A.B=C", help="override, as in tts train")
    parser.add_argument("--batch", type=int, default=4, help="segments")
    parser.add_argument("--steps", type=int, default=5, help="on the clock, of each kind")
    arguments = parser.parse_args()

    recipes = [PUBLISHED, *arguments.config]
    config = load_config(recipes, arguments.set)
    ours = OurStep(config)
    device = ours.task.fabric.device
    log_mel = LogMel(config.audio, fmax=config.audio.sample_rate / 2).to(device)
    features = LogMel(config.audio).to(device)
    official = OfficialStep(copy_of(ours.task.generator), copy_of(ours.task.discriminators), log_mel, config)
    recordings = 0.1 * torch.randn(2, arguments.batch, config.training.vocoder.segment_length, device=device)
    batches = [batch_of(audio, features(audio)) for audio in recordings]
    check_losses(official, ours, batches)

    batch = batches[0]
    steps = {"official, float32": official, "ours, float32": ours}
    # A CPU without instructions for it takes many times as long, and as much memory.
    if device.type != CPU or torch.ops.mkldnn._is_mkldnn_bf16_supported():
        steps["ours, bfloat16"] = OurStep(load_config(recipes, [*arguments.set, BFLOAT16]))
    print_times(
        f"step, {device}", seconds({name: lambda s=s: s(batch) for name, s in steps.items()}, arguments.steps, device)
    )
    del official, ours, steps
    sets = {name: cost_of_set(name, batch) for name in DISCRIMINATOR_SETS}
    print_times("discriminators alone", seconds(sets, arguments.steps, device))


def batch_of(audio: Tensor, mel: Tensor) -> VocoderBatch:
    """audio: (B, S), mel: (B, M, T)."""
    n_segments, _, n_frames = mel.shape
    log_f0 = torch.full((n_segments, n_frames), 5.0, device=mel.device)
    first_frames = torch.zeros(n_segments, dtype=torch.int64, device=mel.device)
    phases = torch.zeros(n_segments, dtype=torch.float64, device=mel.device)
    return VocoderBatch(("noise",) * n_segments, mel, audio[:, None], log_f0, first_frames, phases)


def copy_of(module: torch.nn.Module) -> torch.nn.Module:
    """Of a module set up for training, its convolutions as the library computes them."""
    copy = deepcopy(module.module)
    for layer in copy.modules():
        if isinstance(layer, ColumnConv2d | Conv1d):
            layer.training = False  # of the layer alone: a spectral norm goes on learning
    return copy


if __name__ == "__main__":
    main()
