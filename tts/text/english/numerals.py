"""Numbers as English words."""

from tts.text.english.word_lists import word_list

LONGEST_NAMED = 15  # digits; longer numbers are read digit by digit

ONES = word_list(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """
)
TENS = word_list("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")
IRREGULAR_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def significant(digits: str) -> str:
    """007 -> "7". Not by way of a number: Python makes none of thousands of digits."""
    return digits.lstrip("0") or "0"


def cardinal(number: int | str) -> str:
    """1234 -> "one thousand two hundred thirty four". Digits one by one where there are too many to have a name."""
    digits = str(number)
    if len(digits) > LONGEST_NAMED:
        return spell_digits(digits)
    value = int(digits)
    if value < 1000:
        return _below_thousand(value)
    parts, scale = [], 0
    while value:
        value, group = divmod(value, 1000)
        if group:
            parts.append(f"{_below_thousand(group)} {SCALES[scale]}".rstrip())
        scale += 1
    return " ".join(reversed(parts))


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{ONES[hundreds]} hundred" + (f" {_below_hundred(rest)}" if rest else "")


def _below_hundred(value: int) -> str:
    if value < 20:
        return ONES[value]
    tens, ones = divmod(value, 10)
    return TENS[tens] + (f" {ONES[ones]}" if ones else "")


def ordinal(number: int | str) -> str:
    """21 -> "twenty first"; 101 -> "one hundred and first"."""
    *start, last = cardinal(number).split()
    if start and start[-1] in ("hundred", "thousand") and last in ONES[:10]:
        start.append("and")
    return " ".join([*start, _as_ordinal(last)])


def _as_ordinal(word: str) -> str:
    if word in IRREGULAR_ORDINALS:
        return IRREGULAR_ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"


def plural(word: str) -> str:
    """Of a number word: six -> sixes, twenty -> twenties."""
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("x") else f"{word}s"


def spell_digits(digits: str) -> str:
    """007 -> "zero zero seven"."""
    return " ".join(ONES[int(digit)] for digit in digits)


def decimal(number: str) -> str:
    """A number as written, with or without a sign, commas and a fraction: -1,234.50; each digit behind the point."""
    sign = "minus " if number[0] in "-" else "plus " if number[0] == "+" else ""
    whole, point, fraction = number.lstrip("+-").replace(",", "").partition(".")
    spoken = whole_number(whole) if whole else ""
    return f"{sign}{spoken} point {spell_digits(fraction)}".replace("  ", " ").strip() if point else sign + spoken


def whole_number(digits: str) -> str:
    """Digits one by one where a zero leads, as in 007."""
    return spell_digits(digits) if len(digits) > 1 and digits[0] == "0" else cardinal(digits)


def year(number: int) -> str:
    """1905 -> "nineteen oh five", 2005 -> "two thousand five", 2024 -> "twenty twenty four"."""
    century, rest = divmod(number, 100)
    if number < 1000 or (not century % 10 and rest < 10):
        return in_pairs(str(number)) if 100 < number < 1000 else cardinal(number)
    if not rest:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def in_pairs(digits: str) -> str:
    """As rooms, flights and houses are called: 101 -> "one oh one", 1600 -> "sixteen hundred", 2490 -> "twenty four
    ninety"."""
    if len(digits) not in (3, 4) or digits[0] == "0":
        return whole_number(digits) if len(digits) < 3 else spell_digits(digits)
    head, rest = digits[:-2], int(digits[-2:])
    if not rest:
        return cardinal(digits) if head.endswith("0") else f"{cardinal(head)} hundred"
    return f"{cardinal(head)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def in_version(number: str) -> str:
    """3.11 -> "three point eleven", 22.04 -> "twenty two point oh four", 1.0.0 -> "one point zero point zero"."""
    return " point ".join(
        f"oh {cardinal(part[1:])}" if len(part) == 2 and part[0] == "0" and part != "00" else whole_number(part)
        for part in number.split(".")
    )
