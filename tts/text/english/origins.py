"""Unknown words as English would spell them before they are guessed: letters with marks, and signs of a language."""

import re
from collections.abc import Sequence

from tts.text.arpabet import is_vowel
from tts.text.sentences import Phones

Respelling = tuple[re.Pattern[str], str]


def _rules(*pairs: tuple[str, str]) -> list[Respelling]:
    return [(re.compile(pattern), spelling) for pattern, spelling in pairs]


# What a mark sounds like: a listed word that lacks it is another one, as mane is not Mané, and cosic not Ćosić.
SOUNDED = _rules(
    ("é$", r"(?:EY|IY)\d$"), ("è", "EH|EY"), ("ü(?=l)", "UW|UH|Y "), ("[čć]", "CH|ZH"), ("[šș]", "SH|CH"),
    ("^j(?=.*[åäöøü])", "^Y "), ("ł(?=[aeouó])", "W|AW|OW"), ("ž", "ZH|JH"), ("ñ", "N Y"),
    ("å", "AO|OW|AA"), ("äu", "OY"), ("uế$", "EY"),
)  # fmt: skip

# What shows where a word is from, and what its letters are there. The first that fits is taken.
ORIGINS: tuple[tuple[re.Pattern[str], list[Respelling]], ...] = (
    (  # Poland
        re.compile("[ąęłśźżń]|szcz|[kpgt]rz|[auo]sz$|(?:wicz|czyk|[wr]ski|[wr]ska|dzki|dzka|[aio]cki|[aio]cka|czak|czek|niak)$"),
        _rules(
            ("wski$", "fski"), ("wska$", "fska"), ("prz", "psh"), ("krz", "ksh"), ("trz", "č"),
            ("ch", "h"), ("ci(?=[aeou])|ć|cz", "č"), ("c", "ts"), ("sz|[sś]i(?=[aeou])|ś", "š"),
            ("rz|[źż]|zi(?=[aeou])", "ž"), ("ą(?=[bp])", "om"), ("ą", "on"), ("ę", "en"), ("ń", "n"), ("w", "v"),
            ("ł", "w"), ("j", "y"), ("i(?=e)", "y"),
        ),
    ),
    (  # Turkey
        re.compile("[ğı]|ş.*[üöç]|[üöç].*ş"),
        _rules(("c", "j"), ("ç", "č"), ("ğ", ""), ("ı", "i"), ("e$", "eh")),
    ),
    (  # The Czechs, Slovaks and southern Slavs
        re.compile("[čćšžřěůđ]"),
        _rules(
            ("^i(?=[vl])", "ee"),
            ("ch", "h"), ("c", "ts"), ("(?<=n)jić$", "yitch"), ("j", "y"), ("dž|đ", "j"), ("ě", "ye"), ("ř", "rzh"),
            ("ů", "oo"),
        ),
    ),
    (  # The north
        re.compile("[åøæðþ]|sson$|d[oó]ttir$"),
        _rules(("(?<!^)hj", "y"), ("j", "y"), ("å", "o"), ("ð", "th")),
    ),
    (  # Vietnam
        re.compile("[\u1ea0-\u1ef9ơưăđ]"),
        _rules(
            ("i[êếềểễệ]", "iye"), ("u[êếềểễệ]$", "way"), ("^th", "t"), ("^nh", "ny"), ("nh$", "n"), ("ch$", "k"),
            ("^x", "s"), ("^gi(?=[aou])", "z"),
        ),
    ),
    (  # Portugal and Brazil
        re.compile("[ãõ]|(?:inh|alh|elh|ilh)[oae]s?$"),
        _rules(("nh", "ny"), ("lh", "ly"), ("õe", "oin"), ("^x", "sh")),
    ),
    (  # Italy
        re.compile("(?:cci|cchi|gli|cch?i?[aeo]|ggi|ggio|gl?i[aeo]|gn[aeio]|etti|otti|elli|ini|iani|zz[aeio])$|[aeo]cchi[aeio]|sci?utto$"),
        _rules(
            ("cce$", "čay"), ("(?<!c)c(?=[ei])", "č"),
            ("cci(?=[aou])", "ch"), ("cc(?=[ei])", "tch"), ("c?ch(?=[ei])", "k"), ("ggi(?=[aou])", "j"),
            ("gli(?=[aeo])", "ly"), ("gn", "ny"), ("sci(?=[aou])", "sh"), ("zz", "ts"),
        ),
    ),
    (  # Wales
        re.compile("^(?:ff|llan|llw|ystr|pont(?=[yr]))|(?<=[bcdfghlmnpt])w(?=[bdglmnprt])|ydd|wydd|[aenr]edd$|idd$"),
        _rules(
            ("dd", "th"), ("^ystr", "ustr"), ("ais$", "ice"), ("^ff", "f"), ("^ll", "l"),
            ("(?<=[bcdfghlmnpt])w(?=[bdglmnprt])", "oo"),
        ),
    ),
    (  # Hungary
        re.compile("[őű]|[áéíóúö].*sz|sz.*[áéíóú]|^cs[aeiouáéíóöúü]|^sz[aeiouáéíóöőúü](?!.*(?:[cr]z|w|sk[ia]$|[aey]k$))|zs[oóuái]|^gy[öáou]"),
        _rules(
            ("(?<=[^csz])s(?![z])|^s(?!z)", "š"), ("cs", "č"), ("sz", "s"), ("zs", "ž"), ("c(?!h)|cz", "ts"),
            ("ly", "y"),
            ("gy", "dy"), ("j", "y"), ("[őö]", "ur"), ("ű", "oo"), ("á", "ah"), ("é", "ay"),
        ),
    ),
    (re.compile("[aeiouyäö]nen$"), _rules(("j", "y"), ("[aäe]i(?=nen$)", "igh"), ("h(?=[kt])", ""))),  # Finland
    (re.compile("[eiu]ev$"), _rules(("eev$", "ayyev"), ("iev$", "iyev"), ("uev$", "ooyev"))),  # Russia
)  # fmt: skip
EVERYWHERE = _rules(
    ("[šşșś]", "sh"), ("(?<=i)[čć]$", "tch"), ("[čć]", "ch"), ("[žżź]", "zh"),
    ("ç(?=[eiıöü]|$|[b-df-hj-np-tv-z])", "ch"), ("ç", "s"), ("[ţț]", "ts"),
    ("i(?=ñ)", "ee"), ("ñ", "ny"), ("ğ", ""), ("ł", "w"), ("ı", "i"), ("äu", "oy"), ("ü(?=l)", "oo"),
    ("(?<=[id])chai$", "khai"), ("qu(?=[ei][a-z]{1,4}[ao]s?$)", "k"), ("qué$", "kay"), ("é$", "ay"), ("ès$", "ez"),
    ("g(?=[èé])", "zh"), ("èle$", "ell"),
    ("^xh", "j"), ("(?<=[iy])qi$", "chi"), ("^j(?=.*[åäöøü])", "y"), ("(?<=[aenlt])ja$", "ya"),
    ("ère$", "air"), ("ème$", "em"), ("ène$", "enn"),
    (r"(?<=[oea]v)ich?$|(?<=nj)ic$", "itch"), ("(?<=.{3})os$", "oce"), ("(?<=.)([bdj])h(?=[aeiouy])", r"\1"),
)  # fmt: skip


# Where one accent bears the stress, as in Michoacán, Ávila and Hermès.
ACCENTED = re.compile("^[a-zñ]*([áíóú])[a-zñ]*$|^[a-zñ]*(é)[a-zñ]+$|^[a-zé]*(è)[a-z]*$")
# Elsewhere it makes a vowel long: in Ireland, Bohemia, Hungary and Iceland.
LONG = re.compile(
    "[kw]|[bdmg]h|y$|sz|cs|zs|gy|tt|[áéíóú][ie]|ová$|[áé]r$|th$|^(?:se|si|orb|zolt|istv|kálm|mac|mair|máir|ó[^b])"
)
VOWELS = re.compile("[áéíóúè]|[aeo][iu](?![áéíóúè])|[aeio]|(?<![qg])u|u(?![eéií])")  # not that of Márquez
FULL = {"á": "AA", "é": "EH", "í": "IY", "ó": "OW", "ú": "UW", "è": "EH"}


def with_its_stress(word: str, phones: Phones) -> Phones:
    """``phones`` of ``word``, in small letters with their marks, stressed where an accent says so."""
    accent = ACCENTED.match(word)
    if not accent or LONG.search(word):
        return phones
    said = [index for index, phone in enumerate(phones) if is_vowel(phone)]
    written = VOWELS.findall(word.removesuffix("e") if "è" in word else word)
    letter = accent[1] or accent[2] or accent[3]
    if len(written) != len(said) or phones[stressed := said[written.index(letter)]].endswith("1"):
        return phones
    weaker = [f"{phone[:-1]}2" if phone.endswith("1") else phone for phone in phones]
    has_r = weaker[stressed].startswith("ER")
    weaker[stressed : stressed + 1] = [f"{FULL[letter]}1", *(["R"] if has_r else [])]
    return tuple(weaker)


def fits(word: str, phones: Phones) -> bool:
    """Whether ``word``, in small letters with their marks, may be said so."""
    if word.isascii():
        return True
    said = " ".join(phones)
    return all(re.search(sounds, said) for letters, sounds in SOUNDED if letters.search(word))


def respelled(word: str) -> str:
    """``word``, in small letters with their marks, as it is to be guessed."""
    for known_by, respellings in ORIGINS:
        if known_by.search(word):
            word = _replaced(word, respellings)
            break
    return _replaced(word, EVERYWHERE)


def _replaced(word: str, respellings: Sequence[Respelling]) -> str:
    for pattern, spelling in respellings:
        word = pattern.sub(spelling, word)
    return word
