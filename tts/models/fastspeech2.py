"""FastSpeech 2 (arXiv 2006.04558): phones to a mel spectrogram, all frames at once."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from torch import Tensor, nn

from tts.audio.mel import LOG_FLOOR
from tts.config.acoustic import AcousticConfig
from tts.config.features import SpeakerStatistics
from tts.models.fft_block import FFTStack
from tts.models.masks import length_mask
from tts.models.postnet import Postnet
from tts.models.prosody import Latent, Prosody
from tts.models.sharpening import Sharpening
from tts.models.variance import Controls, Targets, VarianceAdaptor


class AcousticOutput(NamedTuple):
    mel: Tensor  # (B, M, T), natural log; silence beyond the end of a row
    postnet_mel: Tensor | None  # (B, M, T)
    log_durations: Tensor  # (B, P) predicted, log(1 + frames)
    durations: Tensor  # (B, P) int64, frames, the ones used
    pitch: Tensor  # (B, P) or (B, T) predicted, z-scored
    energy: Tensor  # (B, P) or (B, T) predicted, z-scored
    phone_mask: Tensor  # (B, P)
    frame_mask: Tensor  # (B, T)
    mel_lengths: Tensor  # (B,)
    latent: Latent | None = None  # of the prosody, where it heard a recording

    @property
    def final_mel(self) -> Tensor:
        """The mel to listen to: the postnet's where there is one."""
        return self.mel if self.postnet_mel is None else self.postnet_mel


class FastSpeech2(nn.Module):
    """Encoder, variance adaptor, decoder. Padding changes nothing at real positions."""

    def __init__(
        self, config: AcousticConfig, n_mels: int, n_phones: int, statistics: Sequence[SpeakerStatistics]
    ) -> None:
        """``n_phones`` counts the padding, id 0. ``statistics``: one per speaker, in speaker-id order."""
        super().__init__()
        self.phone_embedding = nn.Embedding(n_phones, config.hidden, padding_idx=0)
        self.speaker_embedding = nn.Embedding(len(statistics), config.hidden) if len(statistics) > 1 else None
        self.encoder = FFTStack(config.encoder, config.hidden)
        self.prosody = Prosody(config.prosody, config.hidden, n_mels) if config.prosody else None
        self.variance_adaptor = VarianceAdaptor(config, statistics)
        self.decoder = FFTStack(config.decoder, config.hidden)
        self.mel_projection = nn.Linear(config.hidden, n_mels)
        self.postnet = Postnet(config.postnet, n_mels) if config.postnet else None
        self.sharpening = Sharpening(n_mels, config.sharpness) if config.sharpness else None

    @property
    def n_speakers(self) -> int:
        return self.speaker_embedding.num_embeddings if self.speaker_embedding else 1

    def forward(
        self,
        phone_ids: Tensor,
        phone_lengths: Tensor,
        speaker_ids: Tensor,
        durations: Tensor,
        pitch: Tensor,
        energy: Tensor,
        mel: Tensor | None = None,
    ) -> AcousticOutput:
        """Teacher-forced: the given durations, pitch and energy are used, and predicted beside.

        phone_ids: (B, P) int64, phone_lengths, speaker_ids: (B,) int64, durations: (B, P) int64 frames, 0 at padding;
        pitch, energy: (B, P) or (B, T) z-scored, T = the largest sum of durations; mel: (B, M, T), for the posterior of
        the prosody.
        """
        return self._speak(phone_ids, phone_lengths, speaker_ids, Targets(durations, pitch, energy, mel))

    def infer(
        self,
        phone_ids: Tensor,
        phone_lengths: Tensor,
        speaker_ids: Tensor,
        duration_scale: Tensor,
        pitch_shift: Tensor,
        energy_shift: Tensor,
        prosody: Tensor | None = None,
    ) -> AcousticOutput:
        """Free-running, for a model in evaluation mode.

        phone_ids: (B, P) int64, phone_lengths, speaker_ids: (B,) int64; duration_scale (factor), pitch_shift
        (semitones), energy_shift (dB): (B, P); prosody: (B, P, Z), how many standard deviations from the likeliest (of
        an utterance's, the first phone's). Output pitch and energy include their shifts.
        """
        controls = Controls(duration_scale, pitch_shift, energy_shift, prosody)
        return self.sharpened(self._speak(phone_ids, phone_lengths, speaker_ids, controls))

    def sharpened(self, output: AcousticOutput) -> AcousticOutput:
        """As the vocoder is to play it. Losses compare the mel before that with the recorded one."""
        if self.sharpening is None:
            return output
        return output._replace(mel=self.sharpening(output.final_mel), postnet_mel=None)

    def _speak(
        self, phone_ids: Tensor, phone_lengths: Tensor, speaker_ids: Tensor, given: Targets | Controls
    ) -> AcousticOutput:
        phone_mask = length_mask(phone_lengths, phone_ids.shape[1])
        hidden = self.encoder(self.phone_embedding(phone_ids), phone_mask)  # (B, P, C)
        if self.speaker_embedding is not None:
            hidden = hidden + self.speaker_embedding(speaker_ids)[:, None]
        latent = None
        if self.prosody is not None:
            hidden, latent = self.prosody(hidden, phone_mask, given)
        adapted = self.variance_adaptor(hidden, phone_mask, speaker_ids, given)

        silent = ~adapted.frame_mask[:, :, None]
        mel = self.mel_projection(self.decoder(adapted.hidden, adapted.frame_mask))  # (B, T, M)
        postnet_mel = None
        if self.postnet is not None:
            postnet_mel = mel + self.postnet(mel, adapted.frame_mask)
            postnet_mel = postnet_mel.masked_fill(silent, log(LOG_FLOOR)).transpose(1, 2)
        return AcousticOutput(
            mel=mel.masked_fill(silent, log(LOG_FLOOR)).transpose(1, 2),
            postnet_mel=postnet_mel,
            log_durations=adapted.log_durations,
            durations=adapted.durations,
            pitch=adapted.pitch,
            energy=adapted.energy,
            phone_mask=phone_mask,
            frame_mask=adapted.frame_mask,
            mel_lengths=adapted.mel_lengths,
            latent=latent,
        )
