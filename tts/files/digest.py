"""SHA-256 in hexadecimal digits, the one digest of this project."""

import hashlib
from pathlib import Path


def sha256(*parts: bytes) -> str:
    """Of all parts, one after the other."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_if_there(path: Path) -> str:
    """As ``file_sha256``; empty where there is no such file, or it cannot be read."""
    try:
        return file_sha256(path) if path.is_file() else ""
    except OSError:
        return ""
