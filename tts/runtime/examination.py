"""What ``tts check`` says about a voice: what its files hold, and how it spoke when it was tried."""

from dataclasses import dataclass
from pathlib import Path

from tts.names import Variant
from tts.runtime import contract
from tts.runtime.admission import remember
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import VoiceManifest
from tts.runtime.folder import GraphPlace, graph_places, open_front_end, open_user_lexicon, read_manifest
from tts.runtime.graph_file import GraphFacts, check_graph
from tts.runtime.session import read_verified
from tts.runtime.trial import Trial, try_out


@dataclass(frozen=True)
class Examination:
    """``str`` is for a person."""

    folder: Path
    manifest: VoiceManifest
    graphs: dict[str, GraphFacts]  # by file name
    trials: dict[Variant, Trial]

    def __str__(self) -> str:
        voice = self.manifest
        speakers = f"{len(voice.speakers)} speakers" if len(voice.speakers) > 1 else "one speaker"
        lines = [
            f"{self.folder}: voice {voice.name!r}, {voice.language}, {speakers}, {voice.sample_rate} Hz, "
            f"{len(voice.phones)} phones, front end {voice.front_end}",
            f"licence: {voice.licence or 'none is named'}",
        ]
        for name, facts in self.graphs.items():
            size = (self.folder / name).stat().st_size / 1e6
            lines.append(
                f"{name}: {size:.1f} MB, {facts.n_weights:,} weights, {facts.n_nodes} nodes of {len(facts.operators)} "
                "kinds, all of them arithmetic"
            )
        lines += [f"{variant}: {trial}" for variant, trial in self.trials.items()]
        return "\n".join([*lines, "nothing is wrong with it"])


def examine_voice(name_or_folder: Path) -> Examination:
    """Raises ``InputError`` for the first thing that is wrong, as ``Voice.load`` would for any of its variants."""
    folder = find_voice(name_or_folder)
    manifest = read_manifest(folder / contract.MANIFEST_FILE)
    places = [place for variant in manifest.variants() for place in graph_places(folder, manifest, variant)]
    graphs = {place.path.name: _read(place, manifest) for place in places}
    open_front_end(folder, manifest)
    open_user_lexicon(folder, manifest)
    trials = {variant: try_out(folder, variant) for variant in manifest.variants()}
    remember(manifest, *trials)
    return Examination(folder, manifest, graphs, trials)


def _read(place: GraphPlace, manifest: VoiceManifest) -> GraphFacts:
    return check_graph(read_verified(place.path, manifest), place.path)
