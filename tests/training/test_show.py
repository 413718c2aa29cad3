"""``tts show`` on the features of a tiny corpus."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.image import imread

from tts.cli import main
from tts.data.store import FeatureStore


@pytest.mark.slow
def test_one_utterance_is_drawn_and_an_unknown_one_is_refused(tiny_features: Path, tmp_path: Path) -> None:
    row = FeatureStore(tiny_features).rows[0]
    picture = tmp_path / "a.png"
    shown = CliRunner().invoke(main, ["show", str(tiny_features), row.id, "-o", str(picture)])
    assert shown.exit_code == 0, shown.output
    assert np.ptp(imread(picture)) > 0
    unknown = CliRunner().invoke(main, ["show", str(tiny_features), row.id + "x", "-o", str(picture)])
    assert unknown.exit_code == 2 and row.id in unknown.output.split("for instance")[1]


def test_preprocessing_draws_its_distributions(tiny_features: Path) -> None:
    assert np.ptp(imread(tiny_features / "report.png")) > 0
