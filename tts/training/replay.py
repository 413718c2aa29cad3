"""On a GPU, a training step is recorded once and then replayed (CUDA graphs).

A step of a vocoder launches thousands of small kernels, and Python takes several times longer to launch them than the
GPU to run them (``tools/bench_vocoder_step.py``). A graph launches all of them at once.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from tts.data.batches import VocoderBatch

WARM_UPS = 3  # steps as usual before one is recorded: libraries choose their algorithms, optimizers make their state


class TermSink(Protocol):
    """What a step tells its terms: a ``LossTracker``, or the one below."""

    def update(self, terms: Mapping[str, Tensor], weight: float) -> None: ...


Step = Callable[[VocoderBatch, TermSink], None]


@dataclass
class _Recording:
    """What a recorded step tells. Its tensors hold the numbers of the latest replay."""

    batch: VocoderBatch
    graph: torch.cuda.CUDAGraph
    told: list[tuple[dict[str, Tensor], float]] = field(default_factory=list)

    def update(self, terms: Mapping[str, Tensor], weight: float) -> None:
        self.told.append(({name: term.detach() for name, term in terms.items()}, weight))


class Replays:
    """Recorded steps, by what tells one kind of step from another."""

    def __init__(self) -> None:
        self._recordings: dict[Hashable, _Recording] = {}
        self._seen: dict[Hashable, int] = {}

    def __call__(self, kind: Hashable, step: Step, batch: VocoderBatch, tracker: TermSink) -> None:
        """Do ``step`` with ``batch``, which is on a GPU. What it does may only depend on its ``kind`` and the batch.

        Batches of another shape than the recorded one are not replayed.
        """
        recording = self._recordings.get(kind)
        if recording is None and self._seen.setdefault(kind, 0) >= WARM_UPS:
            recording = self._recordings[kind] = _record(step, batch)
        if recording is None or recording.batch.mel.shape != batch.mel.shape:
            self._seen[kind] += 1
            _beside(lambda: step(batch, tracker))
            return
        recording.batch.take(batch)
        recording.graph.replay()
        for terms, weight in recording.told:
            tracker.update(terms, weight)


def _beside(work: Callable[[], None]) -> None:
    """On a stream of its own, which what is recorded later must not share with what came before."""
    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        work()
    torch.cuda.current_stream().wait_stream(stream)


def _record(step: Step, batch: VocoderBatch) -> _Recording:
    recording = _Recording(batch.copied(), torch.cuda.CUDAGraph())
    # Other threads go on meanwhile, such as the one that pins memory for the next batches.
    with torch.cuda.graph(recording.graph, capture_error_mode="thread_local"):
        step(recording.batch, recording)
    return recording
