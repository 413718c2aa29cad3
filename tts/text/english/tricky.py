"""Words that look plain and are not: each may be an abbreviation, a month, a unit, a numeral, or chat."""

from tts.text.english.calendar import MONTH_NAMES, WEEKDAY_NAMES
from tts.text.english.chat import CHAT_LETTERS, SHORTHAND
from tts.text.english.clinical import WORDS as CLINICAL
from tts.text.english.initialisms import RESPELLED, SPELLED
from tts.text.english.mathematics import FUNCTIONS
from tts.text.english.roman import NUMERALS
from tts.text.english.shortened import ANYWHERE, NUMBERED, TITLES
from tts.text.english.states import TRADITIONAL

TRICKY = (
    frozenset(
        short.lower()
        for names in (
            ANYWHERE,
            NUMBERED,
            TITLES,
            MONTH_NAMES,
            WEEKDAY_NAMES,
            SHORTHAND,
            CHAT_LETTERS,
            RESPELLED,
            SPELLED,
            NUMERALS,
            FUNCTIONS,
            TRADITIONAL,
        )
        for short in names
    )
    | frozenset(["na", *CLINICAL])
    | frozenset("abcdefghjklmnopqrstuvwxyz")
    | frozenset(f"{letter}'s" for letter in "aeiouy")
)
