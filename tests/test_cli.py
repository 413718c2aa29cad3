import os
import subprocess
import sys

import pytest

IN_A_LOG = """
from tts.cli import main
main(["voices"], standalone_mode=False)
from tqdm import tqdm
for _ in tqdm(range(3)):
    pass
"""


def test_short_work_draws_no_bar_into_a_log() -> None:
    done = subprocess.run([sys.executable, "-c", IN_A_LOG], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("linnet") and not done.stderr


WAITING = """
import os
from tts.cli import main
main(["voices"], standalone_mode=False)
print(os.environ["OMP_WAIT_POLICY"])
"""


@pytest.mark.slow
def test_waiting_threads_sleep_unless_the_user_says_otherwise() -> None:
    others = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    for users, expected in (({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")):
        command = [sys.executable, "-c", WAITING]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=others | users)
        assert done.stdout.splitlines()[-1] == expected
