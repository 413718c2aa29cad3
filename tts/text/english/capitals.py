"""Letters and capitals: IBM's, PDFs, NATO, B12, MP3, macOS, iPhone, WHO is ALL IN?"""

import re

from tts.text.english.chat import HUMMED, squeeze
from tts.text.english.initialisms import RESPELLED, SAID, SHORT_WORDS, SPELLED
from tts.text.english.numerals import cardinal, in_pairs, plural, spell_digits, year
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
SHORT = 4  # letters; longer words in capitals are words unless they are known as initialisms
TWO_MEANINGS = word_set(
    """
    us it who am or in me pa ma id la al hi ok oh may so no go do as an at be he up
    """
)
INITIALS_FIRST = frozenset(
    ["us", "id", "pa", "la", "al", "era", "sob", "bid", "tid"]
)  # of those, letters unless the words around are in capitals too
NAMES_TOO = word_set(
    """
    doe bye cam cas dee des esp gen hal ira ken lee leo lin lou mac mel mia nan nat ned pam pat rae ray ron
    sal sam sid stu sue ted tim tom val van vic wes
    """
)
TOWNS = frozenset(["SAN", "LOS", "LAS", "DES", "FORT", "PORT", "NEW", "EL", "TEL", "ABU", "RIO"])  # begin with these
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
NAME_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|Du|Da|La|Le|Van|Von|Fitz|O|Del|St)[A-Z][a-z]+$")
PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
CAPITAL_NEIGHBOUR = re.compile(r"[\s,;:!?'\"()-]+([A-Z]{2,}|I)\b")


def spelled(word: str) -> str:
    return " ".join(word.upper())


def with_ending(spoken: str, ending: str) -> str:
    """The plural or the possessive of what is said: "P D F", "s" -> "P D Fs"."""
    return spoken + ending


def say_capitals(word: str, place: Place, shouted: bool = False) -> str:
    """A word of capitals alone, at least two."""
    lower = word.lower()
    if lower in RESPELLED:
        return RESPELLED[lower]
    if shouted and (lower in SHORT_WORDS or (len(lower) >= SHORT and place.known(lower) and lower not in SPELLED)):
        return lower
    if lower in INITIALS_FIRST or lower in SPELLED:
        return spelled(word)
    if lower in SAID or lower in SHORT_WORDS:
        return lower
    if not VOWEL.search(word) or len(word) < SHORT or (len(word) == SHORT and not _is_name(lower, place)):
        return spelled(word)
    return lower


def _is_name(word: str, place: Place) -> bool:
    """JOHN, LISA: of those that a lexicon has, such as sound like words."""
    return place.known(word) and re.search("[^aeiou][aeiouy]", word) is not None


def say_piece(word: str, place: Place) -> str:
    """A part of a name such as those of files, people on the net and variables."""
    lower = word.lower()
    if len(word) == 1:
        return word.upper()
    if word == "Py":  # PyCharm
        return "pie"
    if lower in RESPELLED:
        return RESPELLED[lower]
    if word.isupper():
        return say_capitals(word, place)
    if lower == "co":  # of domains
        return lower
    if lower in SPELLED and lower not in SHORT_WORDS and not (place.known(lower) and lower in NAMES_TOO):
        return spelled(word)
    if not VOWEL.search(word) or (len(word) == 2 and lower not in SHORT_WORDS):
        return lower if place.known(lower) and len(word) > 2 else spelled(word)
    return lower


def say_digits(digits: str) -> str:
    """Of a name: B12 -> "twelve", A320 -> "three twenty", BA2490 digit by digit."""
    if re.fullmatch(r"19\d\d|20[0-4]\d", digits):
        return year(int(digits))
    if digits[0] == "0" or len(digits) > 3:
        return spell_digits(digits)
    return in_pairs(digits) if len(digits) == 3 else cardinal(digits)


def split_name(name: str, place: Place) -> str:
    """getUserName2 -> "get user name two"."""
    return " ".join(say_digits(piece) if piece.isdigit() else say_piece(piece, place) for piece in PIECES.findall(name))


def _is_shouted(match: re.Match[str], place: Place) -> bool:
    """Whether the words beside it are English words in capitals too."""
    neighbours = [place.written_before()] if place.tokens else []
    if following := CAPITAL_NEIGHBOUR.match(place.text, match.end()):
        neighbours.append(following[1])
    return any(
        word.isupper()
        and len(word) > 1
        and (word.lower() in SHORT_WORDS or (len(word) > SHORT and word.lower() not in SPELLED | SAID))
        for word in neighbours
    )


def _capitals(match: re.Match[str], place: Place) -> Spoken:
    word, ending = match[1], match[2] or ""
    lower = word.lower()
    if (
        (VOWEL.search(word) or len(set(word)) > 1 or lower in HUMMED)
        and re.search(r"([A-Z])\1\1", word)
        and word != "AAA"
        and lower not in SPELLED | SAID
        and lower not in RESPELLED
    ):
        return squeeze(lower, place)  # OMGGG, NOOOO
    if word in TOWNS and re.match(r"\s[A-Z]{3,}", place.text[match.end() : match.end() + 4]):
        return word.lower() + ending  # SAN JOSE
    shouted = _is_shouted(match, place)
    if word == "IT" and not shouted:
        return _it(match, place) + ending
    if (
        word == "WHO"
        and not shouted
        and (place.word_before() in ("the", "by") or _behind_initialism(place))
        and not re.match(r"\s[a-z]+s\b", place.text[match.end() : match.end() + 15])
    ):
        return "W H O" + ending
    if word == "US" and (place.word_before() == "the" or _heads_shout(match, place, shouted)):
        return "U S" + ending
    if word == "SAT" and re.match(r"\s(?:\d|scores?|exam|prep|test)", place.text[match.end() : match.end() + 7]):
        return "S A T"
    if word == "AM" and not shouted:
        return "A M"
    if ending == "s" and lower in SHORT_WORDS and lower not in SAID:
        return spelled(word) + ending  # ORs
    if word + ending == "USs":
        return "U Ss"
    return say_capitals(word, place, shouted) + ending


def _behind_initialism(place: Place) -> bool:
    """NATO and the like, and IMF: "IMF and WHO"."""
    return (
        place.word_before() in ("and", "or") and len(place.tokens) > 1 and all(map(str.isupper, place.tokens[-2].words))
    )


def _heads_shout(match: re.Match[str], place: Place, shouted: bool) -> bool:
    """US WINS GOLD, where the first word is who does something; not US AND THEM."""
    begins = not place.word_before() and not place.text.startswith((" AND ", " OR "), match.end())
    return shouted and begins and re.match(r"\s[A-Z]+S\b", place.text[match.end() : match.end() + 20]) is not None


def _it(match: re.Match[str], place: Place) -> str:
    """The IT department; "do IT"."""
    following = re.match(
        r"\s(?:department|team|support|guy|staff|manager|infrastructure|professional|specialist|industry|sector|systems?|services?|security|company|firm|consult\w+|admin\w*|worker|help|job|budget|project)",
        place.text[match.end() : match.end() + 18],
    )
    return (
        "I T"
        if following or place.word_before() in ("the", "in", "an", "our", "and", "their", "of", "your", "work")
        else "it"
    )


def _digits_of_plural(match: re.Match[str], _: Place) -> Spoken:
    """747s, 5's, W-2s."""
    *start, last = say_digits(match[1]).split()
    return " ".join([*start, plural(last)])


def _mixed(match: re.Match[str], place: Place) -> Spoken:
    """Letters and digits: MP3, 4K, 1080p, H2O, R2D2, 3f2a9bc."""
    written = match[0]
    lower = written.lower()
    if lower in RESPELLED:
        return RESPELLED[lower]
    if re.search(r"[a-z]{2}[A-Z]", written):
        return split_name(written, place)  # fooBar2
    pieces = re.findall(r"\d+|[A-Za-z]+", written)
    if len(pieces) > 4 or (len(pieces) == 4 and len(written) > 6):
        pieces = re.findall(r"(?<=[A-Za-z])\d\d?(?!\d)|\d|[A-Za-z]", written)
        return " ".join(cardinal(piece) if piece.isdigit() else piece.upper() for piece in pieces)
    spoken = []
    for index, piece in enumerate(pieces):
        if piece.isdigit():
            spoken.append(_digits(piece, pieces[index + 1 : index + 2], first=index == 0))
        elif index and piece == "s":
            *start, last = spoken.pop().split()
            spoken.append(" ".join([*start, plural(last)]))
        else:
            spoken.append(_letters(piece, place))
    return " ".join(spoken)


def _digits(piece: str, following: list[str], first: bool) -> str:
    if first and following and following[0] not in ("p", "i"):
        return cardinal(piece) if piece[0] != "0" else spell_digits(piece)
    if following and following[0] in ("p", "i") and len(piece) in (3, 4):
        return in_pairs(piece)
    return say_digits(piece)


def _letters(piece: str, place: Place) -> str:
    lower = piece.lower()
    if piece.islower() and len(piece) > 2 and VOWEL.search(piece) and lower not in SPELLED:
        return lower
    if len(piece) > 3 and lower not in SPELLED and VOWEL.search(piece):
        return lower
    is_word = lower in SAID or (piece.istitle() and lower not in SPELLED and place.known(lower))
    return RESPELLED.get(lower) or (lower if is_word and len(piece) > 2 else spelled(piece))


def _camel(match: re.Match[str], place: Place) -> Spoken:
    """macOS, JavaScript, McDonald, getUserName; known names whole."""
    word, ending = match[1], match[2] or ""
    lower = word.lower()
    if lower in RESPELLED:
        return RESPELLED[lower] + ending
    if lower in SPELLED:
        return spelled(word) + ending
    if re.fullmatch(r"[A-Z]{2,}s", word):
        return f"{say_capitals(word[:-1], place)}s{ending}"
    if NAME_PREFIX.match(word) or place.known(lower):
        return lower + ending
    return split_name(word, place) + ending


def _snake(match: re.Match[str], place: Place) -> Spoken:
    """my_variable_name, MAX_RETRY_COUNT, __init__."""
    return " ".join(
        split_name(part, place) if not part.isupper() else _constant(part, place)
        for part in re.split("_+", match[0])
        if part
    )


def _constant(part: str, place: Place) -> str:
    return " ".join(
        say_digits(piece) if piece.isdigit() else _constant_word(piece, place)
        for piece in re.findall(r"\d+|[A-Z]+", part)
    )


def _constant_word(piece: str, place: Place) -> str:
    lower = piece.lower()
    if len(piece) > 2 and place.known(lower) and lower not in SPELLED:
        return lower
    return say_capitals(piece, place, shouted=True) if len(piece) > 1 else piece


def _ampersand(match: re.Match[str], _: Place) -> Spoken:
    """R&D, AT&T, Q&A, S&P."""
    return " and ".join(spelled(part) for part in match[1].split("&")) + (match[2] or "")


def _ion(match: re.Match[str], _: Place) -> Spoken:
    """Na+, Cl-."""
    return f"{spelled(match[1])} {'plus' if match[2] == '+' else 'minus'}"


def _formula(match: re.Match[str], _: Place) -> Spoken:
    """H₂SO₄, CO₂."""
    pieces = re.findall(r"[A-Za-z]|[₀-₉]+", match[0])
    return " ".join(
        cardinal(piece.translate(SUBSCRIPTS)) if piece[0] in "₀₁₂₃₄₅₆₇₈₉" else piece.upper() for piece in pieces
    )


RULES: tuple[Rule, ...] = (
    rule("letters", "A-Z", r"(?=[A-Za-z]{1,12}[₀-₉])(?:[A-Z][a-z]?[₀-₉]{0,3}){1,12}(?![A-Za-z0-9])", _formula),
    rule("letters", "NLACR", r"(Na|Li|Ag|Cl|Rb|Cs)([+-])(?![\w+-])", _ion),
    rule("letters", "A-Z", rf"([A-Z]{{1,3}}(?:&[A-Z]{{1,3}}){{1,3}})('?s)?{END}", _ampersand),
    rule(
        "word",
        "A-Za-z0-9_",
        r"(?:_{1,3}|[A-Za-z0-9]{1,64}_{1,3})[A-Za-z0-9]{1,64}(?:_{1,3}[A-Za-z0-9]{1,64}){0,16}_{0,3}",
        _snake,
    ),
    rule("word", "A-Z", rf"[A-Z]{{1,12}}'(?:T|LL|RE|VE|D|M){END}", lambda match, _: match[0].lower()),
    rule("letters", "A-Z", rf"([A-Z]{{2,64}})((?:'?s|'S|es)?){END}", _capitals),
    rule("letters", "1-9", rf"(\d{{1,4}})'?s{END}", _digits_of_plural),
    rule(
        "letters",
        "A-Za-z0-9",
        rf"(?:[A-Za-z]{{1,32}}\d{{1,15}}|\d{{1,15}}[A-Za-z]{{1,32}})[A-Za-z0-9]{{0,64}}{END}",
        _mixed,
    ),
    rule(
        "word",
        "A-Za-z",
        rf"([A-Z]?[a-z]{{1,32}}[A-Z][A-Za-z]{{0,32}}|[A-Z]{{2,32}}[a-z]{{1,32}}[A-Za-z]{{0,32}})('s|s')?{END}",
        _camel,
    ),
)
