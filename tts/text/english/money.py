"""$3.50, £1.2m, -$5, $1.5 billion, 20€, USD 100, US$5, 99¢, $5-10."""

import re

from tts.text.english.numerals import cardinal, decimal, plural, significant
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, either, letters, rule
from tts.text.english.word_lists import word_set
from tts.text.english.years import NOT_PLURAL

# One, several, a hundredth, several of those.
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₽": ("ruble", "rubles", "kopek", "kopeks"),
    "₩": ("won", "won", "jeon", "jeon"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "₿": ("bitcoin", "bitcoin", "", ""),
    "₺": ("lira", "lira", "kurus", "kurus"),
    "₴": ("hryvnia", "hryvnias", "kopek", "kopeks"),
    "₫": ("dong", "dong", "", ""),
    "฿": ("baht", "baht", "satang", "satang"),
    "₱": ("peso", "pesos", "centavo", "centavos"),
    "₦": ("naira", "naira", "kobo", "kobo"),
    "₡": ("colon", "colones", "", ""),
    "Rs.": ("rupee", "rupees", "paisa", "paise"),
    "kr": ("krona", "kronor", "", ""),
    "Rs": ("rupee", "rupees", "paisa", "paise"),
}
PLACES = {
    "US": "U S", "U.S.": "U S", "A": "Australian", "AU": "Australian", "C": "Canadian", "CA": "Canadian",
    "CAD": "Canadian", "NZ": "New Zealand", "HK": "Hong Kong", "S": "Singapore", "SG": "Singapore", "R": "",
    "NT": "new Taiwan", "MX": "Mexican",
}  # fmt: skip
CODES = {
    "USD": ("U S dollar", "U S dollars"), "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"),
    "JPY": ("yen", "yen"),
    "CAD": ("Canadian dollar", "Canadian dollars"), "AUD": ("Australian dollar", "Australian dollars"),
    "NZD": ("New Zealand dollar", "New Zealand dollars"), "CHF": ("Swiss franc", "Swiss francs"),
    "CNY": ("yuan", "yuan"), "RMB": ("yuan", "yuan"), "INR": ("rupee", "rupees"), "SEK": ("krona", "kronor"),
    "NOK": ("krone", "kroner"), "DKK": ("krone", "kroner"), "MXN": ("peso", "pesos"), "BRL": ("real", "reals"),
    "ZAR": ("rand", "rand"), "RUB": ("ruble", "rubles"), "KRW": ("won", "won"),
    "SGD": ("Singapore dollar", "Singapore dollars"),
    "HKD": ("Hong Kong dollar", "Hong Kong dollars"), "PLN": ("zloty", "zlotys"), "CZK": ("koruna", "koruna"),
    "TRY": ("lira", "lira"), "BTC": ("bitcoin", "bitcoin"), "ETH": ("ether", "ether"), "THB": ("baht", "baht"),
}  # fmt: skip
MAGNITUDES = {
    "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million", "mm": "million",
    "MM": "million",
    "mln": "million", "mil": "million", "b": "billion", "B": "billion", "bn": "billion", "Bn": "billion",
    "BN": "billion",
    "bln": "billion", "t": "trillion", "T": "trillion", "tn": "trillion", "trn": "trillion",
    "thousand": "thousand",
    "million": "million", "billion": "billion", "trillion": "trillion", "hundred": "hundred",
    "lakh": "lakh", "crore": "crore",
}  # fmt: skip
SIGN = "[$£€¥₹₽₩₪₿₺₴₫฿₱₦₡]"
PLACE = r"(?P<place>US|U\.S\.|AU|A|CAD|CA|C|NZ|HK|SG|S|NT|MX|R)?"
_SHORT = rf"(?:mln|mil|mm|MM|mn|bln|bn|Bn|BN|trn|tn|k|K|m|M|b|B|t|T){END}"
MAGNITUDE = rf"(?:[\s-]?(?P<magnitude>(?:thousand|million|billion|trillion|hundred|lakh|crore)\b|{_SHORT}))?"
MINUS = r"(?P<minus>(?<![\w)])[-–]\s?)?"
# What makes one thing of a price and the noun behind it: a five dollar bill.
ARTICLES = word_set("a an another one per each every first")
# Things that a measure describes, with or without an article before it: 35mm film, 12V battery.
DESCRIBED = word_set(
    """
    pkg package packet packets carton tub
    film lens lenses battery batteries angle angles bulb bulbs gun guns cannon socket drill wrench pipe screw
    screws drive drives card adapter supply outlet motor engine engines radius charger turn screen screens
    monitor tv display camera cables headphone jack gauge bill bills note notes coin coins stamp stamps prize
    valuation budget house home gift fine loan check grant contract investment fee ticket tickets meal bonus
    bet project deposit discount donation reward settlement lawsuit phone car cars bond package jackpot
    mortgage salary coupon voucher surplus deficit jug bottle bottles container tank box bag man woman plate
    barbell dumbbell dumbbells kettlebell steak burger can cans jar rope pole wall race relay sprint dash hike
    deal stimulus bailout fund verdict extension bid takeover merger buyout acquisition refund overhaul upgrade
    penalty ransom fraud shortfall campaign initiative expansion
    television pistol rifle handgun ammo bullet bullets rounds nail nails bolt bolts laptop tablet memory ssd
    """
)
NOT_NOUNS = word_set(
    """
    a an the and or but to for from in on at by of off with without is was are were has had have will would
    can could may each per more less than that this it he she they we you i so as if when because while before
    after now then today yesterday tomorrow ago away apart long wide tall high deep thick old back left down
    up over under above below every into since until between not be been being which who there here only too
    also even though
    """
)


def attributive(match: re.Match[str], place: Place) -> bool:
    """Whether a noun follows that the amount describes: a $5 bill, a 10 km run."""
    if place.text.startswith(("-a-", "-an-", "-per-"), match.end()):
        return True
    if (
        place.word_before()
        and place.written_before() in ("a", "an", "A", "An")
        and re.match(r"\s[A-Z]", place.text[match.end() : match.end() + 2])
    ):
        return True  # a 2TB SSD
    following = re.compile(r"\)?(?:\s|-)([a-z]{2,})").match(place.text, match.end())
    if place.text.startswith(" can of", match.end()):
        return True
    if following and following[0][0] == ")" and following[1] in DESCRIBED:
        return True
    if not following or following[1] in NOT_NOUNS:
        return False
    if following[1] in DESCRIBED:
        return True
    return place.text[match.end()] == "-" or place.word_before() in ARTICLES


def amount(number: str, names: tuple[str, str, str, str], magnitude: str = "", singular: bool = False) -> str:
    """3.50 -> "three dollars fifty cents"; 1.2, million -> "one point two million pounds"."""
    one, many, hundredth, hundredths = names
    whole, _, fraction = number.replace(",", "").partition(".")
    if magnitude or (fraction and (len(fraction) != 2 or not hundredth)):
        return f"{decimal(number)} {magnitude} {one if singular else many}".replace("  ", " ")
    parts, whole = [], significant(whole)
    if whole != "0" or not int(fraction or 0):
        parts.append(f"{cardinal(whole)} {one if singular or whole == '1' else many}")
    if int(fraction or 0):
        name = hundredth if int(fraction) == 1 else hundredths
        # As prices are said in Britain: five pounds ninety nine.
        bare = parts and hundredths == "pence" and int(fraction) > 9
        parts.append(cardinal(int(fraction)) + ("" if bare else f" {name}"))
    return " ".join(parts)


def _names(match: re.Match[str]) -> tuple[str, str, str, str]:
    names = CURRENCIES[match["sign"]]
    where = PLACES[match["place"]] if match["place"] else ""
    if match["place"] == "MX":
        return ("Mexican peso", "Mexican pesos", "centavo", "centavos")
    if match["place"] == "R" and match["sign"] == "$":
        return ("real", "reals", "centavo", "centavos")
    if where and match["sign"] == "$":
        return (f"{where} dollar", f"{where} dollars", "cent", "cents")
    return names


def _before(match: re.Match[str], place: Place) -> Spoken:
    magnitude = MAGNITUDES[match["magnitude"]] if match["magnitude"] else ""
    singular = attributive(match, place) or bool(match.groupdict().get("named"))
    spoken = amount(match["number"], _names(match), magnitude, singular)
    return f"minus {spoken}" if match["minus"] else spoken


def _span(match: re.Match[str], place: Place) -> Spoken:
    """$5-10, £1-2m, $5–$10."""
    magnitude = MAGNITUDES[match["magnitude"]] if match["magnitude"] else ""
    names = _names(match)
    last = amount(match["last"], names, magnitude, attributive(match, place))
    first = amount(match["number"], names) if match["again"] and not magnitude else decimal(match["number"])
    of_first = MAGNITUDES[match["first"]] if match["first"] else ""
    return f"{first} {'' if of_first == magnitude else of_first} to {last}"


def _behind(match: re.Match[str], place: Place) -> Spoken:
    """20€, 5 £."""
    number = match["number"]
    if re.fullmatch(r"\d+,\d\d", number):
        number = number.replace(",", ".")
    magnitude = MAGNITUDES[match["magnitude"]] if match["magnitude"] else ""
    spoken = amount(number, CURRENCIES[match["sign"]], magnitude, attributive(match, place))
    if match["first"]:
        return f"{decimal(match['first'])} to {spoken}"
    return f"minus {spoken}" if match["minus"] else spoken


def _cents(match: re.Match[str], place: Place) -> Spoken:
    number = match["number"]
    first = f"{decimal(match['first'])} to " if match["first"] else ""
    return f"{first}{decimal(number)} {'cent' if number == '1' or attributive(match, place) else 'cents'}"


def _pence(match: re.Match[str], place: Place) -> Spoken:
    return f"{cardinal(match[1])} {'penny' if match[1] == '1' else 'pence'}"


def _code(match: re.Match[str], place: Place) -> Spoken:
    """USD 100, 100 EUR, 1.5m GBP."""
    one, many = CODES[match["code"]]
    magnitude = MAGNITUDES[match["magnitude"]] if match["magnitude"] else ""
    cents = (
        ("cent", "cents") if "dollar" in one or "euro" in one else ("penny", "pence") if one == "pound" else ("", "")
    )
    return amount(match["number"], (one, many, *cents), magnitude, attributive(match, place))


def _sign(match: re.Match[str], _: Place) -> Spoken:
    return CURRENCIES[match[0][0]][1] if len(match[0]) == 1 else " ".join(["dollar"] * len(match[0]))


def _counted(match: re.Match[str], _: Place) -> Spoken:
    """1.2bn euros, 5m people."""
    return f"{decimal(match[1])} {MAGNITUDES[match[2]]}"


def _many(match: re.Match[str], _: Place) -> Spoken:
    """1.2M views, 40M+ users."""
    if match[4] in NOT_PLURAL:
        return None
    return f"{decimal(match[1])} {MAGNITUDES[match[2]]}{' plus' if match[3] else ''}"


AMOUNT = rf"(?P<number>{NUMBER})"
COUNTED = either(
    word_set(
        """
        acres barrels bbls boe bpd bucks customers dollars doses euros followers homes jobs passengers people
        pounds rupees shares subscribers tests tonnes tons units users viewers views votes years yen yuan
        """
    )
)
CODE = rf"(?<!/)(?P<code>{'|'.join(CODES)})"


def _listed(match: re.Match[str], place: Place) -> Spoken:
    """$AAPL, a share; $PATH is a variable."""
    return None if place.known(match[1].lower()) else letters(match[1])


RULES: tuple[Rule, ...] = (
    rule("money", "$", rf"\$(5|10|20|50|100)s{END}", lambda match, _: plural(cardinal(match[1]).removeprefix("one "))),
    rule("money", "$", rf"\$([A-Z]{{2,5}}){END}(?!_)", _listed),
    rule(
        "money",
        f"-–A-Z{SIGN[1:-1]}",
        rf"{PLACE}(?P<sign>{SIGN})\s?{AMOUNT}(?P<first>{_SHORT})?\s?(?:[-–]|to\s)\s?(?P<again>{SIGN})?(?P<last>{NUMBER})"
        rf"{MAGNITUDE}{END}",
        _span,
    ),
    rule(
        "money",
        f"-–A-Z{SIGN[1:-1]}",
        rf"{MINUS}{PLACE}(?P<sign>{SIGN})\s?{AMOUNT}{MAGNITUDE}(?:s(?=\s)|(?P<named>-(?:dollar|pound|euro)\b))?",
        _before,
    ),
    rule("money", "Rk", rf"(?P<minus>)(?P<place>)(?P<sign>Rs\.?|kr)\s?{AMOUNT}{MAGNITUDE}", _before),
    rule("money", SIGN[1:-1], rf"(?P<place>)(?P<sign>{SIGN})(?P<minus>[-–]){AMOUNT}{MAGNITUDE}", _before),
    rule(
        "money",
        "-0-9.",
        rf"{MINUS}(?:(?P<first>{NUMBER})\s?[£€]?\s?[-–]\s?)?(?P<number>\d+,\d\d|{NUMBER}){MAGNITUDE}\s?(?P<sign>[£€¥₹₽₩₪₿₺₴₫฿₱₦]|\$(?!\d)){END}",
        _behind,
    ),
    rule("money", "0-9.", rf"(?:(?P<first>{NUMBER})\s?¢?\s?[-–]\s?)?(?P<number>{NUMBER})\s?¢", _cents),
    rule("money", "0-9", rf"(\d{{1,2}})p{END}", _pence),
    rule("cardinal", "0-9", rf"({NUMBER})\s?(bn|bln|tn|trn|mln){END}", _counted),
    rule("cardinal", "0-9", rf"({NUMBER})([MB])(\+?)(?=\s([a-z]{{3,}}s|people)\b)", _many),
    rule("cardinal", "0-9", rf"({NUMBER})([kmbt])(?=\s(?:{COUNTED})\b)", _counted),
    rule("money", "A-Z", rf"{CODE}\s?{AMOUNT}{MAGNITUDE}{END}", _code),
    rule("money", "0-9.", rf"{AMOUNT}{MAGNITUDE}\s?{CODE}{END}", _code),
    rule("money", SIGN[1:-1], rf"{SIGN}(?!{ALNUM})", _sign),
    rule("symbol", "$", r"\$(?=[A-Za-z_{])", lambda *_: "dollar"),  # of a variable
)
