"""What a target is: another program that speaks with an exported voice. ``tts.names.TARGETS`` lists all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import onnx

from tts.export.fused_graph import checked_fusion
from tts.export.voice_graphs import VoiceGraphs


@dataclass(frozen=True)
class Target:
    write: Callable[[VoiceGraphs, Path], str]  # into an empty folder; returns a message for the user
    check: Callable[[], Any] = lambda: None  # raises InputError for what is not installed, before any work is done


def fused_target(
    write: Callable[[VoiceGraphs, onnx.ModelProto, Path], str], check: Callable[[], Any] = lambda: None
) -> Target:
    """One whose files are made from a single graph, phones to audio."""
    return Target(partial(_write_fused, write), check)


def _write_fused(write: Callable[[VoiceGraphs, onnx.ModelProto, Path], str], voice: VoiceGraphs, folder: Path) -> str:
    fused, note = checked_fusion(voice)
    return f"{note}\n{write(voice, fused, folder)}"
