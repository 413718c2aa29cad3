"""Text."""

from typing import Literal

from tts.config.section import Section


class TextConfig(Section):
    """How text becomes phones."""

    front_end: Literal["gruut", "arpabet"] = "gruut"  # gruut: IPA; arpabet: CMUdict, for corpora aligned with it
    language: str = "en-us"
