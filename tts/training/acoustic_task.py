"""Training FastSpeech 2."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from tts.audio.griffin_lim import griffin_lim
from tts.audio.mel import LogMel
from tts.audio.wav import write_audio
from tts.config.root import Config
from tts.data.batches import AcousticBatch
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore
from tts.evaluation.contrast import CONTRAST, contrast
from tts.evaluation.ear import listener, opinion
from tts.evaluation.report import spread
from tts.files.names import inside
from tts.losses.acoustic import acoustic_terms
from tts.losses.adversarial import discriminator_terms
from tts.losses.weighting import headline, reconstruction, warming, weighted_total
from tts.models.discriminators import scores_of
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2
from tts.models.from_voice import voice_source
from tts.models.mel_discriminators import MelDiscriminators, random_starts
from tts.training import checkpoint
from tts.training.adversary import generator_verdict
from tts.training.ema import update_average
from tts.training.loop import fit, make_fabric, open_run
from tts.training.metrics_log import MetricsLog
from tts.training.pictures import draw_mels, write_picture
from tts.training.resuming import check_same_voice
from tts.training.schedule import inverse_square_root
from tts.training.tracker import LossTracker
from tts.training.warm_start import freeze, start_from

# What semitones and decibels are worth to each speaker. The bins, too, come from statistics, but belong to embeddings.
FEATURE_STATISTICS = ("variance_adaptor.pitch.std", "variance_adaptor.energy.std")

N_HEARD = 4  # validation utterances that something listens to


def train_acoustic(features: Path, run: Path, config: Config, start: Path | None = None) -> bool:
    """Train on the ``features`` folder into the folder ``run``; a run that exists goes on where it stopped.

    ``start``: a run or checkpoint whose weights a new run starts with.
    Returns False when asked to stop before the last step. Raises ``InputError`` for features or a run of another
    config, and for a run that was trained on other phones, speakers or statistics.
    """
    store = FeatureStore(features)
    store.check_config(config)
    newest = checkpoint.latest(run)
    if newest:
        check_same_voice(newest, run, store)
    training = config.training.acoustic
    train = AcousticDataset(store, "train", config.acoustic, training.repeats)
    validation = AcousticDataset(store, "validation", config.acoustic)
    fabric = make_fabric(training)
    task = AcousticTask(fabric, config, store, validation)
    if start and not newest:
        start_from(task, "acoustic", start, keep=FEATURE_STATISTICS)
    if start and listener() and (voice := voice_source(start)):
        task.vocoder = voice.vocoder.to(fabric.device)
    with open_run(run, config, "acoustic", fabric) as run_dir:
        return fit(task, train, validation, training, run_dir, fabric)


class AcousticTask:
    """Teacher-forced durations, pitch and energy. Discriminators of its mels join where the config has them."""

    def __init__(self, fabric: Fabric, config: Config, store: FeatureStore, validation: AcousticDataset) -> None:
        self.fabric, self.config, self.validation = fabric, config.training.acoustic, validation
        manifest = store.manifest
        statistics = [manifest.statistics[speaker] for speaker in manifest.speakers]
        model = FastSpeech2(config.acoustic, config.audio.n_mels, len(manifest.phones), statistics)
        freeze(model, self.config.frozen)
        self.model, optimizer = fabric.setup(model, self._adam(model))
        self.modules: dict[str, nn.Module] = {"acoustic": self.model}
        self.optimizers = {"acoustic": optimizer}
        self.evaluated: FastSpeech2 = model  # the one that is validated and heard
        if self.config.ema_decay is not None:
            self.modules["acoustic_ema"] = self.evaluated = deepcopy(model).requires_grad_(False)
        self.windows: Sequence[int] = ()
        if config.acoustic.discriminators:
            discriminators = MelDiscriminators(config.acoustic.discriminators)
            self.windows = discriminators.windows
            self.discriminators, d_optimizer = fabric.setup(discriminators, self._adam(discriminators))
            self.modules["discriminators"], self.optimizers["discriminators"] = self.discriminators, d_optimizer
        self.vocoder: nn.Module | None = None  # to hear mels with, where the run begins with a voice
        self.health = None
        self.weights = self.config.weights
        self.log_mel = LogMel(config.audio).to(fabric.device)
        self.meta: dict[str, Any] = {
            "config": config.model_dump(mode="json"),
            "phones": manifest.phones,
            "speakers": manifest.speakers,
            "statistics": [s.model_dump(mode="json") for s in statistics],
            "pauses": {kind: pauses.model_dump(mode="json") for kind, pauses in manifest.pauses.items()},
        }

    def _adam(self, module: nn.Module) -> torch.optim.Optimizer:
        fused = self.fabric.device.type in ("cpu", "cuda")
        return torch.optim.Adam(module.parameters(), betas=self.config.betas, eps=self.config.epsilon, fused=fused)

    def learning_rate(self, step: int, epoch: int) -> float:
        return inverse_square_root(step, self.config.learning_rate, self.config.warmup_steps)

    def train_step(self, batch: AcousticBatch, step: int, tracker: LossTracker) -> None:
        output = self._forward(self.model, batch)
        if self.windows:
            starts = random_starts(batch.mel_lengths, self.windows)
            self._teach_discriminators(batch, output.final_mel.detach(), starts, tracker)
            if step < self.config.discriminators_first:
                return
        terms = acoustic_terms(output, batch, free_bits=self.config.divergence.free_bits)
        if self.windows:
            game, mel = self.discriminators.module, output.final_mel
            terms |= generator_verdict(self.fabric, game, batch.mel, mel, self.config, game.weights, starts)
        weights = warming(self.weights, "kl", step, self.config.divergence.warmup_steps)
        total = weighted_total(terms, weights)
        sums = {"total": total, headline(weights): reconstruction(terms, weights)}
        self._update("acoustic", total, {**sums, **terms}, len(batch.ids), tracker)
        if self.config.ema_decay is not None:
            update_average(self.evaluated, self.model, self.config.ema_decay, step)

    def _teach_discriminators(self, batch: AcousticBatch, mel: Tensor, starts: Any, tracker: LossTracker) -> None:
        """They learn to tell recorded mels from generated ones."""
        real, fake = self.discriminators(batch.mel, starts), self.discriminators(mel, starts)
        terms = discriminator_terms(scores_of(real), scores_of(fake), self.config.adversarial)
        self._update("discriminators", terms["discriminator"], terms, len(batch.ids), tracker)

    def _update(
        self, name: str, loss: Tensor, terms: Mapping[str, Tensor], n_utterances: int, tracker: LossTracker
    ) -> None:
        """One optimizer's step, after the tracker has seen that the terms and the gradients are finite."""
        module, optimizer = self.modules[name], self.optimizers[name]
        optimizer.zero_grad()
        self.fabric.backward(loss)
        norm = self.fabric.clip_gradients(module, optimizer, max_norm=self.config.clip_norm, error_if_nonfinite=False)
        assert norm is not None  # clipping by norm reports it
        tracker.update({**terms, f"{name}_gradient_norm": norm}, n_utterances)
        optimizer.step()

    def validate(self, batch: AcousticBatch) -> dict[str, Tensor]:
        output = self._forward(self.evaluated, batch)
        terms = acoustic_terms(output, batch, per_item=True, free_bits=self.config.divergence.free_bits)
        return terms | {CONTRAST: contrast(output.final_mel, batch.mel, output.frame_mask)}

    @torch.no_grad()
    def measure(self) -> dict[str, float]:
        """What a listener would say of sentences spoken freely, where the run began with a voice and its vocoder."""
        return opinion(self._spoken()) if self.vocoder and listener() else {}

    def _spoken(self) -> Iterator[tuple[npt.NDArray[np.floating], int]]:
        assert self.vocoder is not None
        chosen = spread(range(len(self.validation.rows)), N_HEARD)
        for index in chosen:
            batch = self.validation.batch([index]).to(self.fabric.device)
            ones = torch.ones(batch.phone_ids.shape, device=self.fabric.device)
            controls = ones, torch.zeros_like(ones), torch.zeros_like(ones)
            output = self.evaluated.infer(batch.phone_ids, batch.phone_lengths, batch.speaker_ids, *controls)
            audio = self.vocoder(output.final_mel.float())[0, 0]
            yield audio.cpu().numpy(), self.log_mel.config.sample_rate

    def _forward(self, model: nn.Module, batch: AcousticBatch) -> AcousticOutput:
        targets = batch.durations, batch.pitch, batch.energy, batch.mel
        output: AcousticOutput = model(batch.phone_ids, batch.phone_lengths, batch.speaker_ids, *targets)
        return output

    @torch.no_grad()
    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Teacher-forced mel beside the target, and the mel made audible by Griffin and Lim's method."""
        self.evaluated.eval()
        folder.mkdir(parents=True, exist_ok=True)
        for index in range(min(self.config.n_samples, len(self.validation.rows))):
            batch = self.validation.batch([index]).to(self.fabric.device)
            mel = self._forward(self.evaluated, batch).final_mel
            name, sample_rate = batch.ids[0], self.log_mel.config.sample_rate
            audio = griffin_lim(mel.float(), self.log_mel)[0].cpu().numpy()
            write_audio(inside(folder, f"{name}.wav"), audio, sample_rate)
            figure = draw_mels(batch.mel[0].cpu().numpy(), mel[0].float().cpu().numpy(), self.log_mel.config)
            write_picture(inside(folder, f"{name}.png"), figure)
            metrics_log.picture(f"mel/{name}", figure, step)
            metrics_log.audio(f"griffin_lim/{name}", audio, sample_rate, step)
        self.evaluated.train()
