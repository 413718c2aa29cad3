"""SSML's ``say-as``: text rewritten so that any reader of English says it as asked for."""

import re
from calendar import month_name

from tts.errors import InputError

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SYMBOLS = {
    ".": "dot", "-": "dash", "_": "underscore", "@": "at", "/": "slash", "\\": "backslash", "#": "hash", "+": "plus",
    "*": "star", "&": "and", ":": "colon", "%": "percent", "=": "equals", "$": "dollar",
}  # fmt: skip
TELEPHONE = {"+": "plus", "x": "extension", "ext": "extension"}
SPELLED = frozenset({"characters", "spell-out", "verbatim", "digits", "letters"})
COUNTED = frozenset({"cardinal", "number"})
AS_WRITTEN = frozenset({"time", "currency", "fraction", "unit", "address", "name", "vxml:currency", "duration"})
TOO_LONG = re.compile(r"\d{1000}")  # for a number; it is read digit by digit
KNOWN = (*sorted(SPELLED | COUNTED), "ordinal", "date", "telephone", *sorted(AS_WRITTEN))


def say_as(written: str, kind: str, form: str, language: str, where: object) -> str:
    """What to read for ``written``. Raises ``InputError`` for a kind that is not known."""
    if kind not in KNOWN:
        raise InputError(where, f"interpret-as {kind!r} is not known", f"use one of {', '.join(KNOWN)}")
    if kind == "date" and not set(form.lower()) <= set("dmy"):
        raise InputError(where, f"format {form!r} is not the order of a date", "write it as mdy, dmy, ymd, md or dm")
    text = written.strip()
    if kind in SPELLED:
        return _spell(text, language)
    if not language.startswith("en") or TOO_LONG.search(text):
        return written
    if kind in COUNTED:
        return _count(text) or written
    if kind == "ordinal":
        return _ordinal(text) or written
    if kind == "date":
        return _date(text, form or "mdy") or written
    return _telephone(text) if kind == "telephone" else written


def _spell(text: str, language: str) -> str:
    english = language.startswith("en")
    said = list[str]()
    for word in text.split():
        names = [
            DIGITS[int(c)] if english and c in "0123456789" else SYMBOLS.get(c, c.upper()) if english else c.upper()
            for c in word
        ]
        said.append(" ".join(f"{name}." if len(name) == 1 and name.isalpha() and english else name for name in names))
    return ", ".join(said)


def _count(text: str) -> str:
    """With commas, or 1999 would be a year and 007 a name."""
    match = re.fullmatch(r"([-−]?)([\d,. ]*\d)", text)
    if not match:
        return ""
    whole, point, fraction = match[2].replace(",", "").replace(" ", "").partition(".")
    if not whole.isdigit() or "." in fraction:
        return ""
    return ("minus " if match[1] else "") + f"{int(whole):,}{point}{fraction}"


def _ordinal(text: str) -> str:
    digits = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?\.?", text.replace(",", ""))
    if not digits:
        return ""
    number = int(digits[1])
    suffix = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _date(text: str, form: str) -> str:
    """Numbers in the order that ``form`` says: "dmy" makes "31.12.2025" "December 31, 2025"."""
    numbers = re.findall(r"\d+", text)
    if re.fullmatch(r"\d{8}", text) and form in ("ymd", "yyyymmdd"):
        numbers = [text[:4], text[4:6], text[6:]]
    form = re.sub(r"(.)\1+", r"\1", form.lower())
    if len(numbers) != len(form) or not set(form) <= set("dmy") or re.search(r"[^\W\d_]", text):
        return ""
    parts = dict(zip(form, map(int, numbers), strict=True))
    if not (1 <= parts.get("m", 1) <= 12 and 1 <= parts.get("d", 1) <= 31):
        return ""
    month = month_name[parts["m"]] if "m" in parts else ""
    day_and_month = f"{month} {parts['d']}" if "d" in parts else month
    return (
        f"{day_and_month}, {numbers[form.index('y')]}"
        if "y" in parts and "d" in parts
        else _without_day(day_and_month, numbers[form.index("y")] if "y" in parts else "")
    )


def _without_day(month: str, year: str) -> str:
    return f"{month} {year}".strip()


def _telephone(text: str) -> str:
    """Digit by digit, with a pause where there is something between."""
    said = ""
    for group in re.findall(r"\+|\d+|[A-Za-z]+", text):
        said += " ".join(DIGITS[int(digit)] for digit in group) if group.isdigit() else TELEPHONE.get(group, group)
        said += " " if group in TELEPHONE else ", "
    return said.rstrip(", ")
