from tts.text.inventory import PhoneInventory


def test_the_closest_phone_may_have_another_stress() -> None:
    ipa, arpabet = PhoneInventory.build(["ˈaɪ", "t"]), PhoneInventory.build(["OY1", "T"])
    assert [ipa.closest(phone) for phone in ("t", "ˈaɪ", "aɪ", "ˌaɪ", "ə")] == ["t", "ˈaɪ", "ˈaɪ", "ˈaɪ", None]
    assert [arpabet.closest(phone) for phone in ("T", "OY2", "AH0")] == ["T", "OY1", None]
