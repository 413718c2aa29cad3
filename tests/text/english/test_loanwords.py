"""Names that are said as their own language spells them."""

import pytest

from tts.text.english.loanwords import say
from tts.text.english.pronunciations import PHONES


@pytest.mark.parametrize(
    ("name", "phones"),
    [
        ("qingdao", "CH IH2 NG D AW1"),
        ("xunzi", "SH UH2 N Z AH1"),
        ("zhengzhou", "JH AH2 NG JH OW1"),
        ("keqiang", "K AH2 CH Y AA1 NG"),
        ("miyashita", "M IY2 Y AH0 SH IY1 T AH0"),
        ("tanizaki", "T AA2 N IH0 Z AA1 K IY0"),
        ("myeongdong", "M Y AH1 NG D OW2 NG"),
        ("haeundae", "HH EY2 UH1 N D EY2"),
        ("makgeolli", "M AA2 K G AH1 L IY2"),
        ("leonhart", None),
        ("mckeown", None),
        ("xander", None),
        ("queso", None),
        ("zhukov", None),
        ("nanotube", None),
        ("toffeemoto", None),
        ("xuu", None),
        ("qung", None),
    ],
)
def test_syllables_of_japan_china_and_korea(name: str, phones: str | None) -> None:
    said = say(name)
    assert (" ".join(said) if said else None) == phones
    assert set(said or ()) <= set(PHONES)
