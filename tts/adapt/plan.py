"""What to expect of so many minutes of recordings, and how long it will take here."""

import time
from dataclasses import dataclass

import torch

from tts.config.root import Config

# Minutes from which on, and what is heard. Published: about 100 sentences are the knee and 20 overfit (arXiv
# 2406.08911); 30 minutes of tuning are about as good as 27 hours from nothing (arXiv 2110.05798).
EXPECTATIONS = (
    (0.0, "a likeness of the voice, with many slips: record more if you can"),
    (2.0, "the voice can be recognised; some words slip, and it sounds muffled at times"),
    (4.0, "the voice and its way of speaking; rare sounds may slip"),
    (9.0, "close to what the base does for its own speakers"),
    (25.0, "as good as this model becomes without hours of recordings"),
)
# Seconds of the processor where matrices are multiplied at REFERENCE_GFLOPS: a step, for a million weights and an
# utterance or segment of a batch, with the discriminators of the recipe, which the vocoder has none of, and what is
# done once.
REFERENCE_GFLOPS = 85.0
ACOUSTIC_S, VOCODER_S = 0.05, 0.03
LESSONS_S, PER_MINUTE_S = 90.0, 10.0  # to teach the aligner; to align and measure a minute of recordings
FINISH_S = 120.0  # to teach the F0, to export, and to speak
PROBE = 768  # size of the matrices that are multiplied to see how fast this machine is


@dataclass(frozen=True)
class Plan:
    minutes: float  # of recordings
    expectation: str
    longest_s: float  # if validation gains to the last step

    def __str__(self) -> str:
        longest = (
            f"{self.longest_s / 3600:.1f} hours" if self.longest_s > 5400 else f"{self.longest_s / 60:.0f} minutes"
        )
        return (
            f"{self.minutes:.1f} minutes of recordings: expect {self.expectation}.\n"
            f"This takes up to about {longest} on this machine as busy as it is now; each model ends by itself when "
            "validation no longer gains.\nCtrl-C at any time: the same command goes on."
        )


def make_plan(minutes: float, n_acoustic: int, n_vocoder: int, config: Config) -> Plan:
    """n_acoustic, n_vocoder: weights of both models."""
    acoustic, vocoder = config.training.acoustic, config.training.vocoder
    seconds = LESSONS_S + PER_MINUTE_S * minutes + FINISH_S
    seconds += acoustic.steps * acoustic.batch_size * ACOUSTIC_S * n_acoustic / 1e6
    seconds += vocoder.steps * vocoder.batch_size * VOCODER_S * n_vocoder / 1e6
    expectation = [text for least, text in EXPECTATIONS if minutes >= least][-1]
    return Plan(minutes, expectation, seconds * REFERENCE_GFLOPS / gflops())


def gflops() -> float:
    """How fast this machine multiplies matrices right now, whatever else it does."""
    a = torch.rand(PROBE, PROBE)
    a @ a
    start = time.perf_counter()
    for _ in range(8):
        a @ a
    return 8 * 2 * PROBE**3 / (time.perf_counter() - start) / 1e9
