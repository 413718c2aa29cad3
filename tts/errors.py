"""The one error a user sees: what is wrong, where, and what to do about it."""

import errno

EXIT_BAD_INPUT = 2
LONGEST_WORD, SHOWN = 300, 100  # characters; paths may be long
LONGEST_LINE = 1500  # of what a library says, which may quote whole files

# What a person can do where the operating system refuses.
ADVICE = {
    errno.ENOSPC: "make room there, and give the command again",
    errno.EDQUOT: "make room there, and give the command again",
    errno.EFBIG: "allow larger files (ulimit -f), and give the command again",
    errno.EIO: "the disk, or the network to it, fails: try another one",
    errno.EACCES: "see who owns it and who may read and write it, or choose another place",
    errno.EPERM: "see who owns it and who may read and write it, or choose another place",
    errno.EROFS: "choose a place that can be written to",
    errno.EMFILE: "allow more open files (ulimit -n), and give the command again",
    errno.ENFILE: "close other programs, and give the command again",
    errno.ENOMEM: "close other programs, or allow more memory (ulimit -v)",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOENT: "make the folder first, or see whether the name is right",
    errno.ENOTDIR: "a part of the path is a file: see whether the name is right",
    errno.EISDIR: "it is a folder: give the name of a file",
    errno.EPIPE: "what reads it has ended",
    errno.ELOOP: "it is a link to itself",
    errno.EEXIST: "remove what has that name, or choose another",
    errno.EXDEV: "this file system cannot rename what stands there: remove it, and give the command again",
    errno.EBUSY: "another program uses it: close that, and give the command again",
    errno.ESTALE: "another machine changed the folder: give the command again",
    errno.ETIMEDOUT: "the disk, or the network to it, fails: try another one",
}


class InputError(Exception):
    """Input from outside (a file, a line, an option) that cannot be used.

    ``str(error)`` is one line a person can act on: ``where: what; what to do``. The command line prints it
    without a traceback and exits with ``EXIT_BAD_INPUT``.
    """

    def __init__(self, where: object, what: str, fix: str = "") -> None:
        self.where, self.what, self.fix = str(where), what, fix
        said = _cut(f"{where}: {what}", LONGEST_LINE)
        message = said + (f"; {fix}" if fix else "")
        line = " ".join(map(_short, message.split()))
        super().__init__("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line))


def _short(word: str) -> str:
    """Long values say no more than their beginning does."""
    return word if len(word) <= LONGEST_WORD else f"{word[:SHOWN]}...{word[-SHOWN // 4 :]}"


def _cut(text: str, longest: int) -> str:
    """Its beginning and its end."""
    return text if len(text) <= longest else f"{text[: longest - SHOWN]} ... {text[-SHOWN:]}"


def system_error(where: object, what: str, error: OSError) -> InputError:
    """Of what the operating system refuses, such as ``what`` = "cannot be written"."""
    reason = (error.strerror or str(error) or type(error).__name__).strip()
    return InputError(where, f"{what} ({reason})", ADVICE.get(error.errno or 0, ""))
