"""How people write to each other: brb, u r, gr8, :-), sooooo, wanna."""

import re

from tts.text.english.initialisms import SHORT_WORDS
from tts.text.english.rules import END, Place, Rule, Spoken, either, rule
from tts.text.english.word_lists import word_set

SHORTHAND = {
    "thx": "thanks", "tnx": "thanks", "pls": "please", "plz": "please", "plss": "please", "ppl": "people",
    "tmrw": "tomorrow", "tmr": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow", "tmw": "tomorrow",
    "2nite": "tonight",
    "2day": "today", "b4": "before", "gr8": "great", "l8r": "later", "l8": "late", "m8": "mate", "w8": "wait",
    "h8": "hate", "str8": "straight", "cya": "see ya", "ur": "your", "bday": "birthday", "b-day": "birthday",
    "wknd": "weekend", "abt": "about", "bf": "B F", "bfs": "B Fs", "tho": "though", "thru": "through",
    "nite": "night", "xmas": "christmas", "msgs": "messages", "srsly": "seriously", "obv": "obviously",
    "prob": "probably", "probs": "probably",
    "rn": "right now", "bc": "because", "cuz": "cause", "coz": "cause", "sry": "sorry",
    "soz": "sorry",
    "kk": "K K", "luv": "love", "gn": "good night", "gm": "good morning", "hw": "homework", "fb": "F B",
    "wat": "what", "fwd": "forward", "wdym": "what do you mean", "nvm": "never mind",
    "txt": "text", "txts": "texts", "txting": "texting", "txted": "texted", "2": "two", "4": "four",
    "4ever": "forever",
    "4eva": "forever", "n8": "night", "dunno": "dunno", "ya": "ya", "g2g": "got to go", "gtg": "got to go",
    "any1": "anyone", "some1": "someone", "every1": "everyone", "no1": "no one",
    "w/e": "whatever", "fav": "fave", "rly": "really", "rlly": "really", "smth": "something", "sth": "something",
    "tn": "tonight",
    "hbd": "happy birthday", "wym": "what do you mean", "wdyt": "what do you think", "thnx": "thanks",
    "pic": "pic", "vid": "vid", "lmk": "let me know", "np": "no problem",
    "ty": "thank you", "tyvm": "thank you very much",
    "yrs": "years", "hrs": "hours", "mins": "minutes", "btwn": "between", "bw": "between", "dnt": "don't",
    "didnt": "didn't", "dont": "don't", "cant": "can't", "wont": "won't", "doesnt": "doesn't",
    "isnt": "isn't", "wasnt": "wasn't", "arent": "aren't", "couldnt": "couldn't", "wouldnt": "wouldn't",
    "shouldnt": "shouldn't", "havent": "haven't", "hasnt": "hasn't", "thats": "that's", "whats": "what's",
    "youre": "you're", "theyre": "they're", "im": "I'm", "ive": "I've",
}  # fmt: skip
EMOTICONS = {
    ":)": "smiley", ":-)": "smiley", "=)": "smiley", ":]": "smiley", ":^)": "smiley", ";)": "wink", ";-)": "wink",
    ":(": "frown", ":-(": "frown", "=(": "frown", ":D": "big grin", ":-D": "big grin",
    ":P": "tongue out", ":-P": "tongue out", ":p": "tongue out", ";P": "tongue out", ":'(": "crying face",
    ":'-(": "crying face", "<3": "heart", "</3": "broken heart", ":O": "surprised face", ":-O": "surprised face",
    ":o": "surprised face", ":/": "unsure face", ":-/": "unsure face",
    ":|": "straight face", ":-|": "straight face", ":*": "kiss", ":-*": "kiss", "xD": "laughing face",
    "XD": "laughing face", "^_^": "happy face", "^^": "happy face", "-_-": "annoyed face",
    "o_O": "confused face",
    "O_o": "confused face", "o.O": "confused face", ">:(": "angry face", "B-)": "cool face",
    "\\o/": "hooray", "T_T": "crying face", ";_;": "crying face", "¯\\_(ツ)_/¯": "shrug", ":3": "cat face",
    ":S": "confused face", ";D": "wink", ";-D": "wink", ";-P": "tongue out",
}  # fmt: skip
# Spelled though they are written small, and look like words.
CHAT_LETTERS = word_set(
    """
    id imo imho omg btw idk fyi asap irl tbh lmao afaik iirc ftw aka diy faq ikr smh brb omw ttyl atm eta nsfw
    tldr wyd tysm ngl hmu idc ily istg omfg lmfao iykyk np jk ootd ofc pov tbt gtfo yw
    af wya pfp hbu wbu icymi tgif nbd imy ilysm gbu bau eod ooo atp tfw ama dae ianal iow ymmv
    """
)
# Said without a vowel.
HUMMED = {
    "hm": "hmm", "hmm": "hmm", "mm": "mm", "mmm": "mm", "mhm": "mhm", "sh": "shh", "shh": "shh", "psst": "psst",
    "pst": "psst", "pfft": "pfft", "pff": "pfft", "brr": "brr", "brrr": "brr", "grr": "grr", "tsk": "tsk",
    "zzz": "zzz", "nth": "nth",
    "hmph": "hmph", "humph": "humph", "ugh": "ugh", "argh": "argh", "aargh": "argh", "aaargh": "argh",
    "ah": "ah",
    "oh": "oh", "aw": "aw", "eww": "ew", "ew": "ew", "ooh": "ooh", "ohh": "oh", "umm": "um", "um": "um",
    "uhh": "uh",
    "uh": "uh", "er": "er", "erm": "erm", "psh": "psh", "tch": "tch",
    "haha": "haha", "hehe": "hehe", "lol": "lol", "woo": "woo", "woohoo": "woohoo", "yay": "yay", "aww": "aw",
    "oof": "oof", "whoa": "whoa", "meh": "meh", "nah": "nah", "yeah": "yeah", "yes": "yes", "no": "no",
    "please": "please", "what": "what", "why": "why", "love": "love", "hello": "hello",
    "hey": "hey", "really": "really", "very": "very", "way": "way", "omg": "O M G", "yesss": "yes",
    "bye": "bye",
    "okay": "okay", "boo": "boo", "loool": "lol", "nope": "nope", "yep": "yep", "phew": "phew", "ouch": "ouch",
    "wow": "wow", "brrrr": "brr", "vroom": "vroom", "bzz": "buzz", "pleas": "please",
}  # fmt: skip
REPLIES = frozenset(["np"])  # that mean something else within a sentence
RUN = re.compile(r"(.)\1+")
_EMOTICONS = either(EMOTICONS)
_ATTACHED = either(short for short in EMOTICONS if re.fullmatch("[:;]-?[)(DP]", short))  # to a word
_SHORTHAND = "|".join(re.escape(short) for short in sorted(SHORTHAND, key=len, reverse=True) if not short.isdigit())


def squeeze(word: str, place: Place) -> str:
    """sooooo -> "so", goooood -> "good": each long run as two letters or one, whichever makes a word."""
    candidates = [""]
    position = 0
    for run in RUN.finditer(word):
        before, char, long = word[position : run.start()], run[1], len(run[0]) > 2
        forms = [char * 2, char] if long and len(candidates) <= 8 else [char if long else run[0]]
        candidates = [start + before + form for start in candidates for form in forms]
        position = run.end()
    candidates = [start + word[position:] for start in candidates]
    for lists in (SHORT_WORDS.__contains__, HUMMED.__contains__, place.known):
        for candidate in candidates:
            if lists(candidate):
                return HUMMED.get(candidate, candidate)
    return candidates[-1]


def _shorthand(match: re.Match[str], place: Place) -> Spoken:
    written = match[1]
    if (written.isupper() and len(written) > 1) or (not written[1:].islower() and written[1:].isalpha()):
        return None
    if written.lower() in REPLIES and place.word_before():
        return None
    return SHORTHAND[written.lower()]


def _emoticon(match: re.Match[str], _: Place) -> Spoken:
    return EMOTICONS[match[0]]


RULES: tuple[Rule, ...] = (
    rule(
        "emoji",
        "-:;=()<>^xXoOBTD\\\\¯",
        rf"(?:(?<!\S)(?:{_EMOTICONS})|(?<=[a-z!.?])(?:{_ATTACHED}))(?=[\s.,!?)]|$)",
        _emoticon,
    ),
    rule("chat", "A-Za-z0-9", rf"({_SHORTHAND}){END}(?!')(?:\.(?=\s[a-z\d]))?", _shorthand, re.IGNORECASE),
)
