"""Jobs on the machines of a Ray cluster, in place of ``preprocess.workers``.

Every machine has this package installed and finds the corpus under the same path; so it does the features, unless they
go to a URL.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import torch
from tqdm import tqdm

from preprocess.workers import Found, Job, Work
from tts.errors import InputError

try:
    import ray
    from ray.exceptions import NodeDiedError, OutOfMemoryError, RayTaskError, WorkerCrashedError
except ImportError:
    raise InputError("--engine ray", "Ray is not installed", "install the extra 'scale'") from None

RETRIES = 5  # of a job whose machine or process died
AHEAD = 2  # jobs handed out per core, so that none waits for work; the others stay here


def run_jobs(
    work: Work[Job, Found],
    jobs: Sequence[Job],
    n_workers: int | None,
    stop: bool,
    bar: "tqdm[Any]",
    address: str | None = None,
) -> list[Found]:
    """As ``preprocess.workers.run_jobs``, on at most ``n_workers`` cores at a time, by default all of the cluster.

    address: of the cluster, as Ray spells it. By default the cluster that ``RAY_ADDRESS`` names, else the one that runs
    on this machine, else one of this machine alone, which ends with this process.

    A job may be begun more than once, when its machine dies: it must write the same again, whole or not at all.
    """
    if not ray.is_initialized():
        try:
            ray.init(address, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise InputError(f"--address {address}", f"no Ray cluster answers ({error})") from None
    do = ray.remote(num_cpus=1, max_retries=RETRIES)(_do)
    shared = ray.put(work)
    waiting, running, found = iter(jobs), set[Any](), list[Found]()
    while True:
        n_places = n_workers or AHEAD * int(ray.cluster_resources().get("CPU", 1))  # machines come and go
        running |= {do.remote(shared, job) for job in islice(waiting, max(0, n_places - len(running)))}
        if not running:
            return found
        done, _ = ray.wait(list(running))
        running -= set(done)
        n_items, wrong = _result(done[0])
        bar.update(n_items)
        found += wrong
        if found and stop:
            waiting = iter(())


def _do(work: Work[Job, Found], job: Job) -> tuple[int, list[Found]]:
    torch.set_num_threads(1)
    items = list(work(job))
    return len(items), [item for item in items if item is not None]


def _result(task: Any) -> Any:
    try:
        return ray.get(task)
    except RayTaskError as error:  # raised by the job itself
        raise error.cause from None
    except (NodeDiedError, OutOfMemoryError, WorkerCrashedError) as error:
        what = f"a job was killed {RETRIES + 1} times ({type(error).__name__})"
        raise InputError("preprocess", what, "run again with fewer --workers: finished shards are kept") from None
