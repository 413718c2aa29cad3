"""The training step of the acoustic model against the public FastSpeech 2 recipe: same sizes, same batches.

    python -m tools.bench_acoustic_step [--batch 8] [--steps 3]

The recipe is written here from the paper (arXiv 2006.04558) and the conduct of its best-known implementation: queries,
keys and values apart, convolutions between transpositions, quantised pitch and energy, a length regulator that loops
over phones, losses over selected positions, Adam parameter by parameter. Batches are of noise, as long as LJSpeech's
utterances. Both take turns on the processor's clock, so that other programs weigh little.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tools.bench_feeding import write_features
from tts.config.acoustic import AcousticConfig, FFTBlockConfig, PredictorConfig
from tts.config.root import Config
from tts.data.batches import AcousticBatch
from tts.data.datasets import AcousticDataset
from tts.data.sampler import BucketSampler
from tts.data.store import FeatureStore
from tts.training.acoustic_task import AcousticTask
from tts.training.loop import make_fabric
from tts.training.tracker import LossTracker

LONGEST = 1000  # frames, of the recipe's table of positions


class Attention(nn.Module):
    def __init__(self, hidden: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.n_heads, self.width = n_heads, hidden // n_heads
        self.query, self.key, self.value, self.output = (nn.Linear(hidden, hidden) for _ in range(4))
        self.norm, self.dropout = nn.LayerNorm(hidden), nn.Dropout(dropout)

    def forward(self, x: Tensor, padding: Tensor) -> Tensor:
        batch, length, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            y = y.view(batch, length, self.n_heads, self.width).permute(2, 0, 1, 3)
            return y.contiguous().view(-1, length, self.width)

        query, key, value = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        scores = torch.bmm(query, key.transpose(1, 2)) / self.width**0.5
        mask = padding[:, None].expand(-1, length, -1).repeat(self.n_heads, 1, 1)
        attended = torch.bmm(scores.masked_fill(mask, -torch.inf).softmax(2), value)
        attended = attended.view(self.n_heads, batch, length, self.width).permute(1, 2, 0, 3).contiguous()
        return self.norm(self.dropout(self.output(attended.view(batch, length, -1))) + x)


class Block(nn.Module):
    def __init__(self, config: FFTBlockConfig, hidden: int) -> None:
        super().__init__()
        first, second = config.conv_kernels
        self.attention = Attention(hidden, config.n_heads, config.dropout)
        self.conv_1 = nn.Conv1d(hidden, config.conv_channels, first, padding=first // 2)
        self.conv_2 = nn.Conv1d(config.conv_channels, hidden, second, padding=second // 2)
        self.norm, self.dropout = nn.LayerNorm(hidden), nn.Dropout(config.dropout)

    def forward(self, x: Tensor, padding: Tensor) -> Tensor:
        x = self.attention(x, padding).masked_fill(padding[:, :, None], 0)
        convolved = self.conv_2(F.relu(self.conv_1(x.transpose(1, 2)))).transpose(1, 2)
        return self.norm(self.dropout(convolved) + x).masked_fill(padding[:, :, None], 0)


class RecipePredictor(nn.Module):
    def __init__(self, config: PredictorConfig, hidden: int) -> None:
        super().__init__()
        widths = [(hidden, config.channels), (config.channels, config.channels)]
        self.convs = nn.ModuleList(nn.Conv1d(a, b, config.kernel, padding=config.kernel // 2) for a, b in widths)
        self.norms = nn.ModuleList(nn.LayerNorm(config.channels) for _ in widths)
        self.dropout, self.projection = nn.Dropout(config.dropout), nn.Linear(config.channels, 1)

    def forward(self, x: Tensor, padding: Tensor) -> Tensor:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = self.dropout(norm(F.relu(conv(x.transpose(1, 2)).transpose(1, 2))))
        return self.projection(x).squeeze(-1).masked_fill(padding, 0.0)


class Recipe(nn.Module):
    def __init__(self, config: AcousticConfig, n_mels: int, n_phones: int) -> None:
        super().__init__()
        hidden = config.hidden
        self.phones = nn.Embedding(n_phones, hidden, padding_idx=0)
        angles = torch.arange(LONGEST)[:, None] / 10_000 ** (torch.arange(0, hidden, 2) / hidden)
        self.register_buffer("positions", torch.stack([angles.sin(), angles.cos()], 2).flatten(1))
        self.encoder = nn.ModuleList(Block(config.encoder, hidden) for _ in range(config.encoder.n_blocks))
        self.decoder = nn.ModuleList(Block(config.decoder, hidden) for _ in range(config.decoder.n_blocks))
        self.duration = RecipePredictor(config.duration, hidden)
        self.pitch = RecipePredictor(config.pitch.predictor, hidden)
        self.energy = RecipePredictor(config.energy.predictor, hidden)
        self.bins = nn.Parameter(torch.linspace(-4, 4, config.pitch.n_bins - 1), requires_grad=False)
        self.pitch_embedding = nn.Embedding(config.pitch.n_bins, hidden)
        self.energy_embedding = nn.Embedding(config.energy.n_bins, hidden)
        self.mel = nn.Linear(hidden, n_mels)

    def forward(self, batch: AcousticBatch) -> Tensor:
        """The loss."""
        padding = batch.phone_ids == 0
        x = self.through(self.encoder, self.phones(batch.phone_ids), padding)
        log_durations = self.duration(x, padding)
        pitch = self.pitch(x, padding)
        x = x + self.pitch_embedding(torch.bucketize(batch.pitch, self.bins))
        energy = self.energy(x, padding)
        x = x + self.energy_embedding(torch.bucketize(batch.energy, self.bins))
        frames = self.regulate(x, batch.durations)
        beyond = torch.arange(frames.shape[1])[None] >= batch.mel_lengths[:, None]
        mel = self.mel(self.through(self.decoder, frames, beyond))
        real, real_frames = ~padding, ~beyond[:, :, None]
        loss = F.l1_loss(mel.masked_select(real_frames), batch.mel.transpose(1, 2).masked_select(real_frames))
        targets = (batch.pitch, batch.energy, torch.log(batch.durations.float() + 1))
        for predicted, target in zip((pitch, energy, log_durations), targets, strict=True):
            loss = loss + F.mse_loss(predicted.masked_select(real), target.masked_select(real))
        return loss

    def through(self, blocks: nn.ModuleList, x: Tensor, padding: Tensor) -> Tensor:
        x = x + self.positions[: x.shape[1]]
        for block in blocks:
            x = block(x, padding)
        return x

    def regulate(self, x: Tensor, durations: Tensor) -> Tensor:
        rows = []
        for vectors, counts in zip(x, durations, strict=True):
            rows.append(torch.cat([v.expand(max(int(n.item()), 0), -1) for v, n in zip(vectors, counts, strict=True)]))
        longest = max(len(row) for row in rows)
        return torch.stack([F.pad(row, (0, 0, 0, longest - len(row))) for row in rows])


def recipe_step(model: Recipe, optimizer: torch.optim.Optimizer, batch: AcousticBatch) -> None:
    model(batch).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def seconds(step: Callable[[], None]) -> float:
    started = time.process_time()
    step()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=8, help="utterances")
    parser.add_argument("--steps", type=int, default=3, help="on the clock, of each")
    arguments = parser.parse_args()
    config = Config.model_validate({"training": {"acoustic": {"accelerator": "cpu"}}})
    with tempfile.TemporaryDirectory() as folder:
        write_features(Path(folder) / "features", 256)
        store = FeatureStore(Path(folder) / "features")
        dataset = AcousticDataset(store, "train", config.acoustic)
        order = BucketSampler(dataset.lengths, arguments.batch, seed=0).batches(0)
        task = AcousticTask(make_fabric(config.training.acoustic), config, store, dataset)
        recipe = Recipe(config.acoustic, config.audio.n_mels, len(store.manifest.phones))
        optimizer = torch.optim.Adam(recipe.parameters(), 1e-3, config.training.acoustic.betas, 1e-9)
        times: list[tuple[float, float]] = []
        for step in range(arguments.steps + 1):  # the first does not count
            batch = dataset.batch(order[step])
            tracker = LossTracker(step, step + 1)
            tracker.begin(0, 1e-3)
            theirs = seconds(lambda b=batch: recipe_step(recipe, optimizer, b))
            ours = seconds(lambda b=batch, s=step, t=tracker: task.train_step(b, s, t))
            times.append((theirs, ours))
            print(f"step {step}: {tuple(batch.mel.shape)}, recipe {theirs:.2f} s, ours {ours:.2f} s", flush=True)
    print(f"ours is {median(theirs / ours for theirs, ours in times[1:]):.2f} times as fast")


if __name__ == "__main__":
    main()
