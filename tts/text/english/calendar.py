"""Names of months and weekdays, and how they are abbreviated."""

from tts.text.english.word_lists import word_list, word_set

MONTHS = word_list(
    """
    january february march april may june july august september october november december
    """
)
WEEKDAYS = word_list("monday tuesday wednesday thursday friday saturday sunday")
MONTH_NAMES = {month[:3]: month for month in MONTHS} | {month: month for month in MONTHS} | {"sept": "september"}
WEEKDAY_NAMES = {day[:3]: day for day in WEEKDAYS} | {day: day for day in WEEKDAYS} | {
    "tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday",
}  # fmt: skip
DAY_LETTERS = {"M": "monday", "Mo": "monday", "T": "tuesday", "Tu": "tuesday", "W": "wednesday", "We": "wednesday",
    "Th": "thursday", "F": "friday", "Fr": "friday", "Sa": "saturday", "Su": "sunday"}  # fmt: skip
WORDS_TOO = word_set("may mar march sun sat mon wed")  # what is a word or a name as well when it stands alone


def alternatives(names: dict[str, str]) -> str:
    """For a pattern: the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


MONTH = rf"(?:{alternatives(MONTH_NAMES)})"
WEEKDAY = rf"(?:{alternatives(WEEKDAY_NAMES)})"
