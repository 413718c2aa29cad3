"""The terms of FastSpeech 2 (arXiv 2006.04558, section 2.2): mel L1, and MSE of log-duration, pitch and energy."""

import torch
from torch import Tensor

from tts.data.batches import AcousticBatch
from tts.losses.latent import latent_terms
from tts.losses.masked import masked_l1, masked_mse
from tts.models.fastspeech2 import AcousticOutput


def acoustic_terms(
    output: AcousticOutput, batch: AcousticBatch, per_item: bool = False, free_bits: float = 0.0
) -> dict[str, Tensor]:
    """Unweighted scalars ``mel``, ``duration``, ``pitch``, ``energy`` and, where there is one, ``postnet_mel``; of a
    variational prosody ``kl``, and ``kl/nats``, which counts ``free_bits`` as well.

    Each is a mean over the real positions of the whole batch or, ``per_item``, of each utterance (B,); ``output`` is
    teacher-forced with the batch's durations.
    """
    frame_mask = output.frame_mask[:, None]  # (B, 1, T)
    log_durations = torch.log1p(batch.durations.float())
    terms = {
        "mel": masked_l1(output.mel, batch.mel, frame_mask, per_item),
        "duration": masked_mse(output.log_durations, log_durations, output.phone_mask, per_item),
        "pitch": masked_mse(output.pitch, batch.pitch, _mask_for(output.pitch, output), per_item),
        "energy": masked_mse(output.energy, batch.energy, _mask_for(output.energy, output), per_item),
    }
    if output.postnet_mel is not None:
        terms["postnet_mel"] = masked_l1(output.postnet_mel, batch.mel, frame_mask, per_item)
    if output.latent is not None:
        latent = latent_terms(output.latent, output.phone_mask, free_bits)
        terms |= {name: each if per_item else each.mean() for name, each in latent.items()}
    return terms


def _mask_for(values: Tensor, output: AcousticOutput) -> Tensor:
    """Pitch and energy are (B, P) or (B, T); the shape says which, speech having more frames than phones."""
    return output.phone_mask if values.shape == output.phone_mask.shape else output.frame_mask
