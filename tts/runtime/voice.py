"""A voice folder, opened: the runtime's front door."""

import json
from pathlib import Path

from pydantic import ValidationError

from tts.config.errors import InputError
from tts.runtime import contract
from tts.runtime.contract import VoiceManifest
from tts.runtime.session import open_session
from tts.runtime.synthesizer import Controls, Speech, Synthesizer, write_script
from tts.text.front_end import front_end_for
from tts.text.inventory import PhoneInventory
from tts.text.sentences import FrontEnd


class Voice:
    """Speaks text. Safe to call from several threads."""

    def __init__(self, synthesizer: Synthesizer, front_end: FrontEnd, inventory: PhoneInventory) -> None:
        self.manifest = synthesizer.manifest
        self._synthesizer = synthesizer
        self._front_end = front_end
        self._inventory = inventory

    @classmethod
    def load(cls, folder: Path | str) -> "Voice":
        """Raises ``InputError`` for a folder that is no voice, or has files missing, altered or of another voice."""
        folder = Path(folder)
        manifest = read_manifest(folder / contract.MANIFEST_FILE)
        lexicon = folder / contract.LEXICON_FILE if manifest.front_end == "arpabet" else None
        front_end = front_end_for(manifest.front_end, manifest.language, lexicon)
        inputs = [contract.PHONE_IDS, contract.PHONE_LENGTHS]
        inputs += [contract.DURATION_SCALE, contract.PITCH_SHIFT, contract.ENERGY_SHIFT]
        if len(manifest.speakers) > 1:
            inputs.append(contract.SPEAKER_IDS)
        outputs = (contract.MEL, contract.MEL_LENGTHS, contract.DURATIONS)
        acoustic = open_session(folder / contract.ACOUSTIC_FILE, manifest, inputs, outputs)
        vocoder = open_session(folder / contract.VOCODER_FILE, manifest, [contract.MEL], [contract.AUDIO])
        return cls(Synthesizer(manifest, acoustic, vocoder), front_end, PhoneInventory(manifest.phones))

    def synthesize(
        self, text: str, *, speaker: str | None = None, speed: float = 1.0, pitch: float = 0.0, energy: float = 0.0
    ) -> Speech:
        """Speak ``text``, ``speed`` times as fast, ``pitch`` semitones higher and ``energy`` dB louder.

        ``speaker`` is one of ``manifest.speakers``, by default the first. Raises ``InputError`` for an unknown speaker,
        a control out of range, a word that cannot be pronounced (it is named), and text without words.
        """
        controls = Controls(speed, pitch, energy)
        speaker_id = self._speaker_id(speaker)
        scripts = [write_script(sentence, self._inventory) for sentence in self._front_end(text)]
        return self._synthesizer.speak(scripts, speaker_id, controls)

    def _speaker_id(self, speaker: str | None) -> int:
        speakers = self.manifest.speakers
        if speaker is None:
            return 0
        if speaker not in speakers:
            raise InputError(f"speaker {speaker!r}", f"voice {self.manifest.name!r} has {', '.join(speakers)}")
        return speakers.index(speaker)


def read_manifest(path: Path) -> VoiceManifest:
    """Raises ``InputError`` for a manifest that is missing, garbled, or of another schema version."""
    if not path.is_file():
        raise InputError(path.parent, f"is no voice folder: it has no {path.name}", "give one 'tts export' wrote")
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(path, f"cannot be read as JSON ({error})") from None
    found = tree.get("schema_version") if isinstance(tree, dict) else None
    if found != contract.VOICE_SCHEMA_VERSION:
        fix = "use the version of Linnet it was exported with, or export it again"
        raise InputError(path, f"has schema version {found!r}, not {contract.VOICE_SCHEMA_VERSION}", fix)
    try:
        manifest = VoiceManifest.model_validate(tree)
        PhoneInventory(manifest.phones)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise InputError(path, "; ".join(problems)) from None
    except InputError as error:
        raise InputError(path, str(error)) from None
    if not manifest.speakers:
        raise InputError(path, "names no speaker")
    return manifest
