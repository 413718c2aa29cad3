"""From a corpus to features, and what the doctor of a corpus looks for."""

from typing import Annotated

from pydantic import Field, PositiveFloat, PositiveInt

from tts.config.audio import PitchConfig
from tts.config.section import Section, Share


class PreprocessConfig(Section):
    """From a corpus to features on disk."""

    pitch: PitchConfig = PitchConfig()
    validation_share: Share = 0.05  # of the utterances, chosen by a hash of the id
    edge_silence_s: Annotated[float, Field(ge=0.0)] = 0.1  # s of silence kept at either end of an utterance
    outlier_iqr: PositiveFloat = 1.5  # values further than this many interquartile ranges stay out of the statistics
    utterances_per_shard: PositiveInt = 256
    phones: tuple[str, ...] | None = (
        None  # that the voice must know besides those of the corpus, as the one it begins with
    )


class DoctorConfig(Section):
    """Beyond what 'tts doctor' finds a recording worth a look. None of these numbers changes the features."""

    clipped_samples: PositiveInt = 16  # on flat tops
    dc_offset: PositiveFloat = 0.01  # of full scale
    silence_db: PositiveFloat = 35.0  # dB below the loud frames of a recording
    edge_silence_s: PositiveFloat = 1.0  # s before or after the speech
    pause_s: PositiveFloat = 1.5  # s within it
    level_db: PositiveFloat = 6.0  # dB from the speaker's median
    rate_ratio: Annotated[float, Field(gt=1.0)] = 1.8  # times as fast, or as slow, as the speaker's median
    shortest_s: PositiveFloat = 0.5
    longest_s: PositiveFloat = 20.0
    early_end_s: PositiveFloat = 1.0  # s from the end of a TextGrid to the end of its audio
    phone_count: PositiveInt = 20  # a phone heard less often is rare
    speaker_minutes: PositiveFloat = 5.0  # a speaker with less is short of data
    n_players: PositiveInt = 24  # recordings that can be heard in the HTML page
