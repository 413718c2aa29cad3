"""Discriminators in the generator's step."""

from collections.abc import Mapping
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor

from tts.config.training import AcousticTrainingConfig, VocoderTrainingConfig
from tts.losses.adversarial import generator_terms
from tts.losses.feature_matching import feature_matching_terms
from tts.models.discriminators import Game, features_of, scores_of


def generator_verdict(
    fabric: Fabric,
    discriminators: Game,
    recorded: Tensor,
    generated: Tensor,
    config: AcousticTrainingConfig | VocoderTrainingConfig,
    weights: Mapping[str, float],
    *where: Any,
) -> dict[str, Tensor]:
    """``adversarial`` and ``feature_matching`` with their parts. The discriminators do not learn.

    ``discriminators``: not the wrapper of several processes, which would wait for their gradients. ``weights``: of
    those that judge. ``where``: what they take besides.
    """
    # Frozen, so that backward does not compute discriminator gradients only to throw them away.
    discriminators.requires_grad_(False)
    with fabric.autocast():
        with torch.no_grad():
            real = discriminators(recorded, *where)
        fake = discriminators(generated, *where)
    discriminators.requires_grad_(True)
    return {
        **generator_terms(scores_of(fake), config.adversarial, weights),
        **feature_matching_terms(features_of(real), features_of(fake), config.feature_matching, weights),
    }
