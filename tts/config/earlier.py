"""Configs as earlier versions wrote them, in today's words: checkpoints keep theirs as long as anybody has them."""

from collections.abc import Mapping
from typing import Any

Tree = dict[str, Any]

STFT_WEIGHT, MATCHING_WEIGHT = 45.0, 2.0  # the defaults of that time
STFT_SHARES = {"spectral_convergence": 1.0, "log_magnitude": 1.0, "magnitude": 0.0, "mel": 0.0}


def modernised(tree: Mapping[str, Any]) -> Tree:
    """The whole config, or a part of it, as today's version says the same.

    The objective of a vocoder stood in two dictionaries, ``weights`` and ``stft.weights``, and a source filter's term
    f0 in none; the reduction ``published`` was twice a sum; the criterion ``adversarial`` had no section.
    """
    vocoder = _at(tree, "training", "vocoder")
    if not vocoder:
        return dict(tree)
    modern = _with_one_dictionary(vocoder, _at(tree, "vocoder", "generator").get("kind") == "source_filter")
    if isinstance(criterion := vocoder.get("adversarial"), str):
        modern["adversarial"] = {"criterion": criterion}
    if (matching := _at(vocoder, "feature_matching")).get("reduction") == "published":
        modern["feature_matching"] = {**matching, "reduction": "sum"}
        weights = modern.get("weights", {})
        modern["weights"] = {**weights, "feature_matching": 2 * weights.get("feature_matching", MATCHING_WEIGHT)}
    return {**tree, "training": {**tree["training"], "vocoder": modern}}


def _with_one_dictionary(vocoder: Mapping[str, Any], has_f0: bool) -> Tree:
    weights, starts = dict(_at(vocoder, "weights")), dict(_at(vocoder, "start_steps"))
    stft = dict(_at(vocoder, "stft"))
    shares, whole, start = stft.pop("weights", None), weights.pop("stft", None), starts.pop("stft", 0)
    modern = dict(vocoder)
    if "stft" in _at(vocoder, "start_steps"):
        modern["start_steps"] = starts | (dict.fromkeys(STFT_SHARES, start) if start else {})
    if shares is None and whole is None:
        return modern
    whole = STFT_WEIGHT if whole is None else whole
    shares = {**STFT_SHARES, **(shares if isinstance(shares, Mapping) else {})}
    if not all(isinstance(number, int | float) for number in (whole, *shares.values())):
        return modern  # wrong then and now
    modern["weights"] = weights | {name: whole * share for name, share in shares.items()}
    if has_f0:
        modern["weights"] = {"f0": 1.0, **modern["weights"]}
    return modern | ({"stft": stft} if "stft" in vocoder else {})


def _at(tree: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The section at that path; an empty one where there is none."""
    for key in keys:
        value = tree.get(key)
        tree = value if isinstance(value, Mapping) else {}
    return tree
