"""Text."""

from tts.config.section import Section
from tts.names import FrontEndName


class TextConfig(Section):
    """How text becomes phones."""

    front_end: FrontEndName = "gruut"  # gruut: IPA; arpabet: for corpora aligned with CMUdict
    language: str = "en-us"
