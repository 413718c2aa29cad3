"""Words of grammar, by what they do: what stands before a noun, before a verb, who is the subject."""

from tts.text.english.word_lists import word_set

ARTICLES = word_set("a an the this that these those each every some any no another what which both either neither")
POSSESSIVES = word_set("my your his her its our their whose one's")
NUMBERS = word_set(
    """
    one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand
    million many several few various most more all other such
    """
)
MODALS = word_set(
    """
    will would can could may might must shall should cannot can't won't wouldn't couldn't shouldn't don't
    doesn't didn't do does did let let's please i'll you'll he'll she'll we'll they'll it'll i'd you'd we'd
    they'd he'd she'd ought help helps helped
    """
)
DO = word_set("do does did")
SUBJECTS = word_set("i you we they")
THIRD = word_set("he she it nobody everybody somebody anybody everyone someone anyone nothing everything")
RELATIVES = word_set("who which that what")
OBJECTS = word_set(
    """
    me him us them it you myself yourself himself herself itself ourselves themselves everyone everything
    someone something anyone anything nobody nothing somebody anybody everybody
    """
)
PREPOSITIONS = word_set(
    """
    of in on for with by from at into about without under over through during against between among across
    near after before behind beyond within upon toward towards per until since despite via like onto off
    around below above than as
    """
)
BE = word_set(
    """
    am is are was were be been being i'm you're he's she's it's we're they're that's there's isn't aren't
    wasn't weren't get gets got getting
    """
)
HAVE = word_set("have has had having haven't hasn't hadn't i've you've we've they've")
LINKING = word_set(
    """
    seem seems seemed look looks looked feel feels felt stay stays stayed stand stands stood remain remains
    remained become becomes became come comes came keep keeps kept sit sits sat grow grew get got go draw drew
    move moved hold held
    """
)
DEGREES = word_set(
    """
    very so too quite as more most less how rather pretty extremely almost fairly really dangerously
    uncomfortably not
    """
)
SKIPPED = word_set(
    """
    not never always often also really just still only even soon ever usually sometimes rarely then now
    already again probably perhaps maybe actually simply finally merely further first
    """
)
ASKING = word_set("when where why how what who")
JOINING = word_set("and or but nor")
COUNTED = word_set("many several few")
SOME = COUNTED | {"some", "others", "most", "all", "both"}  # who do something, where nothing else is said of them
CONJUNCTIONS = word_set("before after since until as than like")  # prepositions that a clause may follow
NOUN_TAKERS = word_set("subject due according prone contrast compared relation regard addition opposed thanks access")
PARTICLES = word_set("up out off down away back apart")
YESTERDAY = word_set(
    """
    yesterday ago last once twice earlier later afterwards previously was were had did didn't wasn't said
    """
)
IRREGULAR = word_set(
    """
    began went came took told knew thought felt found gave fell ran wrote heard spoke stood became brought bought
    kept lost met paid fled rose grew drew flew threw woke chose drove sold sent
    """
)
PLURALS = word_set("police people men women children staff cattle folk media others authorities parents mice geese")
AT_ONCE = word_set("now today here again immediately")
ALWAYS = word_set("every always usually often tomorrow tonight sometimes never will today nowadays")
