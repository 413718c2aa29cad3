import pytest

from tts.text.inventory import PhoneInventory
from tts.text.marks import MARKS, find_marks, mark_for
from tts.text.sentences import Pause


def test_every_kind_of_pause_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == set(Pause) - {Pause.NONE} and len(set(MARKS.values())) == len(MARKS)


@pytest.mark.parametrize(
    ("phones", "marks"),
    [
        (MARKS.values(), ", ; — … . ? ! ¶ sil"),
        ([",", ".", "?"], ", , , , . ? . . sil"),
        ([","], ", , , , sil sil sil sil sil"),
        ([], "sil sil sil sil sil sil sil sil sil"),
    ],
)
def test_a_voice_reads_the_nearest_mark_that_it_knows(phones: list[str], marks: str) -> None:
    inventory = PhoneInventory.build(phones)
    assert [mark_for(pause, inventory) for pause in (*MARKS, Pause.NONE)] == marks.split()


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Yes, no; maybe: so. Why? Oh!", ", ; ; . ? !"),
        ("He said 'go.' Then (later), left", ". ,"),
        ("one - two -- three—four – five", "— — — —"),
        ("wait... what?! no. . . yes…", "… ? … …"),
        ("Mr. J. Smith, No. 5 vs. St. Louis.", ", ."),
        ("3.14, 10:30, 1939-1945, well-known, $2.50.", ", , , , ."),
        ("a title\n\nthe text", "¶"),
        ("two ;three", ""),
        ("", ""),
    ],
)
def test_marks_are_found_where_they_divide_or_end_a_phrase(text: str, marks: str) -> None:
    found = list(find_marks(text))
    assert " ".join(MARKS[pause] for _, pause in found) == marks
    assert all(0 <= at < len(text) for at, _ in found)
