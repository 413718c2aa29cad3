"""A loader of YAML that goes no deeper than a config does."""

import yaml

from tts.files.documents import DEEPEST


class ShallowLoader(yaml.SafeLoader):
    """Gives up at the first value that is nested too deeply, as the time to read what follows grows with its depth."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Raises ``RecursionError``."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise RecursionError
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node
