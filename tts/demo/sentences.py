"""What the demo corpus says: short English sentences that together hold every English phone."""

import random

# Every phone occurs here at least once, the rare ones (unstressed or secondarily stressed diphthongs) on purpose.
PHONETICALLY_RICH = (
    "Hello, this voice was trained in a few minutes.",
    "The cowboy paid the invoice with a turquoise discount voucher.",
    "Her attitude to homework made the guidebook a pleasure.",
    "A usual vision of the garage, measured with joy.",
    "Unlike the neighbor, he shouts his pronunciation in the background.",
    "The choir could fulfill a rural tour of the neighborhood.",
    "Fresh applesauce overflows in August, and so do ideas.",
    "My thyroid doctor boils oysters, then rejoins the royal party.",
    "Put the good book by the wooden bush, would you?",
    "She chose cheese, and Jack judged the orange jam.",
    "Think of three thin things, then breathe with them both.",
    "Young musicians use yellow yarn, and we wear white wool.",
    "The fieldwork of the bird expert turned over early earth.",
    "A hiccup in the stakeout left the outsider out in town.",
    "The seagull, the moonbeam and the periscope float over the lake.",
    "The android in the sandbox was fascinated by the highlands.",
    "Airplanes and weekdays may vacate the chaotic highway.",
    "Both automatic footnotes record the digestive idea of a poetic author.",
    "I recommend a photograph of sunshine to every independent acrobat.",
    "An ecstatic ambassador came aboard.",
    "We admire the sarcastic catalog, full of information and compensation.",
)

SUBJECTS = (
    "the old teacher", "a young painter", "my neighbor", "the quiet boy", "our captain", "the brown fox", "her sister",
    "this loud machine", "the royal choir", "a clever judge", "the tired farmer", "every visitor",
)  # fmt: skip
VERBS = (
    "measured", "carried", "found", "watched", "pushed", "enjoyed", "repaired", "chose", "followed", "shared",
    "finished", "borrowed",
)  # fmt: skip
OBJECTS = (
    "the wooden chair", "a yellow boat", "three thin books", "the cheap coin", "a huge orange", "the southern road",
    "five fresh apples", "the usual song", "a bowl of sugar", "the garden gate", "a pair of shoes", "the long letter",
)  # fmt: skip
ENDINGS = (
    "in the early morning", "by the river", "with great pleasure", "near the church", "on the way home",
    "under a clear blue sky", "without a sound", "before the storm", "at the edge of the town", "for a whole hour",
)  # fmt: skip


def sentences(n: int, seed: int) -> list[str]:
    """``n`` distinct sentences, the same for the same seed; the phonetically rich ones come first."""
    rng = random.Random(seed)
    found = dict.fromkeys(PHONETICALLY_RICH[:n])
    while len(found) < n:
        found[_sentence(rng)] = None
    return list(found)


def _sentence(rng: random.Random) -> str:
    clause = f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)}"
    ending = rng.choice(ENDINGS)
    text = rng.choice((f"{clause} {ending}.", f"{ending}, {clause}.", f"{clause}, {ending}?"))
    return text[0].upper() + text[1:]
