"""Streets, houses, states and post codes: 123 Main St., Apt. 4B; Springfield, IL 62704; (D-N.Y.)."""

import re

from tts.text.english.numerals import in_pairs, spell_digits
from tts.text.english.rules import ALNUM, END, Place, Rule, Spoken, either, rule
from tts.text.english.states import POSTAL, TRADITIONAL, WORDS_TOO
from tts.text.english.word_lists import word_set
from tts.text.sentences import Pause

STREETS = {
    "St": "street", "Ave": "avenue", "Av": "avenue", "Rd": "road", "Dr": "drive", "Ln": "lane", "Ct": "court",
    "Pl": "place", "Sq": "square", "Blvd": "boulevard", "Pkwy": "parkway", "Hwy": "highway", "Ter": "terrace",
    "Terr": "terrace", "Cir": "circle", "Cres": "crescent", "Expy": "expressway", "Fwy": "freeway",
    "Tpke": "turnpike", "Aly": "alley", "Trl": "trail",
}  # fmt: skip
NAMED = word_set(
    """
    Street Avenue Road Drive Lane Court Place Square Boulevard Parkway Highway Terrace Circle Crescent Way
    Broadway Plaza Row
    """
)
_DIRECTION = r"(?:[NSEW]\.?|[NS][EW]|North|South|East|West)"
STREET = rf"(?:(?:{'|'.join(STREETS)})\b|(?:{'|'.join(NAMED)})\b)"
ROAD_BEHIND = re.compile(rf"\s[A-Z][a-z]+\s{STREET}")
# Of which a part is named: N. Korea, S. Dakota.
REGION = re.compile(
    r"\s(?:Korea|Carolina|Dakota|America|Africa|Ireland|Virginia|Sudan|Vietnam|Hollywood|London|Coast|Side|Bank|Yemen)\b"
)
# Before "St." they are a university and its teams.
STATE_SCHOOLS = frozenset(name.lower() for name in POSTAL.values()) | word_set(
    "penn boise fresno kent ball weber wichita murray dakota carolina mexico mississippi appalachian"
)
ROADS = frozenset(["highway", "route", "interstate", "road", "freeway"])
DIRECTIONS = {
    "N": "north", "S": "south", "E": "east", "W": "west", "NE": "northeast", "NW": "northwest",
    "SE": "southeast",
    "SW": "southwest",
}  # fmt: skip


def _house(match: re.Match[str], _: Place) -> Spoken:
    """123 Main St., 1600 Pennsylvania Avenue."""
    digits, letter = match[1], match[2] or ""
    return f"{in_pairs(digits) if len(digits) < 5 else spell_digits(digits)} {letter}"


def _flat(match: re.Match[str], place: Place) -> Spoken:
    """5/12 High Rd., Flat 3/1: the flat, and the house."""
    if place.word_before() not in ("flat", "unit") and not ROAD_BEHIND.match(place.text, match.end()):
        return None
    return f"{in_pairs(match[1])} {in_pairs(match[2])}"


def _street(match: re.Match[str], place: Place) -> Spoken:
    """Main St., Oak Dr.; not St. Louis, not Dr. Oak."""
    before = place.written_before()
    if not place.word_before() or not (before[:1].isupper() or before[:1].isdigit()):
        return None
    short = match[1]
    if re.match(r"-[A-Z]", place.text[match.end(1) : match.end(1) + 2]):
        return None  # Rue St-Honoré
    if short == "St" and place.word_before() in STATE_SCHOOLS and not _behind_house(place):
        return "state"
    if short == "Cir" and place.tokens[-1].kind == "ordinal":
        return "circuit"
    behind_name = re.compile(r"\.?\s+[A-Z][a-z]").match(place.text, match.end(1))
    if short in ("St", "Dr", "Ct", "Pl", "Sq", "Av") and behind_name and not _behind_house(place):
        return None
    if short in ("St", "Dr") and before in ("Mount", "Fort", "Port", "Mt.", "Ft.", "The", "Mr.", "Mrs.", "And", "Dear"):
        return None
    return STREETS[short]


def _behind_house(place: Place) -> bool:
    return any(place.text[token.start : token.start + 1].isdigit() for token in place.tokens[-4:])


def _direction(match: re.Match[str], place: Place) -> Spoken:
    """1600 Pennsylvania Ave NW; 12 W. 34th St."""
    written = match[1].replace(".", "")
    at_end = place.word_before() in [*STREETS.values(), *(name.lower() for name in NAMED)]
    behind_number = bool(place.tokens) and place.tokens[-1].kind == "address" and place.word_before()
    if place.tokens and place.tokens[-1].kind in ("cardinal", "address") and _on_road(place):
        return DIRECTIONS[written]  # Hwy. 101 S.
    if REGION.match(place.text, match.end()):
        return DIRECTIONS[written]
    if re.search(r"\b[A-Z]{1,2}-\d{1,3} $", place.text[max(0, match.start() - 8) : match.start()]):
        return DIRECTIONS[written]  # I-80 W
    if place.tokens and place.tokens[-1].kind == "measure" and place.text.startswith(" of", match.end()):
        return DIRECTIONS[written]  # 2 mi N of
    before_number = re.match(r"\s\d+(?:st|nd|rd|th)\b", place.text[match.end() : match.end() + 8])
    return DIRECTIONS[written] if at_end or behind_number or before_number else None


def _on_road(place: Place) -> bool:
    return any(word in ROADS for token in place.tokens[-2:-1] for word in token.words)


def _state_and_code(match: re.Match[str], _: Place) -> Spoken:
    """IL 62704, CA 94043-1351."""
    if match[1] not in POSTAL:
        return None
    return f"{POSTAL[match[1]]} {spell_digits(match[2])}" + (f" {spell_digits(match[3])}" if match[3] else "")


def _state(match: re.Match[str], place: Place) -> Spoken:
    """Austin, TX; Portland, Ore."""
    behind_city = (
        bool(place.tokens)
        and place.tokens[-1].pause is Pause.COMMA
        and place.written_before()[:1].isupper()
        and place.text[match.start() - 2 : match.start()] in (", ", " (")
    )
    short = match[1]
    if short in POSTAL and behind_city and (not match[2] or short not in TRADITIONAL):
        return POSTAL[short] if not place.written_before().isupper() else None
    listed = re.match(r",? (?:and |& )?([A-Z][a-z]+)\.", place.text[match.end() : match.end() + 14])
    among_states = listed is not None and listed[1] in TRADITIONAL
    if short in TRADITIONAL and match[2] and (behind_city or among_states or short not in WORDS_TOO):
        return TRADITIONAL[short]
    return None


def _party(match: re.Match[str], _: Place) -> Spoken:
    """(D-N.Y.), (R-Texas), (D-CA)."""
    state = match[2].rstrip(".")
    name = POSTAL.get(state) or TRADITIONAL.get(state) or state
    return f"{match[1]} {name}"


def _post_box(match: re.Match[str], _: Place) -> Spoken:
    digits = match[1]
    return f"P O Box {in_pairs(digits) if len(digits) < 5 else spell_digits(digits)}"


RULES: tuple[Rule, ...] = (
    rule(
        "address",
        "1-9",
        rf"(\d{{1,5}})([A-Z])?(?=\s(?:{_DIRECTION}\s)?(?:(?:[A-Z][a-z']+|\d+(?:st|nd|rd|th)|[A-Z])\.?\s){{1,3}}{STREET})",
        _house,
    ),
    rule("address", "1-9", r"(\d{1,3})/(\d{1,4})(?![\d/])", _flat),
    rule("address", "A-Z", rf"({'|'.join(STREETS)})\b(?!')\.?", _street),
    rule("address", "NSEW", r"([NS][EW]|[NSEW])\b(?!')\.?(?![A-Z&])", _direction),
    rule("address", "A-Z", rf"([A-Z]{{2}})\s(\d{{5}})(?:-(\d{{4}}))?(?![\d-]|{ALNUM})", _state_and_code),
    rule(
        "address",
        "A-Z",
        rf"({either([*POSTAL, *TRADITIONAL])}){END}(?!'|\.[A-Z]\.)(\.)?",
        _state,
    ),
    rule(
        "address",
        "DRI",
        rf"([DRI])[-–]({either([*POSTAL, *TRADITIONAL, *POSTAL.values()])})\.?(?=[),\s])",
        _party,
    ),
    rule("address", "P", r"P\.?\s?O\.?\s?[Bb]ox\s(\d{1,6})", _post_box),
)
