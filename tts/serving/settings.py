"""What an administrator decides."""

from dataclasses import dataclass

BYTES_PER_CHARACTER = 12  # at most, as JSON: two escapes of six
SPARE_BYTES = 64 << 10  # for the fields beside the text


@dataclass(frozen=True)
class Settings:
    """Bounds of everything that a client can ask for."""

    max_chars: int = 16_384  # of one request's text
    jobs: int = 1  # performances computed at once
    queue: int = 64  # steps that may wait when a new request arrives
    per_client: int = 0  # requests of one address at once; 0: no limit
    api_key: str | None = None
    origins: tuple[str, ...] = ()  # of web pages elsewhere that may ask
    patience_s: float = 300.0  # s for a client to take the next bytes, or to send them

    @property
    def max_body(self) -> int:
        """Bytes."""
        return BYTES_PER_CHARACTER * self.max_chars + SPARE_BYTES
