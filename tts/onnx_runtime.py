"""ONNX Runtime as everything here uses it: it reports nothing to its makers.

Its builds since 2026 send what they run over HTTPS, and keep an id of the machine in the user's cache, unless a
variable says otherwise before the library is loaded. Nobody who speaks a sentence expects that.
"""

import os
from typing import Any

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime as onnxruntime


def quantization_tools() -> Any:
    """A module that needs the package onnx, which those who only speak lack."""
    from onnxruntime import quantization

    return quantization
