"""The models of an exported voice, to train them further: a voice needs nothing but its graphs for that.

Voices carry no second copy of their weights: even 8-bit ones would double their size, and the graphs hold all of them.
What training alone has, discriminators and the state of the optimizers, is not in a voice and starts anew.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import onnx
import torch
from pydantic import ValidationError

from tts.config.acoustic import AcousticConfig
from tts.config.audio import AudioConfig
from tts.config.corpus import PreprocessConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.config.section import Section
from tts.config.vocoder import VocoderConfig
from tts.errors import InputError
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import Generator, make_generator
from tts.models.graph_weights import load_plain, plain_weights, without_rounding
from tts.models.prosody import POSTERIOR
from tts.models.saved import list_checkpoints
from tts.names import Level, TaskName, Variant
from tts.runtime import contract
from tts.runtime.admission import admit
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import AcousticInputs, VoiceManifest
from tts.runtime.folder import graph_files, read_manifest
from tts.runtime.session import open_session, read_verified, run

PROBE_PHONES = 24  # of a nonsense sentence, on which a model is compared with its graph
ERROR_DB = -60.0  # at most, once the graph does not compute in 8 bits, which the model does not
NO_MOMENTS = Moments(mean=0.0, std=1.0, minimum=-1.0, maximum=1.0, count=0)  # the graph has the true ones

SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True)
class VoiceSource:
    """A voice as a beginning for training."""

    folder: Path
    manifest: VoiceManifest

    @property
    def variant(self) -> Variant:
        """The most exact that it has."""
        return self.manifest.variants()[0]

    def sections(self, task: TaskName) -> dict[str, Any]:
        """Of the config that the model ``task`` was trained with. Raises ``InputError`` for a voice that has none."""
        config = self.manifest.provenance.get(task, {}).get("config")
        if not isinstance(config, dict):
            raise InputError(self.folder, f"does not say how its {task} model was trained", "export it again")
        return config

    def recipe(self) -> dict[str, Any]:
        """The config of features that fit this voice, and of both its networks. How they were trained is not in it."""
        acoustic, text = self.sections("acoustic"), {"front_end": self.manifest.front_end}
        preprocess = _checked(PreprocessConfig, acoustic.get("preprocess", {}), self.folder)
        network = _checked(AcousticConfig, {**acoustic.get("acoustic", {}), "discriminators": None}, self.folder)
        generator = _checked(VocoderConfig, self._generator(), self.folder).generator
        return {
            "audio": self.audio.model_dump(mode="json"),
            "text": {**acoustic.get("text", {}), **text, "language": self.manifest.language},
            "preprocess": {**preprocess.model_dump(mode="json"), "phones": list(self.manifest.phones[2:])},
            "acoustic": network.model_dump(mode="json"),
            "vocoder": {"generator": generator.model_dump(mode="json")},
            "training": {
                "acoustic": {"weights": dict.fromkeys(network.own_terms, 1.0)},
                "vocoder": {"weights": dict.fromkeys(sorted(generator.terms), 1.0)},
            },
        }

    def _generator(self) -> dict[str, Any]:
        return {"generator": self.sections("vocoder").get("vocoder", {}).get("generator")}

    def graph(self, file: str) -> onnx.ModelProto:
        """Of the most exact variant, and computing in float32. Raises ``InputError`` as ``Voice.load`` does."""
        admit(self.folder, self.manifest)
        return without_rounding(onnx.load_from_string(read_verified(self.folder / file, self.manifest)), self.folder)

    @property
    def audio(self) -> AudioConfig:
        return _checked(AudioConfig, self.sections("acoustic").get("audio"), self.folder)

    @cached_property
    def acoustic(self) -> FastSpeech2:
        """The acoustic model, in evaluation mode. Raises ``InputError`` where its graph cannot be read back."""
        config = {**self.sections("acoustic").get("acoustic", {}), "discriminators": None}
        levels: dict[Level, Moments] = {"phone": NO_MOMENTS, "frame": NO_MOMENTS}
        statistics = [SpeakerStatistics(pitch=levels, energy=levels)] * len(self.manifest.speakers)
        acoustic_config = _checked(AcousticConfig, config, self.folder)
        model = FastSpeech2(acoustic_config, self.manifest.n_mels, len(self.manifest.phones), statistics)
        graph = self.graph(graph_files(self.manifest, self.variant)[0])
        weights = model.state_dict()
        spoken = {name: weight for name, weight in weights.items() if not name.startswith(POSTERIOR)}
        load_plain(model, {**weights, **plain_weights(graph, spoken, "model", self.folder)})
        inputs = self._probe()
        with torch.inference_mode():
            ours = model.eval().infer(**{name: torch.from_numpy(value) for name, value in vars(inputs).items()})
        self._require_equal("acoustic", ours.final_mel.numpy(), self._mel(graph))
        return model

    def statistics(self) -> dict[str, SpeakerStatistics]:
        """Of its speakers, as far as the graph knows them: the deviations, and the range of all. Means it need not."""
        adaptor = self.acoustic.variance_adaptor
        kinds: dict[str, list[dict[Level, Moments]]] = {}
        for kind, variance in (("pitch", adaptor.pitch), ("energy", adaptor.energy)):
            low, scale = float(variance.embedding.low), float(variance.embedding.bins_per_unit)
            high = low + variance.embedding.last_bin / scale if scale else low
            moments = (Moments(mean=0.0, std=float(std), minimum=low, maximum=high, count=0) for std in variance.std)
            kinds[kind] = [{"phone": m, "frame": m} for m in moments]
        return {
            speaker: SpeakerStatistics(pitch=pitch, energy=energy)
            for speaker, pitch, energy in zip(self.manifest.speakers, kinds["pitch"], kinds["energy"], strict=True)
        }

    @cached_property
    def vocoder(self) -> Generator:
        """The generator, in evaluation mode. Raises ``InputError`` where its graph cannot be read back."""
        section = self.sections("vocoder")
        config = _checked(VocoderConfig, self._generator(), self.folder)
        generator = make_generator(config.generator, _checked(AudioConfig, section.get("audio"), self.folder))
        files = graph_files(self.manifest, self.variant)
        graph = self.graph(files[1])
        weights = plain_weights(graph, generator.folded().state_dict(), "generator", self.folder)
        load_plain(generator, weights)
        mel = self._mel(self.graph(files[0]))
        (theirs,) = run(open_session(graph.SerializeToString(), self.folder), [contract.AUDIO], {contract.MEL: mel})
        with torch.inference_mode():
            ours = generator.eval()(torch.from_numpy(mel))[:, 0].numpy()
        self._require_equal("vocoder", ours, theirs)
        return generator

    def _probe(self) -> AcousticInputs:
        phones = np.random.default_rng(0).integers(1, len(self.manifest.phones), PROBE_PHONES)
        return AcousticInputs.of([phones.tolist()], [0])

    def _mel(self, acoustic: onnx.ModelProto) -> npt.NDArray[np.float32]:
        session = open_session(acoustic.SerializeToString(), self.folder)
        (mel,) = run(session, [contract.MEL], self._probe().feed(len(self.manifest.speakers)))
        return mel

    def _require_equal(self, task: str, ours: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> None:
        """What was read back must say what the graph says."""
        error_db = np.inf
        if ours.shape == theirs.shape:
            energy = np.square(theirs - theirs.mean(), dtype=np.float64).sum()
            error_db = 10 * np.log10(np.square(ours - theirs, dtype=np.float64).sum() / max(energy, 1e-20) + 1e-30)
        if not error_db <= ERROR_DB:
            what = f"its {task} model, read back from the graph, differs from it by {error_db:.0f} dB"
            raise InputError(self.folder, what, "give the run that it was exported from")


def voice_source(path: Path) -> VoiceSource | None:
    """The voice at ``path``, or that ships under that name; None for a run or a checkpoint.

    Raises ``InputError`` for what is none of these.
    """
    if list_checkpoints(path) or list_checkpoints(path.parent.parent):
        return None
    folder = find_voice(path)
    file = folder / contract.MANIFEST_FILE
    return VoiceSource(folder, read_manifest(file)) if file.is_file() else None


def find_base(path: Path) -> VoiceSource:
    """Raises ``InputError`` for what is not a voice."""
    if base := voice_source(path):
        return base
    raise InputError(path, "is not a voice", "give one that 'tts voices' lists, or a folder that 'tts export' wrote")


def _checked(section: type[SectionT], tree: Any, where: Path) -> SectionT:
    """A section of the config. Only what describes the network is read: the rest may be of an old version."""
    try:
        return section.model_validate(tree)
    except ValidationError as error:
        problem = error.errors()[0]
        what = f"was trained with a config that this version does not know ({problem['loc']}: {problem['msg']})"
        raise InputError(where, what, "export it again, or give the run that it was made of") from None
