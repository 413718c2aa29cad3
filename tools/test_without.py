"""Run the tests in a Python that lacks a module, as other systems do: ``fcntl`` is not on Windows.

    python -m tools.test_without fcntl [arguments of pytest]

The module cannot be imported by anything in this process: our code, its dependencies, the tests. Processes that tests
start have it.
"""

import sys
from types import ModuleType
from typing import cast

import pytest


def main() -> int:
    missing, *arguments = sys.argv[1:]
    sys.modules[missing] = cast(ModuleType, None)  # importing it fails
    return int(pytest.main(["-n", "0", *arguments]))


if __name__ == "__main__":
    sys.exit(main())
