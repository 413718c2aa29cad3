"""Speak a few sentences with a voice, for people to hear and to see.

    python -m tools.make_samples VOICE FOLDER

Writes ``1.ogg``, ``1.png`` ... and a ``README.md`` that shows them. The sentences were chosen before any voice was
trained; none is from a corpus.
"""

from pathlib import Path

import click
import numpy as np
import torch
from matplotlib.figure import Figure

from tts.audio.mel import LogMel
from tts.audio.wav import write_audio
from tts.commands.options import FOLDER
from tts.config.audio import AudioConfig
from tts.runtime.speech import Speech
from tts.runtime.voice import Voice

SENTENCES = (
    "Hello! This voice was trained, exported and shipped by the program that is speaking.",
    "The morning train leaves at seven fifteen, and nobody on the platform seems to be awake.",
    "Would you like a cup of tea, or shall we walk along the river first?",
)
INCHES_PER_SECOND, HEIGHT_INCHES, DPI = 2.2, 2.4, 90


@click.command(help=__doc__)
@click.argument("voice_folder", type=FOLDER)
@click.argument("folder", type=FOLDER)
def main(voice_folder: Path, folder: Path) -> None:
    voice = Voice.load(voice_folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"# {voice.manifest.name} speaks\n"]
    for number, sentence in enumerate(SENTENCES, start=1):
        speech = voice.synthesize(sentence)
        write_audio(folder / f"{number}.ogg", speech.audio, speech.sample_rate)
        draw(speech, AudioConfig(sample_rate=speech.sample_rate)).savefig(folder / f"{number}.png", dpi=DPI)
        lines.append(f"[{sentence}]({number}.ogg)\n\n![its mel spectrogram]({number}.png)\n")
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


def draw(speech: Speech, config: AudioConfig) -> Figure:
    """The mel spectrogram, with the words where they are spoken."""
    mel = LogMel(config)(torch.from_numpy(speech.audio)[None])[0].numpy()
    seconds = len(speech.audio) / speech.sample_rate
    figure = Figure(figsize=(INCHES_PER_SECOND * seconds, HEIGHT_INCHES), layout="constrained")
    axis = figure.subplots()
    axis.imshow(mel, origin="lower", aspect="auto", extent=(0, seconds, 0, len(mel)))
    for word in speech.words:
        axis.axvline(word.start_s, color="white", linewidth=0.5)
        axis.text(np.mean([word.start_s, word.end_s]), len(mel) + 1, word.label, ha="center", fontsize=7)
    axis.set(xlabel="seconds", ylabel="mel band")
    return figure


if __name__ == "__main__":
    main()
