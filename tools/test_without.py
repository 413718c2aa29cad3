"""Run the tests in a Python that lacks a module, as other systems do: ``fcntl`` is not on Windows.

    python -m tools.test_without fcntl [arguments of pytest]

The module cannot be imported by anything: our code, its dependencies, the tests, and the processes that they start.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def main() -> int:
    missing, *arguments = sys.argv[1:]
    with TemporaryDirectory() as folder:
        # Found before the real one, here and in processes that inherit the variable.
        (Path(folder) / f"{missing}.py").write_text("raise ImportError('this system has none')\n", encoding="utf-8")
        os.environ["PYTHONPATH"] = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
        sys.path.insert(0, folder)
        sys.modules.pop(missing, None)
        return int(pytest.main(["-n", "0", *arguments]))


if __name__ == "__main__":
    sys.exit(main())
