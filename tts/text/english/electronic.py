"""Addresses of the net, mail, files and machines: example.com, john@example.com, ~/notes.md, 192.168.0.1, #tag."""

import re

from tts.text.english.capitals import say_piece, split_name
from tts.text.english.numerals import cardinal, in_version, spell_digits, year
from tts.text.english.rules import ALNUM, END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

MARKS = {
    ".": "dot", "/": "slash", ":": "colon", "-": "dash", "_": "underscore", "@": "at", "?": "question mark",
    "=": "equals", "&": "and", "#": "hash", "%": "percent",
    "+": "plus", "~": "tilde", "\\": "backslash", ",": "comma", ";": "semicolon", "*": "star",
    "!": "exclamation mark", "$": "dollar", "'": "apostrophe", "(": "", ")": "",
    "[": "", "]": "", "{": "", "}": "", "|": "pipe", "^": "caret",
}  # fmt: skip
DOMAINS = (
    "com|org|net|edu|gov|mil|int|io|co|ai|dev|app|info|biz|tv|uk|de|fr|ca|au|eu|jp|cn|ru|ch|nl|se|nz|es|pl|br|mx|kr|ie|be|dk|fi|gg|fm|xyz|tech|online|site|store|shop|blog|cloud"
    "|wiki|news|club|live|pro|gl|ly|sh|page|design|agency|museum|name|mobi|travel|jobs|onion|local|localhost|internal|health|science|space|world|life|media|email|social"
)
WORDS_TOO = word_set(
    """
    be me es info name live pro news club life world page space health science media social store shop design
    travel jobs
    """
)
FILES = (
    "txt|md|pdf|docx?|xlsx?|pptx?|csv|tsv|json|ya?ml|toml|xml|html?|css|scss|jsx?|tsx?|mjs|py|ipynb|rb|rs|go|java|kt|swift|cpp|cc|hpp|cs|php|sh|bash|zsh|bat|exe|dll|so|zip|tar|gz|tgz|rar|7z"
    "|jpe?g|png|gif|svg|webp|bmp|ico|mp3|mp4|wav|flac|ogg|avi|mov|mkv|webm|log|ini|cfg|conf|env|lock|sql|db|bak|tmp|iso|dmg|apk|deb|rpm|ttf|woff2?|onnx|pt|npy|epub|tex|bib|vue|lua|pl|r|psd|ai|key|pem|c|h|o|a|d|x"
)
SHORT_FILES = word_set("c h o a d x r ai go so pl key lock env cc db")  # too common to show a file by themselves
SAID_FILES = word_set("zip tar log lock env swift java conf bash yaml toml json")
NAMED_VERSIONS = word_set(
    """
    python node ruby java php perl django rails ubuntu debian fedora android ios macos windows version
    versions release v firefox chrome postgres postgresql mysql kernel linux kubernetes docker gpt llama
    angular react vue swift kotlin rust go golang unity unreal blender latex cuda pytorch
    tensorflow numpy bluetooth usb hdmi wifi http opengl directx minecraft patch update build firmware api
    """
)
HOST = rf"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,62}})\.){{1,6}}(?:{DOMAINS}){END}"
PATH = r"(?::\d{1,5}(?!\d))?(?:/[^\s<>\"'`|]{0,512}|\?[\w=&%.-]{1,256})?"
TAIL = r"(?<=[\w/=&#~%+\-])"  # marks that end a sentence are not of the address


def say_address(written: str, place: Place) -> str:
    """github.com/user -> "github dot com slash user"."""
    if not written.isascii():
        return ""  # read in parts, so that nothing is lost
    spoken = []
    for piece in re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", written):
        if re.fullmatch(r"(?:19|20)\d\d", piece) and "_" in written:  # photo_2023
            spoken.append(year(int(piece)))
        elif piece.isdigit():
            spoken.append(cardinal(piece) if len(piece) < 3 and piece[0] != "0" else spell_digits(piece))
        elif piece.isascii() and piece.isalpha():
            spoken.append(split_name(piece, place) if not piece.isupper() else say_piece(piece, place))
        else:
            spoken.append(MARKS.get(piece, ""))
    return " ".join(filter(None, spoken))


def _trimmed(written: str) -> str:
    return re.sub(r"^[a-z]{2,10}://(?:www\.)?", "", written, flags=re.IGNORECASE).rstrip("/")


def _address(match: re.Match[str], place: Place) -> Spoken:
    return say_address(_trimmed(match[0]), place) or None


def _host(match: re.Match[str], place: Place) -> Spoken:
    """example.com; a sentence without a space after its full stop is not an address."""
    host = re.split(r"[/:?]", match[0])[0]
    *labels, domain = host.split(".")
    if domain in WORDS_TOO and len(labels) < 2 and host == match[0]:
        return None
    return say_address(match[0].rstrip("/"), place)


def _file(match: re.Match[str], place: Place) -> Spoken:
    """config.yaml, main.py, archive.tar.gz."""
    extension = match[1].lower()
    if extension in SHORT_FILES and not re.search(r"[\d_/-]|[a-z]\.[a-z]+$", match[0]):
        return None
    return say_path(match[0], place)


def say_path(written: str, place: Place) -> str:
    """The suffix is spelled unless it is a word: "main dot P Y", "config dot yaml"."""
    if not written.isascii():
        return ""
    start, dot, suffix = written.rpartition(".")
    if not dot or not suffix.isalnum() or suffix.lower() in SAID_FILES or not re.fullmatch(FILES, suffix.lower()):
        return say_address(written, place)
    spoken = re.sub(r"(\d)", lambda digit: cardinal(digit[0]) + " ", " ".join(suffix.upper()))
    known = {"jpeg": "jay peg", "jpg": "J P G", "gif": "gif", "docx": "doc X", "mp3": "M P three", "mp4": "M P four"}
    return f"{say_address(start, place)} dot {known.get(suffix.lower(), ' '.join(spoken.split()))}".strip()


def _path(match: re.Match[str], place: Place) -> Spoken:
    return say_path(match[0].rstrip("/") if len(match[0]) > 2 else match[0], place)


def _ticker(match: re.Match[str], _: Place) -> Spoken:
    """AAPL.O, BRK.B."""
    return f"{' '.join(match[1])} dot {' '.join(match[2])}"


def _handle(match: re.Match[str], place: Place) -> Spoken:
    """@jane_doe, r/askreddit."""
    spoken = say_address(match[1], place)
    return f"at {spoken}" if spoken else None


def _community(match: re.Match[str], place: Place) -> Spoken:
    spoken = say_address(match[2], place)
    return f"{match[1].upper()} slash {spoken}" if spoken else None


def _hashtag(match: re.Match[str], place: Place) -> Spoken:
    """#ThrowbackThursday."""
    if not match[0].isascii():
        return None
    return " ".join(["hashtag", *(split_name(part, place) for part in match[1].split("_") if part)])


def _number_sign(match: re.Match[str], place: Place) -> Spoken:
    return f"number {cardinal(match[1])}" if len(match[1]) < 16 else f"number {spell_digits(match[1])}"


def _colour(match: re.Match[str], _: Place) -> Spoken:
    """#ff8800."""
    return "hash " + " ".join(cardinal(char) if char.isdigit() else char.upper() for char in match[1])


def _ip(match: re.Match[str], place: Place) -> Spoken:
    spoken = re.findall(r"\d+|\D", match[0])
    return " ".join(
        spell_digits(part) if part.isdigit() and len(part) > 2 else cardinal(part) if part.isdigit() else MARKS[part]
        for part in spoken
    )


def _hardware(match: re.Match[str], _: Place) -> Spoken:
    """00:1A:2B:3C:4D:5E, 2001:db8::1."""
    if not re.search(r"[A-Fa-f]|::", match[0]):
        return None
    said = [MARKS[char] if char == ":" else cardinal(char) if char.isdigit() else char.upper() for char in match[0]]
    return " ".join(said)


def _version(match: re.Match[str], place: Place) -> Spoken:
    """v1.2.3-beta.4, 1.2.3; 2.0 behind the name of a program."""
    number, suffix = match[2], match[3] or ""
    if match[1] == "V" and number.isdigit() and not suffix:
        return None  # an engine
    spoken = in_version(number)
    for part in re.findall(r"[A-Za-z]+|\d+", suffix):
        spoken += f" {cardinal(part) if part.isdigit() else split_name(part, place)}"
    return f"version {spoken}" if match[1] and place.word_before() != "version" else spoken


def _named_version(match: re.Match[str], place: Place) -> Spoken:
    return in_version(match[0]) if place.word_before() in NAMED_VERSIONS else None


def _option(match: re.Match[str], place: Place) -> Spoken:
    """--verbose, -m, of a command."""
    if match[1] == "-" and match[2].istitle() and len(match[2]) > 1:
        return None  # what somebody says
    following = re.match(r"\s?[±+=*/^]|\s*$", place.text[match.end() : match.end() + 2])
    if following and match[1] == "-" and len(match[2]) < 3:
        return None
    dashes = "dash dash" if match[1] == "--" else "dash"
    return f"{dashes} {say_address(match[2], place)}" if match[0].isascii() else None


def _dotted_name(match: re.Match[str], place: Place) -> Spoken:
    """os.path.join, Node.js, foo.bar(): between small letters without a space, a dot is said."""
    return say_path(match[0], place)


RULES: tuple[Rule, ...] = (
    rule(
        "electronic",
        "a-zA-Z",
        rf"(?:https?|ftps?|file|ssh|git|s3|wss?)://[^\s<>\"'`|]{{1,2048}}{TAIL}",
        _address,
        re.IGNORECASE,
    ),
    rule("electronic", "mM", r"mailto:[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}", _address),
    rule(
        "electronic",
        "a-zA-Z0-9_",
        r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64}){1,8}(?<!-)",
        _address,
    ),
    rule("electronic", "wW", rf"www\.[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}{PATH}{TAIL}", _address, re.IGNORECASE),
    rule("electronic", "0-9", rf"(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d{{1,5}}|/\d{{1,2}})?(?!{ALNUM}|\.\d)", _ip),
    rule("electronic", "0-9a-fA-F", r"(?:[0-9A-Fa-f]{1,4}::?){2,7}[0-9A-Fa-f]{1,4}(?![:\w])", _hardware),
    rule(
        "electronic",
        "vV",
        rf"([vV](?:er\.|\.)?\s?)(\d{{1,6}}(?:\.\d{{1,6}}){{0,4}})([-+.]?(?:alpha|beta|rc|dev|pre|post|a|b)[-.]?\d{{0,4}}(?:\.\d{{1,4}})?)?{END}",
        _version,
    ),
    rule(
        "electronic",
        "0-9",
        rf"(?!\d{{1,3}}(?:\.\d{{3}}){{2,}}(?![\w.]))()(\d{{1,5}}(?:\.\d{{1,5}}){{2,4}})([-+.]?(?:alpha|beta|rc|dev|pre|post|a|b)[-.]?\d{{0,4}}(?:\.\d{{1,4}})?)?(?!{ALNUM}|\.\d)",
        _version,
    ),
    rule("electronic", "0-9", rf"\d{{1,4}}\.\d{{1,4}}(?!{ALNUM}|\.\d|%|\s?[%°])", _named_version),
    rule("electronic", "a-zA-Z", r"[A-Za-z]:\\[^\s<>\"'`|]{0,512}(?<=[\w\\])", _path),
    rule("electronic", "\\\\", r"\\\\[^\s<>\"'`|]{1,512}(?<=[\w\\])", _path),
    rule("electronic", "~.", r"(?<![\w.])(?:~|\.\.?)/[^\s<>\"'`|]{0,512}(?<=[\w/])", _path),
    rule(
        "electronic",
        "/",
        r"/(?:[\w.@+~-]{1,128}/){1,32}(?:[\w.@+~-]{0,128}[\w+~-])?|/(?:etc|usr|home|tmp|var|dev|bin|opt|root|api|mnt|proc|sys)\b|(?<!\S)/[a-z][\w-]{2,32}",
        _path,
    ),
    rule(
        "electronic",
        "a-zA-Z0-9_",
        rf"(?:[\w-]{{1,64}}/){{1,16}}[\w-]{{1,64}}(?:\.[\w-]{{1,32}}){{0,3}}\.({FILES}){END}",
        _path,
    ),
    rule("electronic", "a-zA-Z0-9", rf"localhost{PATH}{TAIL}", lambda match, place: say_address(match[0], place)),
    rule("electronic", "a-zA-Z0-9", rf"{HOST}{PATH}{TAIL}", _host),
    rule(
        "electronic",
        "a-zA-Z0-9_.",
        rf"\.?[A-Za-z0-9_][\w-]{{1,63}}(?:\.[\w-]{{1,32}}){{0,3}}\.({FILES}){END}",
        _file,
        re.IGNORECASE,
    ),
    rule("letters", "A-Z", rf"([A-Z]{{2,5}})\.([A-Z]{{1,2}}){END}(?!\.)", _ticker),
    rule(
        "electronic",
        ".",
        rf"\.(?:{FILES}|gitignore|bashrc|profile|zshrc|npmrc|dockerignore|htaccess)(?:\.[a-z]{{1,12}}){{0,2}}{END}",
        _path,
    ),
    rule("electronic", "@", r"@([A-Za-z_][\w.]{0,63}(?<!\.))", _handle),
    rule("electronic", "ru", rf"([ru])/(\w{{2,32}}){END}", _community),
    rule("electronic", "#", rf"#(\d{{1,20}}){END}", _number_sign),
    rule("symbol", "#", r"(?<![^\s(A-Z])#(s?)(?![\w#])", lambda match, _: f"number{match[1]}"),  # my # is
    rule("electronic", "#", rf"#((?=[0-9a-fA-F]*\d)[0-9a-fA-F]{{6}}){END}", _colour),
    rule("electronic", "#", r"#([A-Za-z_]\w{0,63}|\d{1,4}[A-Z]?[a-z]\w{1,60})", _hashtag),
    rule("electronic", "-", rf"(?<![^\s\[])(--?)([A-Za-z][\w-]{{0,63}}){END}(?!\s-\s)", _option),
    rule(
        "electronic",
        "a-z",
        r"[a-z][a-z0-9_]{0,31}(?:\.[a-z_][a-z0-9_]{1,31}){1,5}(?=\()|[a-z][a-z0-9]{0,31}(?:\.[a-z][a-z0-9]{1,31}){2,5}(?![\w])|Node\.js|[a-z]\w{0,31}\.[a-z_]\w{0,31}(?=\s?[-+*]?=\s?[^\s=])",
        _dotted_name,
    ),
)
