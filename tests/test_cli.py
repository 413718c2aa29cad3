import subprocess
import sys

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
