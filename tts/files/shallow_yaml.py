"""A loader of YAML that goes only so deep."""

import yaml


class ShallowLoader(yaml.SafeLoader):
    """Gives up at the first value that is nested too deeply, as the time to read what follows grows with its depth."""

    def __init__(self, text: str, deepest: int) -> None:
        super().__init__(text)
        self._depth, self._deepest = 0, deepest

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Raises ``RecursionError``."""
        self._depth += 1
        if self._depth > self._deepest:
            raise RecursionError
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node
