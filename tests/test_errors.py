import errno

from hypothesis import given
from hypothesis import strategies as st

from tts.errors import ADVICE, InputError, system_error


@given(st.text(), st.text(), st.text())
def test_a_message_is_one_printable_line(where: str, what: str, fix: str) -> None:
    assert str(InputError(where, what, fix)).isprintable()


def test_long_values_are_cut() -> None:
    assert len(str(InputError("x" * 5000, "y" * 5000))) < 300
    quoted = str(InputError("file", "is odd (" + "5 12 " * 5000 + "in all)", "look at it"))
    assert len(quoted) < 1600 and quoted.endswith("in all); look at it")
    assert str(InputError("/a" * 100, "is bad")) == f"{'/a' * 100}: is bad"


def test_what_the_system_refuses_comes_with_advice() -> None:
    message = str(system_error("file", "cannot be written", OSError(errno.ENOSPC, "No space left on device")))
    assert message == "file: cannot be written (No space left on device); make room there, and give the command again"
    assert all(advice for advice in ADVICE.values())
    assert str(system_error("file", "fails", OSError("odd"))) == "file: fails (odd)"
