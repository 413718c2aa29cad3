"""From a flat dict of unweighted terms to the one number that is minimised."""

from collections.abc import Mapping

import torch
from torch import Tensor


def weighted_total(terms: Mapping[str, Tensor], weights: Mapping[str, float]) -> Tensor:
    """Sum of ``weights[name] * terms[name]``. A weight of 0 means: log the term, learn nothing from it.

    Raises ``ValueError`` when the names differ: a typo must not train silently.
    """
    for problem, names in (("no weight", terms.keys() - weights.keys()), ("no term", weights.keys() - terms.keys())):
        if names:
            raise ValueError(f"{problem} for {', '.join(sorted(names))}")
    weighted = [weights[name] * term for name, term in terms.items() if weights[name]]
    if not weighted:
        raise ValueError(f"every weight is 0 ({', '.join(sorted(weights))}): there is nothing to learn")
    return torch.stack(weighted).sum()
