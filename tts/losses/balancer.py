"""Weights as shares of the gradient (EnCodec, arXiv 2210.13438, section 3.4)."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from tts.losses.weighting import check_names
from tts.models.processes import mean_over_processes


class GradientBalancer(nn.Module):
    """Scales each term's gradient at the generator's output so that its norm, on average, is its weight's share of 1.

    What a term's scale happens to be then no longer matters, only the weights do. The running means are buffers, so
    that a checkpoint holds them.
    """

    sums: Tensor
    counts: Tensor

    def __init__(self, names: list[str], decay: float) -> None:
        super().__init__()
        self.names, self.decay = names, decay
        self.register_buffer("sums", torch.zeros(len(names)))
        self.register_buffer("counts", torch.zeros(len(names)))

    def forward(self, terms: Mapping[str, Tensor], weights: Mapping[str, float], audio: Tensor) -> Tensor:
        """The gradient to go on with, of the shape of ``audio`` (B, 1, S), from which the ``terms`` were computed.

        A norm is the sum of the segments' norms, so that it depends neither on the size of the batch nor on how many
        processes share it. Terms without weight take no part. Raises ``ValueError`` when the names differ or every
        weight is 0.
        """
        check_names(terms, weights)
        active = [name for name in self.names if weights.get(name)]
        if not active:
            raise ValueError(f"every weight is 0 ({', '.join(sorted(weights))}): there is nothing to learn")
        gradients = torch.stack([torch.autograd.grad(terms[name], audio, retain_graph=True)[0] for name in active])
        norms = mean_over_processes(gradients.flatten(2).norm(dim=2).sum(1))  # (terms,)
        index = torch.tensor([self.names.index(name) for name in active], device=audio.device)
        self.sums[index] = self.decay * self.sums[index] + norms
        self.counts[index] = self.decay * self.counts[index] + 1.0
        means = self.sums[index] / self.counts[index]
        shares = torch.tensor([weights[name] for name in active], device=audio.device)
        scales = shares / shares.sum() / means.clamp(min=torch.finfo(means.dtype).tiny)
        return torch.einsum("n,nbcs->bcs", scales, gradients)
