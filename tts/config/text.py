"""Text."""

from tts.config.section import FrontEndName, Section


class TextConfig(Section):
    """How text becomes phones."""

    front_end: FrontEndName = "arpabet"  # English in CMUdict's phones; gruut: IPA, also other languages; lexicon: any
    language: str = "en-us"
    lexicon: str = ""  # file of front_end lexicon: on each line a word and its phones, spaces between
