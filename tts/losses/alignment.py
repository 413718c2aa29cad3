"""Forward-sum: how likely the frames are if the phones are spoken in order, summed over all ways to time them.

The phones of an utterance are a chain of states, each lasting at least one frame; a phone is ``n_states`` of them. A
phone marked optional, a pause, may be left out. This is the hidden Markov model of forced alignment; with one state per
phone and every second phone an optional blank it is CTC without the rule for repetitions (arXiv 2108.10447).
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

NEVER = -1e30  # log of an impossible event; finite, so that sums of it stay comparable


@dataclass(frozen=True)
class Chain:
    """A batch of state chains: P phones of ``n_states`` states each."""

    optional: Tensor  # (B, P) bool, phones that may be left out; no two neighbours
    phone_lengths: Tensor  # (B,) int64
    mel_lengths: Tensor  # (B,) int64, at least as many frames as states that cannot be left out
    n_states: int

    def initial(self) -> Tensor:
        """(B, N) log-score of starting in a state, N = P * n_states: in the first, or after an optional first phone."""
        state = torch.arange(self.optional.shape[1] * self.n_states, device=self.optional.device)
        after = self.optional[:, :1] & (state == self.n_states)
        return torch.where((state == 0) | after, 0.0, NEVER)

    def final(self) -> Tensor:
        """(B, N), of ending in a state."""
        state = torch.arange(self.optional.shape[1] * self.n_states, device=self.optional.device)
        last = (self.phone_lengths * self.n_states - 1)[:, None]
        before = self.optional.gather(1, self.phone_lengths[:, None] - 1) & (state == last - self.n_states)
        return torch.where((state == last) | before, 0.0, NEVER)

    def skip(self) -> Tensor:
        """(B, N), of coming from the state ``n_states + 1`` before, over an optional phone."""
        enters = F.pad(self.optional, (1, 0))[:, :-1, None].expand(-1, -1, self.n_states).clone()
        enters[:, :, 1:] = False
        return torch.where(enters.flatten(1), 0.0, NEVER)


def forward_sum(scores: Tensor, chain: Chain) -> tuple[Tensor, Tensor]:
    """Log of the sum over all paths of the product of their scores, and where those paths are.

    scores: (B, T, N) log scores of each state in each frame. Returns the sums (B,) and the occupancy (B, T, N): the
    probability of each state in each frame given the utterance, 0 beyond its end. The gradient of the sums is the
    occupancy; the occupancy itself has none.
    """
    total, occupancy = _ForwardSum.apply(scores, chain)  # type: ignore[no-untyped-call]
    return total, occupancy


class _ForwardSum(torch.autograd.Function):
    """Autograd through the recursion would keep and revisit every step of it; the gradient is known in closed form."""

    @staticmethod
    def forward(context: Any, scores: Tensor, chain: Chain) -> tuple[Tensor, Tensor]:
        frames = scores.float().transpose(0, 1).contiguous()  # (T, B, N)
        forward = _forward(frames, chain)
        last = forward[chain.mel_lengths - 1, torch.arange(len(chain.mel_lengths), device=scores.device)]
        total = torch.logsumexp(last + chain.final(), dim=1)
        padding = torch.arange(len(frames), device=scores.device)[:, None] >= chain.mel_lengths  # (T, B)
        occupancy = forward.add_(_backward(frames, chain)).sub_(total[:, None])
        occupancy = occupancy.masked_fill_(padding[:, :, None], NEVER).exp_().transpose(0, 1)
        context.save_for_backward(occupancy)
        context.mark_non_differentiable(occupancy)
        return total, occupancy

    @staticmethod
    def backward(context: Any, gradient: Tensor, _: Tensor) -> tuple[Tensor, None]:
        (occupancy,) = context.saved_tensors
        return gradient[:, None, None] * occupancy, None


def _forward(frames: Tensor, chain: Chain) -> Tensor:
    """(T, B, N): of all paths up to and including frame t that end it in state n."""
    skip = chain.skip()
    sums = torch.empty_like(frames)
    sums[0] = chain.initial() + frames[0]
    for t in range(1, len(frames)):
        stay, n = sums[t - 1], chain.n_states
        entered = torch.logaddexp(stay, _shifted(stay, 1))
        sums[t] = torch.logaddexp(entered, _shifted(stay, n + 1) + skip) + frames[t]
    return sums


def _backward(frames: Tensor, chain: Chain) -> Tensor:
    """(T, B, N): of all ways to go on after frame t, given state n in it."""
    final, n = chain.final(), chain.n_states
    skip = _shifted(chain.skip(), -(n + 1))
    ended = torch.arange(len(frames), device=frames.device)[:, None] >= chain.mel_lengths - 1  # (T, B)
    sums = torch.empty_like(frames)
    sums[-1] = final
    for t in range(len(frames) - 2, -1, -1):
        stay = sums[t + 1] + frames[t + 1]
        left = torch.logaddexp(stay, _shifted(stay, -1))
        going_on = torch.logaddexp(left, _shifted(stay, -(n + 1)) + skip)
        sums[t] = torch.where(ended[t, :, None], final, going_on)
    return sums


def _shifted(x: Tensor, by: int) -> Tensor:
    """Along the last axis: to the right, or to the left where negative."""
    n_states = x.shape[1]
    return F.pad(x, (by, 0), value=NEVER)[:, :n_states] if by > 0 else F.pad(x, (0, -by), value=NEVER)[:, -n_states:]
