"""Opening the graphs of a voice, and only those."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import onnxruntime

from tts.config.errors import InputError
from tts.runtime.contract import METADATA_KEYS, VoiceManifest

RESTORE = "restore the folder, or export the voice again"
FATAL = 4  # ONNX Runtime's log level: what fails is raised and needs no second line on the terminal


def read_verified(path: Path, manifest: VoiceManifest) -> bytes:
    """A file of the voice, read once. Raises ``InputError`` unless it is the one the manifest was written for."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", RESTORE) from None
    if hashlib.sha256(content).hexdigest() != manifest.sha256.get(path.name):
        raise InputError(path, "was changed, cut short, or belongs to another voice", RESTORE)
    return content


def open_session(
    path: Path, manifest: VoiceManifest, inputs: Sequence[str], outputs: Sequence[str]
) -> onnxruntime.InferenceSession:
    """A session on the CPU with exactly these inputs and at least these outputs.

    Raises ``InputError`` for a graph that is missing, altered, unreadable, or not of this voice.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = FATAL
    # Idle threads that spin slow every other program down: up to 2.4 times where cores are shared, 12 % gained if not.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    content = read_verified(path, manifest)
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions have no base class of their own
        raise InputError(path, f"is no graph that ONNX Runtime can run ({error})", RESTORE) from None
    _check_metadata(path, session, manifest)
    _check_names(path, "inputs", [node.name for node in session.get_inputs()], inputs)
    found = [node.name for node in session.get_outputs()]
    _check_names(path, "outputs", [name for name in found if name in outputs], outputs)
    return session


def _check_metadata(path: Path, session: onnxruntime.InferenceSession, manifest: VoiceManifest) -> None:
    metadata = session.get_modelmeta().custom_metadata_map
    for key in METADATA_KEYS:
        expected, found = str(getattr(manifest, key)), metadata.get(key)
        if found != expected:
            raise InputError(path, f"has {key} {found!r}, but the voice has {expected!r}", RESTORE)


def _check_names(path: Path, kind: str, found: Sequence[str], expected: Sequence[str]) -> None:
    if sorted(found) != sorted(expected):
        raise InputError(path, f"has the {kind} {', '.join(found) or 'none'} instead of {', '.join(expected)}", RESTORE)
