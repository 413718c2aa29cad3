"""What ``tts synthesize`` does with a loaded voice: chunks of speech into a file, a pipe or the sound card."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tts.audio.delivery import Delivery
from tts.audio.wav import Sink, audio_file, audio_pipe
from tts.errors import system_error
from tts.files.whole import is_special, remove_leftovers
from tts.runtime.speech import Speech, Timeline

STANDARD_OUTPUT = Path("-")
PIPE_FORMATS = ("wav", "raw")


def open_sink(output: Path, name: str | None, sample_rate: int, *, play: bool) -> AbstractContextManager[Sink]:
    """Where 16-bit samples go. ``name`` is the format, by default the one of the suffix, or wav into a pipe."""
    if play:
        from tts.audio.sound_card import sound_card

        return sound_card(sample_rate)
    if output == STANDARD_OUTPUT:
        return audio_pipe(sys.stdout.buffer, sample_rate, name or "wav")
    if is_special(output) and name in (None, *PIPE_FORMATS):
        return _into_special(output, sample_rate, name or "wav")
    remove_leftovers(output.parent, output.name)
    return audio_file(output, sample_rate, name)


@contextmanager
def _into_special(path: Path, sample_rate: int, name: str) -> Iterator[Sink]:
    """Heard while it is written, as through standard output."""
    try:
        with path.open("wb") as pipe, audio_pipe(pipe, sample_rate, name) as sink:
            yield sink
    except OSError as error:
        raise system_error(path, "cannot be written", error) from None


def deliver(chunks: Iterable[Speech], spoken_rate: int, delivery: Delivery, sink: Sink) -> Timeline:
    """Writes each chunk when it comes. Returns the timeline of all of it."""
    timeline = Timeline()

    def audio() -> Iterator[npt.NDArray[np.float32]]:
        for chunk in chunks:
            timeline.add(chunk)
            yield chunk.audio

    for pcm in delivery.convert(audio(), spoken_rate):
        sink(pcm)
    return timeline
