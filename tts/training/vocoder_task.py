"""Training a vocoder: a generator against discriminators that tell its audio from recordings."""

from collections.abc import Collection, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from tts.audio.wav import write_audio
from tts.config.root import Config
from tts.config.training import GAME_TERMS
from tts.data.batches import VocoderBatch
from tts.data.datasets import SegmentDataset
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.evaluation.clips import Clip, Listener
from tts.evaluation.ear import opinion
from tts.evaluation.metrics import FloatArray
from tts.evaluation.report import spread, summarise
from tts.files.names import inside
from tts.losses.adversarial import discriminator_terms
from tts.losses.audio import AudioLosses
from tts.losses.balancer import GradientBalancer
from tts.losses.weighting import reconstruction, weighted_total, weights_at
from tts.models.discriminators import Discriminators, scores_of
from tts.models.from_voice import voice_source
from tts.models.generators import Generator, make_generator
from tts.training import checkpoint
from tts.training.adversary import generator_verdict
from tts.training.ema import update_average
from tts.training.f0_lessons import predictor_of, teach_f0
from tts.training.health import Health
from tts.training.loop import fit, make_fabric, open_run
from tts.training.metrics_log import MetricsLog
from tts.training.pictures import draw_difference, write_picture
from tts.training.predicted_mels import PREDICTED_MELS_FOLDER, MelPredictor, PredictedMels
from tts.training.replay import Replays, TermSink
from tts.training.schedule import vocoder_rate
from tts.training.tracker import LossTracker
from tts.training.warm_start import freeze, start_from


def train_vocoder(
    features: Path, run: Path, config: Config, start: Path | None = None, acoustic: Path | None = None
) -> bool:
    """Train on the ``features`` folder into the folder ``run``; a run that exists goes on where it stopped.

    ``start``: a run or checkpoint whose weights a new run starts with. ``acoustic``: a run or checkpoint of an acoustic
    model trained on the same features, whose teacher-forced mels take the place of the recorded ones.
    Returns False when asked to stop before the last step. Raises ``InputError`` for features or a run of another
    config.
    """
    predicted = run / PREDICTED_MELS_FOLDER
    store = PredictedMels(features, predicted) if acoustic else FeatureStore(features)
    store.check_config(config)
    newest = checkpoint.latest(run)
    if newest and predicted.is_dir() != bool(acoustic):
        mels, fix = ("predicted", "give") if predicted.is_dir() else ("recorded", "leave out")
        raise InputError(run, f"is trained on {mels} mels", f"{fix} --gta, or give a new folder")
    predictor = MelPredictor(features, acoustic, predicted) if acoustic else None
    training, hop_length = config.training.vocoder, config.audio.hop_length
    n_frames = training.segment_length // hop_length
    peaks = None if acoustic else training.peaks  # a predicted mel is of one level
    train = SegmentDataset(store, "train", n_frames, hop_length, training.seed, peaks)
    validation = SegmentDataset(store, "validation", n_frames, hop_length, training.seed, peaks)
    fabric = make_fabric(training)
    task = VocoderTask(fabric, config, store)
    if start and not newest:
        start_from(task, "vocoder", start)
    with open_run(run, config, "vocoder", fabric) as run_dir:
        if predictor:
            predictor.predict(fabric)
        if start and not newest:
            voice = voice_source(start)
            task.hear_f0(store, voice.manifest.speakers if voice else ())
        return fit(task, train, validation, training, run_dir, fabric)


class VocoderTask:
    """The generator runs once per step. The discriminators learn from its detached audio, then judge it, frozen."""

    def __init__(self, fabric: Fabric, config: Config, store: FeatureStore) -> None:
        self.fabric, self.config, self.store = fabric, config.training.vocoder, store
        on_one_gpu = fabric.device.type == "cuda" and fabric.world_size == 1
        recordable = on_one_gpu and not self.config.balancer  # which waits for the GPU
        self.replays = Replays() if recordable and self.config.replayed else None
        generator = make_generator(config.vocoder.generator, config.audio)
        freeze(generator, self.config.frozen)
        if self.config.f0_lessons and (predictor := predictor_of(generator)):
            predictor.requires_grad_(False)  # the lessons are all that it learns
        discriminators = Discriminators(config.vocoder.discriminators)
        self.generator, g_optimizer = fabric.setup(generator, self._adamw(generator))
        self.generator.mark_forward_method("train_forward")
        self.discriminators, d_optimizer = fabric.setup(discriminators, self._adamw(discriminators))
        self.modules: dict[str, nn.Module] = {"generator": self.generator, "discriminators": self.discriminators}
        self.optimizers = {"generator": g_optimizer, "discriminators": d_optimizer}
        self.own_terms = config.vocoder.generator.terms
        self.balancer: GradientBalancer | None = None
        if self.config.balancer:
            names = [name for name in self.config.weights if name not in self.own_terms]
            self.balancer = GradientBalancer(names, self.config.balancer.decay).to(fabric.device)
            self.modules["balancer"] = self.balancer
        self.evaluated: Generator = generator  # the one that is validated and heard
        if self.config.ema_decay is not None:
            average = make_generator(config.vocoder.generator, config.audio).requires_grad_(False)
            average.load_state_dict(generator.state_dict())
            fabric.to_device(average)
            self.modules["generator_ema"] = self.evaluated = average
        self.losses = AudioLosses(self.config.weights, self.config, config.audio).to(fabric.device)
        self.audio, self.listener = config.audio, Listener(config.audio, config.preprocess.pitch)
        self.meta: dict[str, Any] = {"config": config.model_dump(mode="json")}
        self.health = Health(self.config)
        self.weights = self.config.weights

    def hear_f0(self, store: FeatureStore, known: Collection[str]) -> None:
        """The lessons of F0, where the config has them and the generator hears F0. ``known``: speakers."""
        lessons, generator = self.config.f0_lessons, self.generator.module
        predictor = predictor_of(generator)
        if lessons and predictor:
            teach_f0(predictor, store, lessons, known)
            self.evaluated.load_state_dict(generator.state_dict())

    def _adamw(self, module: nn.Module) -> torch.optim.Optimizer:
        device = self.fabric.device
        rate = self.config.learning_rate if self.replays is None else torch.tensor(self.config.learning_rate).to(device)
        return torch.optim.AdamW(
            module.parameters(),
            lr=rate,
            betas=self.config.betas,
            fused=device.type in ("cpu", "cuda"),
            capturable=self.replays is not None,
        )

    def learning_rate(self, step: int, epoch: int) -> float:
        return vocoder_rate(step, epoch, self.config)

    def train_step(self, batch: VocoderBatch, step: int, tracker: LossTracker) -> None:
        weights = weights_at(step, self.weights, self.config.start_steps)
        alone = step < self.config.discriminators_first
        judges = self._judges(step)
        if self.replays:
            learn = partial(self._learn, weights=weights, judges=judges, alone=alone)
            self.replays((alone, *weights, *judges), learn, batch, tracker)
        else:
            self._learn(batch, tracker, weights, judges, alone)
        if self.config.ema_decay is not None and not alone:
            update_average(self.evaluated, self.generator, self.config.ema_decay, step)

    def _judges(self, step: int) -> Mapping[str, float]:
        """The weights of the discriminators of this step, the same whenever it is taken."""
        discriminators: Discriminators = self.discriminators.module
        n = self.config.judges
        if n is None:
            return discriminators.weights
        return discriminators.drawn(n, np.random.default_rng((self.config.seed, step)))

    def _learn(
        self,
        batch: VocoderBatch,
        tracker: TermSink,
        weights: Mapping[str, float],
        judges: Mapping[str, float],
        alone: bool,
    ) -> None:
        """``alone``: only the discriminators."""
        audio, own_terms = self._generate(batch)
        if alone or GAME_TERMS & weights.keys():
            self._discriminator_step(batch, audio.detach(), judges, tracker)
        if not alone:
            self._generator_step(batch, audio, own_terms, weights, judges, tracker)

    def _generate(self, batch: VocoderBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Audio (B, 1, S), and terms of the generator's own, which do not come from the audio."""
        audio, terms = self.generator.train_forward(batch.mel, batch.log_f0, batch.first_frames, batch.phases)
        return audio, {name: term.mean() for name, term in terms.items()}

    def _discriminator_step(
        self, batch: VocoderBatch, audio: Tensor, judges: Mapping[str, float], tracker: TermSink
    ) -> None:
        real, fake = self.discriminators(batch.audio, judges), self.discriminators(audio, judges)
        terms = discriminator_terms(scores_of(real), scores_of(fake), self.config.adversarial, judges)
        self.optimizers["discriminators"].zero_grad()
        self.fabric.backward(terms["discriminator"])
        self._finish("discriminators", terms, len(batch.ids), tracker)

    def _generator_step(
        self,
        batch: VocoderBatch,
        audio: Tensor,
        own_terms: Mapping[str, Tensor],
        weights: Mapping[str, float],
        judges: Mapping[str, float],
        tracker: TermSink,
    ) -> None:
        terms = {**self.losses(audio[:, 0], batch.audio[:, 0]), **own_terms}
        sums = {"reconstruction": reconstruction(terms, self.weights)}
        if GAME_TERMS & weights.keys():
            game = self.discriminators.module
            terms |= generator_verdict(self.fabric, game, batch.audio, audio, self.config, judges, judges)
        terms = {name: term for name, term in terms.items() if name.partition("/")[0] in weights}
        total = weighted_total(terms, weights)
        self.optimizers["generator"].zero_grad()
        self.fabric.backward(self._balanced(terms, weights, audio, own_terms) if self.balancer else total)
        self._finish("generator", {"total": total, **sums, **terms}, len(batch.ids), tracker)

    def _balanced(
        self, terms: Mapping[str, Tensor], weights: Mapping[str, float], audio: Tensor, own_terms: Mapping[str, Tensor]
    ) -> Tensor:
        """A number whose gradient is the balanced one. Terms that do not come from the audio have their weights."""
        assert self.balancer is not None
        of_audio = {name: term for name, term in terms.items() if name not in own_terms}
        shares = {name: weight for name, weight in weights.items() if name not in own_terms}
        balanced = (audio * self.balancer(of_audio, shares, audio)).sum()
        return torch.stack([balanced, *(weights[name] * terms[name] for name in own_terms)]).sum()

    def _finish(self, name: str, terms: Mapping[str, Tensor], n_segments: int, tracker: TermSink) -> None:
        """One optimizer's step, after the tracker has seen that the terms and the gradients are finite."""
        gradients = [p.grad for p in self.modules[name].parameters() if p.grad is not None]
        tracker.update({**terms, f"{name}_gradient_norm": get_total_norm(gradients)}, n_segments)
        self.optimizers[name].step()

    def validate(self, batch: VocoderBatch) -> dict[str, Tensor]:
        terms: dict[str, Tensor] = self.losses.per_item(self.evaluated(batch.mel)[:, 0], batch.audio[:, 0])
        if self.own_terms:
            _, own_terms = self.evaluated.train_forward(batch.mel, batch.log_f0, batch.first_frames, batch.phases)
            terms |= own_terms
        return terms

    @torch.no_grad()
    def measure(self) -> dict[str, float]:
        """Means of the metrics of ``tts.evaluation`` over whole utterances."""
        generated = [self._vocode(row) for row in self.recordings]
        clips = [
            self.listener.compare(recorded, self.listener.analyse(audio))
            for recorded, audio in zip(self.recordings.values(), generated, strict=True)
        ]
        measured = {name: summary.mean for name, summary in summarise(clips).items()}
        return measured | opinion((audio, self.audio.sample_rate) for audio in generated)

    @cached_property
    def recordings(self) -> dict[Row, Clip]:
        """What ``measure`` listens to."""
        rows = spread(self.store.split("validation"), self.config.validation_clips)
        return {row: self.listener.analyse(self.store.read_audio(row)) for row in rows}

    def _vocode(self, row: Row) -> FloatArray:
        """The whole utterance (S,) from the mel that training uses."""
        audio = self.evaluated(torch.tensor(self.store.read_mel(row), device=self.fabric.device)[None])
        generated: FloatArray = audio[0, 0].float().cpu().numpy()
        return generated

    @torch.no_grad()
    def write_samples(self, folder: Path, step: int, metrics_log: MetricsLog) -> None:
        """Whole validation utterances as recorded and generated, and the difference of their mels."""
        self.evaluated.eval()
        folder.mkdir(parents=True, exist_ok=True)
        for row in self.store.split("validation")[: self.config.n_samples]:
            recorded, generated = self.store.read_audio(row), self._vocode(row)
            write_audio(inside(folder, f"{row.id}.wav"), generated, self.audio.sample_rate)
            write_audio(inside(folder, f"{row.id}_recorded.wav"), recorded, self.audio.sample_rate)
            figure = draw_difference(self.listener.mel(recorded), self.listener.mel(generated), self.audio)
            write_picture(inside(folder, f"{row.id}.png"), figure)
            metrics_log.picture(f"mel/{row.id}", figure, step)
            metrics_log.audio(f"vocoder/{row.id}", generated, self.audio.sample_rate, step)
        self.evaluated.train()
