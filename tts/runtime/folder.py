"""The files of a voice folder, read: nothing in them is trusted."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from tts.errors import InputError
from tts.files.documents import parse_json
from tts.names import Variant
from tts.runtime import contract
from tts.runtime.contract import VoiceManifest
from tts.runtime.session import read_regular, read_verified
from tts.text.front_end import front_end_for
from tts.text.inventory import PhoneInventory
from tts.text.lexicon import unpack_lexicon
from tts.text.sentences import FrontEnd
from tts.text.user_lexicon import UserLexicon, parse_user_lexicon

N_NAMED = 3  # of what is wrong, in an error
VOCODER_SIGNATURE = (contract.MEL,), (contract.AUDIO,)


class GraphPlace(NamedTuple):
    """A graph of a voice, and what it takes and gives."""

    path: Path
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_manifest(path: Path) -> VoiceManifest:
    """Raises ``InputError`` for a manifest that is missing, garbled, or of another schema version."""
    if not path.exists():
        raise InputError(path.parent, f"is not a voice folder: it has no {path.name}", "give one 'tts export' wrote")
    content = read_regular(path, contract.MAX_MANIFEST_BYTES)
    tree = parse_json(content, path)
    found = tree.get("schema_version") if isinstance(tree, dict) else None
    if found != contract.VOICE_SCHEMA_VERSION:
        fix = "use the version of Linnet it was exported with, or export it again"
        raise InputError(path, f"has schema version {found!r}, not {contract.VOICE_SCHEMA_VERSION}", fix)
    try:
        manifest = VoiceManifest.model_validate_json(content)
        PhoneInventory(manifest.phones)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        more = f"; and {len(problems) - N_NAMED} more" if len(problems) > N_NAMED else ""
        raise InputError(path, "; ".join(problems[:N_NAMED]) + more) from None
    except InputError as error:
        raise InputError(path, str(error)) from None
    if manifest.default_speaker not in (None, *manifest.speakers):
        raise InputError(path, f"default_speaker {manifest.default_speaker!r} is not one of its speakers")
    return manifest


def chosen_variant(manifest: VoiceManifest, variant: Variant | None) -> Variant:
    """``variant``, by default the most exact there is. Raises ``InputError`` for one that the voice lacks."""
    variant = variant or manifest.variants()[0]
    if variant not in manifest.variants():
        fix = f"choose one of {', '.join(manifest.variants())}, or make it: tts shrink --variant {variant}"
        raise InputError(f"voice {manifest.name!r}", f"has no variant {variant!r}", fix)
    return variant


def graph_files(manifest: VoiceManifest, variant: Variant | None) -> tuple[str, str]:
    """Acoustic model and vocoder. Raises ``InputError`` as ``chosen_variant`` does."""
    variant = chosen_variant(manifest, variant)
    return contract.variant_file(contract.ACOUSTIC_FILE, variant), contract.variant_file(contract.VOCODER_FILE, variant)


def graph_places(folder: Path, manifest: VoiceManifest, variant: Variant | None) -> tuple[GraphPlace, GraphPlace]:
    """Acoustic model and vocoder. Raises ``InputError`` as ``chosen_variant`` does."""
    acoustic, vocoder = (folder / name for name in graph_files(manifest, variant))
    inputs = contract.AcousticInputs.names(len(manifest.speakers))
    outputs = (contract.MEL, contract.MEL_LENGTHS, contract.DURATIONS)
    return GraphPlace(acoustic, inputs, outputs), GraphPlace(vocoder, *VOCODER_SIGNATURE)


def open_front_end(folder: Path, manifest: VoiceManifest) -> FrontEnd:
    """The one that reads text for the voice, with the lexicon that lies beside it.

    Where gruut is missing or lacks the language, a voice that brings its lexicon along says the words of that.
    """
    lexicon, path = None, folder / contract.LEXICON_FILE
    by_gruut = manifest.front_end == "gruut"
    alone = by_gruut and find_spec(f"gruut_lang_{manifest.language[:2]}") is None
    if path.name in manifest.sha256 and (alone or not by_gruut):
        packed = read_verified(path, manifest, contract.MAX_LEXICON_BYTES)
        lexicon = unpack_lexicon(packed, contract.MAX_LEXICON_BYTES, path)
    return front_end_for("lexicon" if alone and lexicon else manifest.front_end, manifest.language, lexicon)


def open_user_lexicon(folder: Path, manifest: VoiceManifest) -> UserLexicon | None:
    """The one that was exported into the voice, if any."""
    path = folder / contract.USER_LEXICON_FILE
    if path.name not in manifest.sha256:
        return None
    return parse_user_lexicon(read_verified(path, manifest, contract.MAX_LEXICON_BYTES), path)
