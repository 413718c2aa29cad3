"""From a flat dict of unweighted terms to the one number that is minimised.

A name with a slash (``feature_matching/period_2``) is a part of a term: it is logged, and has no weight of its own.
"""

import operator
from collections.abc import Mapping
from functools import reduce
from typing import TypeVar

import torch
from torch import Tensor

from tts.config.training import GAME_TERMS

AnyNumber = TypeVar("AnyNumber", float, Tensor)


def is_part(name: str) -> bool:
    return "/" in name


def weights_at(step: int, weights: Mapping[str, float], start_steps: Mapping[str, int]) -> dict[str, float]:
    """The weights of the terms that have started when ``step`` steps are finished; the others are not computed."""
    return {name: weight for name, weight in weights.items() if step >= start_steps.get(name, 0)}


def warming(weights: Mapping[str, float], name: str, step: int, warmup_steps: int) -> Mapping[str, float]:
    """``weights`` with that of ``name``, if it is among them, still on its way from 0 to what it is."""
    share = min(1.0, (step + 1) / max(warmup_steps, 1))
    return {**weights, name: share * weights[name]} if name in weights else weights


def headline(weights: Mapping[str, float]) -> str:
    """What the sum is called by which checkpoints compare: all that is minimised, or what takes no discriminators."""
    return "reconstruction" if GAME_TERMS & weights.keys() else "total"


def reconstruction(terms: Mapping[str, AnyNumber], weights: Mapping[str, float]) -> AnyNumber:
    """The weighted sum of the terms that take no discriminators, of scalars or of each item."""
    weighted = [weight * terms[name] for name, weight in weights.items() if name not in GAME_TERMS]
    return reduce(operator.add, weighted)


def weighted_total(terms: Mapping[str, Tensor], weights: Mapping[str, float]) -> Tensor:
    """Sum of ``weights[name] * terms[name]``. A weight of 0 means: log the term, learn nothing from it.

    Raises ``ValueError`` when the names differ: a typo must not train silently.
    """
    check_names(terms, weights)
    weighted = [weights[name] * term for name, term in terms.items() if not is_part(name) and weights[name]]
    if not weighted:
        raise ValueError(f"every weight is 0 ({', '.join(sorted(weights))}): there is nothing to learn")
    return torch.stack(weighted).sum()


def check_names(terms: Mapping[str, Tensor], weights: Mapping[str, float]) -> None:
    """Every term but the parts has a weight, and every weight a term."""
    names = {name for name in terms if not is_part(name)}
    for problem, differing in (("no weight", names - weights.keys()), ("no term", weights.keys() - names)):
        if differing:
            raise ValueError(f"{problem} for {', '.join(sorted(differing))}")
