"""How much memory and time this process takes, and may take. Windows neither says nor limits it."""

import sys
from contextlib import suppress
from pathlib import Path


def peak_mb() -> float:
    """The most that the process has held so far; NaN where the system does not say."""
    if sys.platform == "win32":
        return float("nan")
    from resource import RUSAGE_SELF, getrusage

    return getrusage(RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def limit_resources(more_bytes: int, cpu_s: int) -> None:
    """From here on the process gets no more than so much memory beyond what it has, and so much time; no core file."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        n_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = n_pages * resource.getpagesize() + more_bytes
        for kind, limit in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
