"""Phones and speakers of one model as those of another, by name."""

import torch
from torch import Tensor

from tts.config.acoustic import AcousticConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.config.loader import load_config
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2
from tts.training.by_name import PHONES as PHONES_TABLE
from tts.training.by_name import carry_over, match_phones, match_speakers

CONFIG: AcousticConfig = load_config(
    overrides=[
        "acoustic={hidden: 8, encoder: {n_blocks: 2, conv_channels: 8}, decoder: {n_blocks: 1, conv_channels: 8}}"
    ]
).acoustic
PHONES = ("<pad>", "sil", "AA1", "B", "IY1")


def model(phones: tuple[str, ...], speakers: tuple[str, ...]) -> FastSpeech2:
    moments = Moments(mean=5.0, std=0.3, minimum=-2.0, maximum=2.0, count=100)
    levels = {"phone": moments, "frame": moments}
    statistics = [SpeakerStatistics.model_validate({"pitch": levels, "energy": levels})] * len(speakers)
    return FastSpeech2(CONFIG, 4, len(phones), statistics).eval()


def carried(source: FastSpeech2, old: tuple[str, ...], new: tuple[str, ...]) -> FastSpeech2:
    """``source`` for ``new`` speakers."""
    target = model(PHONES, new)
    speakers, own = match_speakers(old, new), target.state_dict()
    weights = carry_over(source.state_dict(), match_phones(PHONES, PHONES), speakers)
    target.load_state_dict({**weights, **{name: own[name] for name in own if name.endswith(".std")}})
    return target


@torch.no_grad()
def mel(model: FastSpeech2, speaker: int) -> Tensor:
    ids, lengths = torch.tensor([[1, 2, 3, 4, 1], [1, 4, 1, 0, 0]]), torch.tensor([5, 3])
    durations = torch.tensor([[2, 3, 1, 4, 2], [1, 5, 2, 0, 0]])
    zeros = torch.zeros(2, 5)
    output: AcousticOutput = model(ids, lengths, torch.tensor([speaker, speaker]), durations, zeros, zeros)
    return output.final_mel


def test_from_one_speaker_to_several_and_back_each_sounds_the_same() -> None:
    one = model(PHONES, ("ann",))
    several = carried(one, ("ann",), ("abe", "ann", "zoe"))
    for speaker in range(3):
        torch.testing.assert_close(mel(several, speaker), mel(one, 0))
    torch.testing.assert_close(mel(carried(several, ("abe", "ann", "zoe"), ("ann",)), 0), mel(one, 0))


def test_of_several_speakers_one_goes_on_alone_as_before() -> None:
    several = model(PHONES, ("ann", "bob"))
    bob = carried(several, ("ann", "bob"), ("bob",))
    torch.testing.assert_close(mel(bob, 0), mel(several, 1))
    assert not torch.allclose(mel(bob, 0), mel(several, 0), atol=1e-3)


def test_speakers_keep_their_rows_wherever_they_stand_and_a_new_one_is_the_mean() -> None:
    several = model(PHONES, ("ann", "bob"))
    others = carried(several, ("ann", "bob"), ("bob", "zoe"))
    torch.testing.assert_close(mel(others, 0), mel(several, 1))
    assert several.speaker_embedding is not None and others.speaker_embedding is not None
    torch.testing.assert_close(others.speaker_embedding.weight[1], several.speaker_embedding.weight.mean(0))


def test_phones_keep_their_rows_and_new_ones_begin_as_the_nearest_or_as_the_mean_of_sounds() -> None:
    new = ("<pad>", "sil", "?", "AA0", "B", "P", "ZZ9")
    phones, table = match_phones(PHONES, new), torch.randn(len(PHONES), 3)
    pad, sil, aa, b, _ = table
    torch.testing.assert_close(phones.rows(table), torch.stack([pad, sil, sil, aa, b, b, table[2:].mean(0)]))
    assert str(phones) == (
        "phones: 2 taken, 4 begun (? as sil, AA0 as AA1, P as B, ZZ9 as the mean of 3 phones), 2 dropped (AA1, IY1)"
    )


def test_new_phones_that_begin_as_the_same_one_begin_apart_but_near_it() -> None:
    old, new = ("<pad>", "sil", "AA1", "B", "IY1"), ("<pad>", "sil", "B", "iː", "yː", "ˈɑː")
    table = torch.randn(len(old), 256)
    phones = match_phones(old, new)
    carried = carry_over({PHONES_TABLE: table}, phones, match_speakers(("ann", "bob"), ("ann", "bob")))[PHONES_TABLE]
    torch.testing.assert_close(carried[[0, 1, 2, 5]], table[[0, 1, 3, 2]])  # nobody else begins as theirs
    near, between = torch.cdist(carried[3:5], table[4:]), torch.cdist(carried[3:4], carried[4:5])
    unlike = torch.cdist(table[2:3], table[4:])
    assert (0.3 * unlike < near).all() and (near < 0.7 * unlike).all() and 0.3 * unlike < between < unlike
    assert match_phones(old, ("<pad>", "sil", "AA0", "AA1", "?")).alike == []  # another stress, and a mark


def test_the_message_is_short_however_long_the_lists_are() -> None:
    old, new = tuple(f"old{n}" for n in range(200)), ("ann",)
    text = str(match_speakers(old, new))
    assert text.startswith("speakers: 0 taken, 1 begun (ann as the mean of 200 speakers), 200 dropped (old0, old1, ")
    assert text.endswith("and 188 more)")
    assert str(match_speakers(new, new)) == "speakers: 1 taken"
