"""Where the commands ``tts`` and ``linnet`` begin."""

import signal


def main() -> None:
    """``tts.cli.main``. Ctrl-C while that is being loaded ends the process in silence."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tts.cli import main as begin

    begin()
