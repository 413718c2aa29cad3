"""A real cluster of two machines, as far as Ray can tell, one of which dies."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tones import WORDS, make_corpus, write_utterance

from preprocess.pipeline import run
from preprocess.workers import Engine
from tts.config.root import Config
from tts.data.store import FeatureStore
from tts.errors import InputError

ray = pytest.importorskip("ray", reason="the extra 'scale' is not installed")
N_UTTERANCES = 32
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Ray's own warnings
cluster_utils = pytest.importorskip("ray.cluster_utils")


@pytest.fixture
def cluster() -> Iterator["cluster_utils.Cluster"]:
    small = {"num_cpus": 1, "object_store_memory": 80_000_000}
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    cluster.add_node(**small)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture
def engine(cluster: "cluster_utils.Cluster") -> Engine:
    from preprocess.ray_engine import run_jobs

    return partial(run_jobs, address=cluster.address)


def contents(features: Path) -> dict[str, bytes]:
    return {str(path.relative_to(features)): path.read_bytes() for path in features.rglob("*") if path.is_file()}


def test_a_machine_that_dies_changes_no_bit(
    tmp_path: Path, config: Config, cluster: "cluster_utils.Cluster", engine: Engine
) -> None:
    corpus, features, expected = tmp_path / "tones", tmp_path / "features", tmp_path / "expected"
    for index in range(N_UTTERANCES):
        write_utterance(corpus, f"u{index:02d}", " ".join([*WORDS] * 12))
    (victim,) = cluster.worker_nodes
    n_finished = 0

    def kill() -> None:
        nonlocal n_finished
        while n_finished < 3:
            time.sleep(0.01)
            n_finished = len(list(features.glob("shards/*.arrow")))
        cluster.remove_node(victim, allow_graceful=False)

    killer = threading.Thread(target=kill)
    killer.start()
    run(corpus, features, config, engine=engine)
    killer.join()
    run(corpus, expected, config, workers=1)
    assert contents(features) == contents(expected)
    assert 3 <= n_finished < len(list(expected.glob("shards/*.arrow"))), "it died too late to matter"
    deadline = time.monotonic() + 60  # Ray notices by missed heartbeats, perhaps after the last shard
    while sum(node["Alive"] for node in ray.nodes()) > 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert sum(node["Alive"] for node in ray.nodes()) == 1
    assert sorted(row.id for row in FeatureStore(features).rows) == [f"u{index:02d}" for index in range(N_UTTERANCES)]


def test_a_bad_utterance_stops_the_run(tmp_path: Path, config: Config, engine: Engine) -> None:
    corpus = make_corpus(tmp_path / "tones")
    (corpus / "wavs" / "u01.wav").write_bytes(b"RIFF")
    with pytest.raises(InputError, match=r"u01: .*cannot be read as audio.*--skip-bad"):
        run(corpus, tmp_path / "features", config, engine=engine)
    assert [entry.id for entry in run(corpus, tmp_path / "features", config, skip_bad=True, engine=engine).skipped] == [
        "u01"
    ]
