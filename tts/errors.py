"""The one error a user sees: what is wrong, where, and what to do about it."""

EXIT_BAD_INPUT = 2


class InputError(Exception):
    """Input from outside (a file, a line, an option) that cannot be used.

    ``str(error)`` is one line a person can act on: ``where: what; what to do``. The command line prints it
    without a traceback and exits with ``EXIT_BAD_INPUT``.
    """

    def __init__(self, where: object, what: str, fix: str = "") -> None:
        self.where, self.what, self.fix = str(where), what, fix
        message = f"{where}: {what}" + (f"; {fix}" if fix else "")
        super().__init__(" ".join(message.split()))
