"""Sound as it is made, where there is a sound card."""

from collections.abc import Iterator
from contextlib import contextmanager

from tts.audio.wav import Sink
from tts.errors import InputError


@contextmanager
def sound_card(sample_rate: int) -> Iterator[Sink]:
    """A sink as ``audio_pipe`` is one; the context ends when all has been heard.

    Raises ``InputError`` where the package, PortAudio or a sound card is missing.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: the package is there, PortAudio is not
        fix = "install sounddevice and PortAudio"
        raise InputError("--play", f"cannot reach the sound card ({error})", fix) from None
    try:
        with sounddevice.OutputStream(samplerate=sample_rate, channels=1, dtype="int16") as stream:
            yield stream.write
    except sounddevice.PortAudioError as error:
        raise InputError("--play", f"no sound card plays {sample_rate} Hz ({error})", "write a file with -o") from None
