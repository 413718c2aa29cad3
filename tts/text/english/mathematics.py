"""Signs of arithmetic and logic: √16 = 4, a ≠ b, x², 10^6, 10 - 4 = 6, 1e-5, 5 * 3."""

import re

from tts.text.english.numerals import cardinal, decimal, ordinal
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, either, rule
from tts.text.english.scores import is_score

SIGNS = {
    "+": "plus", "=": "equals", "≠": "not equal to", "≈": "approximately", "≅": "approximately equals",
    "≡": "is equivalent to",
    "≤": "less than or equal to", "≥": "greater than or equal to", "<": "less than", ">": "greater than",
    "±": "plus or minus", "∓": "minus or plus", "×": "times", "÷": "divided by", "·": "times",
    "√": "square root of",
    "∛": "cube root of", "∜": "fourth root of",
    "∞": "infinity", "∑": "sum of", "Σ": "sigma", "∏": "product of", "∫": "integral of", "∂": "partial",
    "∇": "nabla",
    "∆": "delta", "∈": "in", "∉": "not in", "∋": "contains", "⊂": "is a subset of", "⊆": "is a subset of",
    "⊃": "is a superset of", "⊇": "is a superset of",
    "∪": "union", "∩": "intersection", "∅": "empty set", "∀": "for all", "∃": "there exists",
    "∄": "there does not exist",
    "¬": "not", "∧": "and", "∨": "or", "⊕": "X or", "∴": "therefore", "∵": "because", "∝": "is proportional to",
    "∠": "angle",
    "⊥": "is perpendicular to", "∥": "is parallel to", "→": "to", "⇒": "implies", "⇔": "if and only if",
    "↔": "to and from",
    "←": "from", "↑": "up", "↓": "down", "⟹": "implies", "⟸": "is implied by", "ℝ": "R", "≪": "much less than",
    "≫": "much greater than", "∘": "composed with",
}  # fmt: skip
WRITTEN = {  # in programs, and where the signs are missing
    "<=>": "if and only if", "===": "equals", "!==": "not equal to", "==": "equals equals",
    "!=": "not equal to",
    "<>": "not equal to",
    "<=": "less than or equal to", ">=": "greater than or equal to", "+=": "plus equals", "-=": "minus equals",
    "*=": "times equals", "/=": "divided by equals", "=>": "arrow", "->": "to", "-->": "to", "<-": "from",
    "<->": "to and from", ":=": "equals", "=~": "matches", "~=": "approximately",
    "++": "plus plus", "&&": "and", "||": "or", ">>": "greater than greater than",
    "<<": "less than less than", "+/-": "plus or minus", "+-": "plus or minus",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "log": "log", "ln": "natural log", "exp": "exponential",
    "arcsin": "arc sine", "arccos": "arc cosine", "arctan": "arc tangent", "sqrt": "square root",
    "lim": "limit",
}  # fmt: skip
POWERS = {"2": "squared", "3": "cubed"}
EQUATION = re.compile(r"[=+×÷√∑∏∫≠≈≤≥<>^²³±⁰¹⁴-⁹]|\d\s?[*/]\s?\d")
CALCULATED_BEFORE = re.compile(r"[=+(×÷*/^√]\s?$")
CALCULATED_BEHIND = re.compile(r"\s?[=+×÷*/^<>≤≥≈≠]")
BEFORE = re.compile(r"(?:[\d!]|(?<![A-Za-z])[A-Za-z]|\))\s?$")
ALONE = re.compile(r"\s?(?:$|[,.;:)](?!\d))|\s(?:of|and|or|is|means|signs?|symbols?)\b")  # a sign by its name
OPERAND = rf"(?:{NUMBER}|[A-Za-z]|\))"


def is_mathematics(match: re.Match[str], place: Place) -> bool:
    """Whether other signs of arithmetic stand near on the same line."""
    line = place.line_around(match.start(), match.end()).replace(match[0], " ", 1)
    return EQUATION.search(line) is not None


def power(exponent: str, base: str = "") -> str:
    """2 -> "squared"; 6 -> "to the sixth"; -3 -> "to the minus three"; n -> "to the N"."""
    if exponent[-1] in "+-":  # a charge
        count = decimal(exponent[:-1]) if exponent[:-1].isdigit() else ""
        return f"{count} {'plus' if exponent[-1] == '+' else 'minus'}".strip()
    if exponent in POWERS and base != "10":
        return POWERS[exponent]
    if exponent.isdigit():
        return f"to the {ordinal(exponent)}" if int(exponent) else "to the zero"
    if exponent[:1] in "+-" and exponent[1:].replace(".", "").isdigit():
        return f"to the {decimal(exponent)}"
    return f"to the {exponent.upper()}" if len(exponent) == 1 else f"to the power of {' '.join(exponent)}"


def _written_sign(match: re.Match[str], _: Place) -> Spoken:
    return WRITTEN[match[0]]


def _sign(match: re.Match[str], place: Place) -> Spoken:
    spoken = SIGNS[match[0]]
    return spoken.removesuffix(" of") if ALONE.match(place.text, match.end()) else spoken


def _between(match: re.Match[str], place: Place) -> Spoken:
    """5 * 3, (a + b) / 2: between operands."""
    before = BEFORE.search(place.text, max(0, match.start() - 4), match.start())
    if not before or (match[0] == "/" and "!" not in before[0] and not is_mathematics(match, place)):
        return None
    return "times" if match[0] == "*" else "divided by"


def _minus(match: re.Match[str], place: Place) -> Spoken:
    """Between operands with spaces around, as in 10 - 4, or without: 5-3=2; not in codes such as 10045-B."""
    if re.search(r"\d$", place.text[: match.start()][-1:]) and place.text[match.end() : match.end() + 1].isupper():
        return None
    if re.match(r"[A-Z]-\d", place.text[match.start() - 1 : match.end() + 1]) and "=" not in place.text:
        return None  # room B-204
    if match[0] == "–" and re.match(r"\d–\d", place.text[match.start() - 1 : match.end() + 1]):
        return None  # a range
    return "minus" if is_mathematics(match, place) else None


def _difference(match: re.Match[str], place: Place) -> Spoken:
    """10 - 4 = 6, 7-5=2; a range ascends and stands alone."""
    first, last, apart = match[1], match[3], match[2]
    calculated = CALCULATED_BEFORE.search(place.text, max(0, match.start() - 4), match.start())
    if place.text[match.start() - 1 : match.start()] == "(" and place.text[match.end() : match.end() + 1] == ")":
        calculated = None if not apart else calculated  # a score of wins and losses
    if is_score(match, place):
        calculated = None
    calculated = calculated or CALCULATED_BEHIND.match(place.text, match.end())
    descends = apart and float(first.replace(",", "")) > float(last.replace(",", ""))
    if not calculated and (not descends or is_score(match, place)):
        return None
    if "/" in place.text[match.end() : match.end() + 1]:
        return None
    return f"{decimal(first)} minus {decimal(last)}"


def _divided(match: re.Match[str], _: Place) -> Spoken:
    return f"{decimal(match[1])} divided by {decimal(match[2])}"


def _over(match: re.Match[str], _: Place) -> Spoken:
    """A 1/2.3 sensor."""
    return f"{decimal(match[1])} over {decimal(match[2])}{' inch' if match[3] else ''}"


def _power(match: re.Match[str], _: Place) -> Spoken:
    """10^6, x², 2**8."""
    base, exponent = match[1], "".join(SUPERSCRIPTS.get(char, char) for char in match[2].strip("^*{}()"))
    return f"{' '.join(base).upper() if base.isalpha() else decimal(base)} {power(exponent, base)}"


def _term(match: re.Match[str], _: Place) -> Spoken:
    """2x^2, 3y³."""
    exponent = "".join(SUPERSCRIPTS.get(char, char) for char in match[3].strip("^*{}()"))
    return f"{decimal(match[1])} {match[2].upper()} {power(exponent)}"


def _power_behind(match: re.Match[str], _: Place) -> Spoken:
    """(a + b)^2"""
    return power("".join(SUPERSCRIPTS.get(char, char) for char in match[0].strip("^*{}()")))


def _footnote(match: re.Match[str], _: Place) -> Spoken:
    """Behind a word, where a number means a note below."""
    return " ".join(map(decimal, "".join(SUPERSCRIPTS[char] for char in match[0])))


def _superscript(match: re.Match[str], _: Place) -> Spoken:
    return power("".join(SUPERSCRIPTS[char] for char in match[0]))


def _isotope(match: re.Match[str], _: Place) -> Spoken:
    """¹⁴C"""
    return cardinal("".join(SUPERSCRIPTS[char] for char in match[0]))


def _function_power(match: re.Match[str], _: Place) -> Spoken:
    """sin²θ"""
    exponent = "".join(SUPERSCRIPTS.get(char, char) for char in match[2].strip("^*{}()"))
    return f"{FUNCTIONS[match[1]]} {power(exponent)}"


def _subscript(match: re.Match[str], _: Place) -> Spoken:
    return decimal("".join(SUBSCRIPTS[char] for char in match[0]))


def _scientific(match: re.Match[str], _: Place) -> Spoken:
    """1e-5, 6.02E23."""
    return f"{decimal(match[1])} E {decimal(match[2])}"


def _factorial(match: re.Match[str], place: Place) -> Spoken:
    if match[1].isdigit():
        calculated = CALCULATED_BEFORE.search(place.text, max(0, match.start() - 4), match.start())
        calculated = calculated or CALCULATED_BEHIND.match(place.text, match.end())
        return f"{decimal(match[1])} factorial" if calculated else None
    return f"{match[1].upper()} factorial"


def _function(match: re.Match[str], _: Place) -> Spoken:
    """f(x), g(2), f'(x)."""
    primes, inner = {"": "", "'": "prime ", "''": "double prime "}[match[2].replace('"', "''")], match[3]
    return f"{match[1].upper()} {primes}of {inner.upper() if inner.isalpha() else decimal(inner)}"


def _named_function(match: re.Match[str], _: Place) -> Spoken:
    """sin(x), log 2: and what it is of is read by itself."""
    return f"{FUNCTIONS[match[1]]} of"


def _logarithm(match: re.Match[str], _: Place) -> Spoken:
    """log2(8), log₁₀ x: and what it is of is read by itself."""
    return f"log base {decimal(''.join(SUBSCRIPTS.get(char, char) for char in match[1]))} of"


def _magnitude(match: re.Match[str], place: Place) -> Spoken:
    """|x| ≤ 3."""
    inner = match[1].upper() if match[1].isalpha() else decimal(match[1])
    alone = place.text.strip() == match[0]
    return f"absolute value of {inner}" if alone or is_mathematics(match, place) else None


def _not(*_: object) -> Spoken:
    """!done, in programs."""
    return "not"


def _compared(match: re.Match[str], place: Place) -> Spoken:
    """x < 5, a>b, <50%; what stands between two of them is the name of a part, not compared."""
    return SIGNS[match[0]]


def _prime(match: re.Match[str], _: Place) -> Spoken:
    """y' = 2y."""
    return f"{match[1].upper()} {'double ' if len(match[0]) > 2 else ''}prime"


def _derivative(match: re.Match[str], _: Place) -> Spoken:
    """dy/dx, df/dt."""
    return " ".join(match[0].replace("/", "").upper())


def _variable(match: re.Match[str], place: Place) -> Spoken:
    """A letter beside a sign: "a" is not an article there."""
    return match[0].upper()


def _product(match: re.Match[str], place: Place) -> Spoken:
    """2x, 3y, 4ac beside signs of arithmetic."""
    return f"{decimal(match[1])} {' '.join(match[2]).upper()}" if is_mathematics(match, place) else None


OPERATORS = r"[=+≠≈≤≥<>×÷*/^±∈∉∪∩⊂⊆→⇒∧∨²³]"
EXPONENT = r"(?:(?:\^|\*\*)\s?(?:\{[^{}\s]{1,8}\}|\([^()\s]{1,8}\)|-?\d{1,4}|-?[a-z])|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]{1,5})"
_WRITTEN = either(WRITTEN)

_BARE = "".join(SIGNS).replace("<", "").replace(">", "")

RULES: tuple[Rule, ...] = (
    rule("letters", "O", r"OR(?=\s?=|\s\d+\.\d)", lambda *_: "O R"),  # odds ratio
    rule("mathematics", "0-9", rf"({NUMBER})[eE]([-+]?\d{{1,3}}){END}", _scientific),
    rule("mathematics", "0-9", rf"(\d{{1,3}}(?:\.\d{{1,4}})?)([A-Za-z])({EXPONENT})", _term),
    rule("mathematics", "sctlea", rf"({either(FUNCTIONS)})({EXPONENT})", _function_power),
    rule("mathematics", "0-9A-Za-z", rf"({NUMBER}|[A-Za-z]{{1,2}})({EXPONENT})", _power),
    rule("mathematics", "*", r"(?<=\s)\*\*(?=\s[\dA-Za-z]\b)", lambda *_: "to the power of"),
    rule("mathematics", "^*⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", rf"(?<=[)\]]){EXPONENT}{END}", _power_behind),
    rule("mathematics", "¹²³⁴⁵⁶⁷⁸⁹", r"(?<=[a-z]{4})[¹²³⁴⁵⁶⁷⁸⁹]{1,3}(?![^\W_]|\s?[=+])", _footnote),
    rule("mathematics", "0-9", rf"({NUMBER})(\s?)[-–]\2({NUMBER})(?![\d%]|\.\d|[-/:]\d|{ALNUM})", _difference),
    rule("mathematics", "0-9", rf"({NUMBER})\s/\s({NUMBER})(?!\.?\d|{ALNUM}|\s?[°%]|\s[a-z])", _divided),
    rule(
        "mathematics",
        "0-9A-Za-z",
        rf"(\d{{1,4}}|[nmkxN])!(?!=)(?=\s?(?:{OPERATORS}|\)|$)|(?<=[nx]!)\s[a-z])",
        _factorial,
    ),
    rule("mathematics", "0-9", r"(\d{1,3})/(\d{1,3}\.\d{1,3})(?![\d/])(\")?", _over),
    rule("mathematics", "fgh", r"([fgh])('{0,2}|\")\(([a-z]|\d+)\)", _function),
    rule("mathematics", "sctlea", rf"({either(FUNCTIONS)})(?=\s?\(|\s\d+\s?°|\s?[α-ω])", _named_function),
    rule("mathematics", "l", r"log_?(\d{1,2}(?=\()|[₀₁₂₃₄₅₆₇₈₉]{1,2}(?=\s?[(\w]))", _logarithm),
    rule("mathematics", "|", rf"\|([A-Za-z]|-?{NUMBER})\|(?![|\w])", _magnitude),
    rule("mathematics", "a-z", r"([a-z])(?:''?|\")(?=\s?[=+])", _prime),
    rule("mathematics", "d∂", rf"d[a-z]?/d[a-z]{END}", _derivative),
    rule("mathematics", "!", r"(?<![\w\"')!?.])!(?=[A-Za-z_(])", _not),
    rule(
        "mathematics",
        "<>",
        r"[<>](?=[\d$£€]|[.-]\d)|(?<=\s)[<>](?=\s)|(?<=[\w)\]])(?!<\w{1,30}>)[<>](?=[\w(])",
        _compared,
    ),
    rule("mathematics", "0-9", rf"(\d{{1,3}})([a-z]{{1,2}}){END}", _product),
    rule("mathematics", "A-Za-z", rf"[A-Za-z](?=\s?{OPERATORS}(?![A-Za-z]{{2}})|\s[-–]\s[A-Za-z0-9]\b)", _variable),
    rule("mathematics", "-+<>=!&|*/:~", rf"(?:{_WRITTEN})(?![-=+<>&|*])", _written_sign),
    rule("mathematics", "-", r"(?<=[A-Za-z_\d])--(?=\s?[;)])", lambda *_: "minus minus"),
    rule("mathematics", "*/", rf"[*/](?=\s?{OPERAND}{END})", _between),
    rule("mathematics", "-–", rf"(?<![A-Za-z][A-Za-z])[-–](?=\s?(?:{NUMBER}|[A-Za-z](?![A-Za-z])|[(√]))", _minus),
    rule("mathematics", "~", r"~(?=\s?[\d$£€])", lambda *_: "about"),
    rule("mathematics", "¹²³⁴-⁹", r"(?<![^\s(])[⁰¹²³⁴-⁹]{1,3}(?=[A-Z][a-z]?(?![a-z]))", _isotope),
    rule("mathematics", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]{1,8}", _superscript),
    rule("mathematics", "₀₁₂₃₄₅₆₇₈₉", "[₀₁₂₃₄₅₆₇₈₉]{1,8}", _subscript),
    rule("mathematics", _BARE, f"[{_BARE}]", _sign),
)
