"""Training FastSpeech 2."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from lightning.fabric import Fabric
from torch import Tensor, nn

from tts.audio.griffin_lim import griffin_lim
from tts.audio.mel import LogMel
from tts.audio.wav import write_audio
from tts.config.schema import Config
from tts.data.batches import AcousticBatch
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore
from tts.losses.acoustic import acoustic_terms
from tts.losses.weighting import weighted_total
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2
from tts.training import checkpoint
from tts.training.loop import fit, make_fabric, open_run
from tts.training.metrics_log import MetricsLog
from tts.training.pictures import draw_mels
from tts.training.schedule import inverse_square_root
from tts.training.tracker import LossTracker
from tts.training.warm_start import start_from

# What semitones and decibels are worth to each speaker. The bins, too, come from statistics, but belong to embeddings.
FEATURE_STATISTICS = ("variance_adaptor.pitch.std", "variance_adaptor.energy.std")


def train_acoustic(features: Path, run: Path, config: Config, start: Path | None = None) -> bool:
    """Train on the ``features`` folder into the folder ``run``; a run that exists goes on where it stopped.

    ``start``: a run or checkpoint whose weights a new run starts with.
    Returns False when asked to stop before the last step. Raises ``InputError`` for features or a run of another
    config.
    """
    store = FeatureStore(features)
    store.check_config(config)
    training = config.training.acoustic
    train = AcousticDataset(store, "train", config.acoustic)
    validation = AcousticDataset(store, "validation", config.acoustic)
    fabric = make_fabric(training)
    task = AcousticTask(fabric, config, store, validation)
    if start and not checkpoint.latest(run):
        start_from(task, "acoustic", start, keep=FEATURE_STATISTICS)
    with open_run(run, config, "acoustic", fabric) as run_dir:
        return fit(task, train, validation, training, run_dir, fabric)


class AcousticTask:
    """One optimizer, teacher-forced durations, pitch and energy."""

    def __init__(self, fabric: Fabric, config: Config, store: FeatureStore, validation: AcousticDataset) -> None:
        self.fabric, self.config, self.validation = fabric, config.training.acoustic, validation
        manifest = store.manifest
        statistics = [manifest.statistics[speaker] for speaker in manifest.speakers]
        model = FastSpeech2(config.acoustic, config.audio.n_mels, len(manifest.phones), statistics)
        optimizer = torch.optim.Adam(
            model.parameters(), betas=self.config.betas, eps=self.config.epsilon, fused=fabric.device.type == "cuda"
        )
        self.model, self.optimizer = fabric.setup(model, optimizer)
        self.modules = {"acoustic": self.model}
        self.optimizers = {"acoustic": self.optimizer}
        self.health = None
        self.log_mel = LogMel(config.audio).to(fabric.device)
        self.meta: dict[str, Any] = {
            "config": config.model_dump(mode="json"),
            "phones": manifest.phones,
            "speakers": manifest.speakers,
            "statistics": [s.model_dump(mode="json") for s in statistics],
        }

    def train_step(self, batch: AcousticBatch, step: int, epoch: int, tracker: LossTracker) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.config.learning_rate * inverse_square_root(step, self.config.warmup_steps)
        terms = acoustic_terms(self._forward(self.model, batch), batch)
        self.optimizer.zero_grad()
        self.fabric.backward(weighted_total(terms, self.config.weights))
        norm = self.fabric.clip_gradients(
            self.model, self.optimizer, max_norm=self.config.clip_norm, error_if_nonfinite=False
        )
        assert norm is not None  # clipping by norm reports it
        tracker.update({**terms, "gradient_norm": norm}, len(batch.ids))
        self.optimizer.step()

    def validate(self, batch: AcousticBatch) -> dict[str, Tensor]:
        return acoustic_terms(self._forward(self.model, batch), batch)

    def measure(self) -> dict[str, float]:
        return {}

    def validation_loss(self, terms: Mapping[str, float]) -> float:
        return sum(self.config.weights[name] * value for name, value in terms.items())

    def _forward(self, model: nn.Module, batch: AcousticBatch) -> AcousticOutput:
        output: AcousticOutput = model(
            batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy
        )
        return output

    @torch.no_grad()
    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Teacher-forced mel beside the target, and the mel made audible by Griffin and Lim's method."""
        self.model.eval()
        folder.mkdir(parents=True, exist_ok=True)
        for index in range(min(self.config.n_samples, len(self.validation.rows))):
            batch = self.validation.batch([index]).to(self.fabric.device)
            mel = self._forward(self.model.module, batch).final_mel
            name, sample_rate = batch.ids[0], self.log_mel.config.sample_rate
            audio = griffin_lim(mel.float(), self.log_mel)[0].cpu().numpy()
            write_audio(folder / f"{name}.wav", audio, sample_rate)
            figure = draw_mels(batch.mel[0].cpu().numpy(), mel[0].float().cpu().numpy(), self.log_mel.config)
            figure.savefig(folder / f"{name}.png")
            metrics_log.picture(f"mel/{name}", figure, step)
            metrics_log.audio(f"griffin_lim/{name}", audio, sample_rate, step)
        self.model.train()
