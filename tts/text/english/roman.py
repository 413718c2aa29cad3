"""Roman numerals behind what is counted with them: World War II, Chapter IV, section xii, Louis XIV, Rocky III."""

import re
from itertools import pairwise

from tts.text.english.numerals import cardinal, ordinal, year
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_classes import classes_of
from tts.text.english.word_lists import word_list, word_set

NUMERALS = {
    numeral: value
    for value, numeral in enumerate(
        word_list(
            """
    I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII XXIII XXIV XXV XXVI XXVII
    XXVIII XXIX XXX XXXI XXXII XXXIII XXXIV XXXV XXXVI XXXVII XXXVIII XXXIX XL XLI XLII XLIII XLIV XLV XLVI
    XLVII XLVIII XLIX L LI LII LIII LIV LV LVI LVII LVIII LIX LX
    """
        ),
        start=1,
    )
}
# What is counted with them, so that even I, V and X are numbers behind it.
COUNTED = word_set(
    """
    chapter chapters part parts section sections act acts scene scenes volume volumes book books war article
    articles appendix phase stage type class level grade title figure table plate vol episode season round
    division schedule canto psalm amendment annex step unit module lesson tier category bowl super
    wrestlemania mark apollo protocol verse stanza exhibit clause item mach block page corps tablet quarter
    factor photosystem rocky gta stages types
    """
)
# Who is the first, the second, ... of the name.
REIGNING = word_set(
    """
    henry louis elizabeth charles george william edward james richard john paul pius leo gregory benedict
    clement innocent urban alexander nicholas napoleon frederick francis francois philip felipe ferdinand juan
    carlos alfonso peter ivan catherine mary anne gustav gustavus adolf christian haakon olav harald albert
    leopold baudouin wilhelm otto conrad rudolf maximilian joseph ramesses ramses rameses thutmose amenhotep
    ptolemy cleopatra darius xerxes artaxerxes cyrus mehmed murad selim suleiman osman abdul boniface julius
    sixtus celestine eugene martin stephen constantine justinian theodosius basil michael andronicus manuel
    romanos david robert kenneth duncan margaret beatrix wilhelmina juliana isabella sancho pedro afonso joao
    umberto vittorio emmanuel emanuel rama mohammed hussein abdullah farouk hassan faisal tsar king queen pope
    emperor kaiser sigismund casimir vladislaus ladislaus bela matthias hadrian adrian honorius callixtus
    marcellus sergius anastasius victor felix haroldethelred aethelred edmund edgar cnut canute llywelyn
    donald amadeus humbert eric erik magnus sverre valdemar christina ludwig
    """
)
INTRAVENOUS = re.compile(
    r"\s(?:drips?|fluids?|lines?|bags?|antibiotics?|push|therapy|infusions?|access|catheters?|poles?)\b"
)
LONG = word_set("II III VI VII VIII XI XII XIII XIV XV XVI")  # nothing else, even behind an initialism
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
LISTED = re.compile(r"I,? (?:II|and II)\b|I, II\b")  # I, II, and III
MOST_BEHIND_NAMES = 30  # a Civic LX is not a sixtieth
DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
FIRST_NAMES = REIGNING | word_set(
    """
    thomas james robert michael david richard joseph charles christopher daniel matthew anthony mark donald
    steven andrew paul joshua kenneth kevin brian timothy ronald jason jeffrey ryan jacob gary nicholas eric
    jonathan stephen larry justin scott brandon benjamin samuel raymond patrick jack dennis jerry tyler aaron
    henry jose adam douglas nathan peter zachary kyle walter harold jeremy ethan carl keith roger gerald
    lawrence sean arthur albert jesse willie bryan billy bruce noah ralph roy eugene louis philip bobby johnny
    russell vincent martin ernest howard fred frank theodore clarence francis
    """
)
# Behind these a lone I speaks of oneself.
VERB = re.compile(
    r"\s(?:am|was|have|had|will|would|can|could|do|did|think|know|see|saw|want|love|like|need|hope|guess|mean|said|say|feel|felt|believe|got|get|go|went|must|should|may|might|never|always|also|just|really|don't|didn't|can't)\b"
)


def _numeral(match: re.Match[str], place: Place) -> Spoken:
    spoken = _value(match, place)
    return f"{spoken}{match[2]}" if spoken and match[2] else spoken


def _value(match: re.Match[str], place: Place) -> str | None:
    written = match[1]
    value = NUMERALS.get(written.upper())
    before = place.word_before()
    if written == "IV" and INTRAVENOUS.match(place.text, match.end()):
        return None
    if value is None or not (written.isupper() or written.islower()):
        return None
    if before in REIGNING and written.isupper() and place.written_before()[:1].isupper():
        if written == "I" and re.match(r"\s[A-Z][a-z]", place.text[match.end() : match.end() + 3]):
            return "i"  # an initial
        if written == "I" and VERB.match(place.text, match.end()):
            return None
        return f"the {ordinal(value)}"
    if _continues(place) or LISTED.match(place.text, match.start()):
        return cardinal(value)
    if (before in COUNTED or place.written_before().lower() in COUNTED) and (written.isupper() or value > 1):
        if written == "I" and _speaks(match, place) and place.written_before().islower():
            return None
        return cardinal(value)
    if written.isupper() and len(written) > 1 and value <= MOST_BEHIND_NAMES and _follows_name(written, place):
        is_person = len(place.tokens) > 1 and place.tokens[-2].words[-1:] and place.tokens[-2].words[-1] in FIRST_NAMES
        return f"the {ordinal(value)}" if is_person and value < 6 else cardinal(value)
    return None


def _speaks(match: re.Match[str], place: Place) -> bool:
    """Whether a verb follows, of which I am the subject."""
    following = re.match(r"\s([a-z]+)\b", place.text[match.end() : match.end() + 20])
    return VERB.match(place.text, match.end()) is not None or (
        following is not None and classes_of(following[1])[:1] in ("v", "d")
    )


def _continues(place: Place) -> bool:
    """World War I and II; Parts I, II and III."""
    if len(place.tokens) > 1 and place.word_before() in ("and", "or", "to", "through", "of"):
        return place.tokens[-2].kind == "roman"
    return bool(place.tokens) and place.tokens[-1].kind == "roman"


def _follows_name(numeral: str, place: Place) -> bool:
    """Rocky III, Final Fantasy VII: behind a word with a capital. A lone letter is rather a letter there."""
    written = place.written_before()
    return (
        bool(place.word_before())
        and written[:1].isupper()
        and len(written) > 1
        and not (written.isupper() and len(written) < 6 and numeral not in LONG)
    )


def _span(match: re.Match[str], place: Place) -> Spoken:
    """Chapters IV-VI, pages ix–xii."""
    first, last = (NUMERALS.get(match[group].upper()) for group in (1, 2))
    certain = len(match[1]) > 1 and len(match[2]) > 1 and match[0].isupper()
    if not first or not last or first >= last or not (certain or place.word_before() in COUNTED | {"pages", "pp"}):
        return None
    return f"{cardinal(first)} to {cardinal(last)}"


def _ordinal(match: re.Match[str], _: Place) -> Spoken:
    """The XXth century; XIX century."""
    value = NUMERALS.get(match[1])
    if not value or (match.lastindex == 2 and match[2] != ENDINGS.get(value % 10 if value > 20 else value, "th")):
        return None
    return ordinal(value)


def _listed(match: re.Match[str], _: Place) -> Spoken:
    """(ii), (iv): of a list, from two on; iii, viii, xiii: in small letters nothing else ends so."""
    value = NUMERALS.get(match[1].upper())
    return cardinal(value) if value else None


def _year(match: re.Match[str], _: Place) -> Spoken:
    """MCMXCIX."""
    values = [DIGITS[letter] for letter in match[0]]
    return year(sum(-value if value < following else value for value, following in pairwise([*values, 0])))


RULES: tuple[Rule, ...] = (
    rule(
        "year",
        "M",
        rf"(?=[MDCLXVI]{{4,15}}{END})M{{1,2}}(?:CM|CD|D?C{{0,3}})(?:XC|XL|L?X{{0,3}})(?:IX|IV|V?I{{0,3}}){END}",
        _year,
    ),
    rule("roman", "IVXLivxl", rf"([IVXL]{{1,8}}|[ivxl]{{1,8}})\s?[-–]\s?([IVXL]{{1,8}}|[ivxl]{{1,8}}){END}", _span),
    rule("roman", "IVXL", rf"([IVXL]{{1,8}})(st|nd|rd|th){END}", _ordinal),
    rule("roman", "IVXL", r"([IVXL]{1,8})(?=\s(?:[Cc]entur|Corps|Legion))", _ordinal),
    rule("letters", "(", r"\(a\)", lambda *_: "A"),  # of a list, or of a part: 2(a)
    rule("roman", "(", r"\((i{2,3}|iv|vi{0,3}|ix)\)", _listed),
    rule("roman", "IVXLivxl", rf"([IVXL]{{1,8}}|[ivxl]{{1,8}})('s)?{END}(?!')", _numeral),
    rule("roman", "ivxl", rf"([vxl]{{0,5}}iii){END}(?!')", _listed),
)
