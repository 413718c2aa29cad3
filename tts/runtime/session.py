"""Opening the files of a voice, and only those. They may come from anywhere: nothing in them is trusted."""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

import numpy.typing as npt

from tts.errors import InputError, system_error
from tts.files.digest import sha256
from tts.names import Device
from tts.onnx_runtime import onnxruntime
from tts.runtime.contract import MAX_GRAPH_BYTES, METADATA_KEYS, VoiceManifest
from tts.runtime.graph_file import check_graph

Array = npt.NDArray[Any]
PROVIDERS: dict[Device, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "dml": "DmlExecutionProvider",
}
MOST_THREADS = 256
RESTORE = "restore the folder, or export the voice again"
FATAL = 4  # ONNX Runtime's log level: what fails is raised and needs no second line on the terminal
LONGEST_RUN_S = 300.0  # of one graph on one sentence, on the slowest machine


@dataclass(frozen=True)
class Hardware:
    """What runs the graphs. Raises ``InputError`` for a device that the installed ONNX Runtime cannot use."""

    device: Device = "cpu"
    threads: int = 0  # of each graph; 0: one per physical core

    def __post_init__(self) -> None:
        if self.threads > MOST_THREADS:
            raise InputError(
                f"{self.threads} threads", f"are more than {MOST_THREADS}", "one per core is best: name none"
            )
        available = onnxruntime.get_available_providers()
        if PROVIDERS[self.device] not in available:
            usable = ", ".join(device for device, provider in PROVIDERS.items() if provider in available)
            fix = "install the ONNX Runtime package made for it, such as onnxruntime-gpu for cuda"
            raise InputError(f"device {self.device!r}", f"the installed ONNX Runtime runs on {usable} only", fix)

    def providers(self) -> list[str]:
        """The device, then the CPU for what it cannot do."""
        return list(dict.fromkeys([PROVIDERS[self.device], PROVIDERS["cpu"]]))


def read_regular(path: Path, limit: int) -> bytes:
    """Raises ``InputError`` for what is missing, larger than ``limit`` bytes, or endless, as a device or a pipe."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise InputError(path, "is not a regular file", RESTORE)
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    if len(content) > limit:
        raise InputError(path, f"is larger than the {limit:,} bytes that such a file may have", RESTORE)
    return content


def read_verified(path: Path, manifest: VoiceManifest, limit: int = MAX_GRAPH_BYTES) -> bytes:
    """A file of the voice, read once. Raises ``InputError`` unless it is the one the manifest was written for."""
    content = read_regular(path, limit)
    if sha256(content) != manifest.sha256.get(path.name):
        raise InputError(path, "was changed, cut short, or belongs to another voice", RESTORE)
    return content


def open_session(graph: bytes, where: object, hardware: Hardware | None = None) -> onnxruntime.InferenceSession:
    """A session of any graph, by default on the CPU.

    Raises ``InputError`` naming ``where`` for what is not one, or holds more than ``check_graph`` lets pass.
    """
    check_graph(graph, where)
    return open_trusted(graph, where, hardware)


def open_trusted(graph: bytes, where: object, hardware: Hardware | None = None) -> onnxruntime.InferenceSession:
    """A session of a graph that was checked before, or made by this program. Raises ``InputError`` as above."""
    hardware = hardware or Hardware()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = FATAL
    options.intra_op_num_threads = hardware.threads
    options.add_session_config_entry("session.load_model_format", "ONNX")  # and not what its bytes look like
    if _share_bounded_memory():
        options.add_session_config_entry("session.use_env_allocators", "1")
    # Idle threads that spin slow every other program down: up to 2.4 times where cores are shared, 12 % gained if not.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A graph may name other files to read weights from. There is nothing to find inside a file.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(where))
    try:
        return onnxruntime.InferenceSession(graph, options, providers=hardware.providers())
    except Exception as error:  # ONNX Runtime's exceptions have no base class of their own
        raise InputError(where, f"is not a graph that ONNX Runtime can run ({error})", RESTORE) from None


def open_voice_graph(
    path: Path,
    manifest: VoiceManifest,
    inputs: Sequence[str],
    outputs: Sequence[str],
    hardware: Hardware | None = None,
) -> onnxruntime.InferenceSession:
    """A session of a voice's graph, which has been admitted, with exactly these inputs and at least these outputs.

    Raises ``InputError`` for what is not a usable graph, or not of this voice.
    """
    session = open_trusted(read_verified(path, manifest), path, hardware)
    _check_metadata(path, session.get_modelmeta().custom_metadata_map, manifest)
    _check_names(path, "inputs", [node.name for node in session.get_inputs()], inputs)
    found_outputs = [node.name for node in session.get_outputs() if node.name in outputs]
    _check_names(path, "outputs", found_outputs, outputs)
    return session


def run(
    session: onnxruntime.InferenceSession, outputs: Sequence[str], inputs: Mapping[str, Array], *, whole: bool = True
) -> list[Array]:
    """Unless ``whole``, only the part of the graph that gives ``outputs`` is run.

    Raises ``InputError`` when the graph fails, as one that was not exported by Linnet may, or takes for ever.
    """
    options = onnxruntime.RunOptions()
    options.only_execute_path_to_fetches = not whole
    watch = threading.Timer(LONGEST_RUN_S, setattr, (options, "terminate", True))
    watch.daemon = True
    watch.start()
    try:
        results: list[Array] = session.run(list(outputs), dict(inputs), options)
    except Exception as error:
        raise InputError("voice", f"its graph failed ({error})", "export it again") from None
    finally:
        watch.cancel()
    return results


@cache
def _share_bounded_memory() -> bool:
    """Lets all sessions of this process take from one pool, which ends at half of what the machine has."""
    with suppress(AttributeError, ValueError, RuntimeError):  # a system that does not say; a pool of another program
        most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
        memory = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
        onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg(most, -1, -1, -1))
        return True
    return False


def _check_metadata(path: Path, metadata: Mapping[str, str], manifest: VoiceManifest) -> None:
    for key in METADATA_KEYS:
        expected, found = str(getattr(manifest, key)), metadata.get(key)
        if found != expected:
            raise InputError(path, f"has {key} {found!r}, but the voice has {expected!r}", RESTORE)


def _check_names(path: Path, kind: str, found: Sequence[str], expected: Sequence[str]) -> None:
    if sorted(found) != sorted(expected):
        raise InputError(path, f"has the {kind} {', '.join(found) or 'none'} instead of {', '.join(expected)}", RESTORE)
