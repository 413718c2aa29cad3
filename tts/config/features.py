"""The features folder: the contract between ``preprocess`` (writes) and ``tts.data`` (reads).

::

    FEATURES/
      lock.json              the config sections that made the features, written first
      shards/00000.arrow     Arrow IPC files, one row per utterance, columns below; whole or absent
      report.png             durations, pitch and energy of every speaker, to look at
      features.json          the manifest below, written last: its presence means the features are complete

Columns of a shard (M = n_mels, T = frames, P = phones, S = T * hop_length):

=============  ==============  =====================================================================
id             string          utterance id
speaker        string          one of the manifest's speakers
split          string          "train" or "validation"
text           string          transcript
phones         list<string>    (P,) labels; pauses are those of ``tts.text.marks``; the first is ``PAUSE``
durations      list<int32>     (P,) frames, sum = T; a mark that is not heard as a pause has 0
log_f0         list<float>     (T,) natural log of Hz, interpolated; null when no frame is voiced
voiced         list<bool>      (T,) True where F0 was found
energy         list<float>     (T,) natural log of the L2 norm of the magnitude spectrum
phone_log_f0   list<float>     (P,) mean over the phone's frames; null with log_f0
phone_energy   list<float>     (P,) mean over the phone's frames
mel            list<float>     (M * T,) row-major (M, T)
audio          list<int16>     (S,) the samples the mel was computed from, full scale = 32768
=============  ==============  =====================================================================
"""

from typing import Any

from tts.config.section import Section
from tts.names import Level

FEATURES_SCHEMA_VERSION = 2  # 1: every pause was a ``sil``; such features still train a voice, one that hears no marks
LOCK_FILE = "lock.json"
MANIFEST_FILE = "features.json"
SHARDS_FOLDER = "shards"


class Moments(Section):
    """Statistics of one quantity over the training split. Minimum and maximum are in units of std around the mean."""

    mean: float
    std: float
    minimum: float
    maximum: float
    count: int


class SpeakerStatistics(Section):
    """Log-F0 (log Hz) and log energy of one speaker, for both levels at which they can be modelled."""

    pitch: dict[Level, Moments]
    energy: dict[Level, Moments]


class PauseStatistics(Section):
    """Of the pauses of one kind that are heard within utterances."""

    count: int
    median_s: float


class FeaturesManifest(Section):
    """What training needs before it opens a shard. The index in ``phones`` is the phone id, likewise ``speakers``."""

    schema_version: int = FEATURES_SCHEMA_VERSION
    config: dict[str, Any]  # the sections audio, text and preprocess that made the features
    phones: tuple[str, ...]
    speakers: tuple[str, ...]
    statistics: dict[str, SpeakerStatistics]
    pauses: dict[str, PauseStatistics] = {}  # by kind, ``tts.text.sentences.Pause``
    n_train: int
    n_validation: int
    hours: float
