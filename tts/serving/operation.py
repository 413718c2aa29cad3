"""Routes that the published document describes."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.routing import Route

JSON = "application/json"
BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
TEXT: dict[str, Any] = {"type": "string"}
EVENT: dict[str, Any] = {"type": "object", "properties": {"event": TEXT, "data": TEXT}}  # sent by the server


class Operation(Route):
    """``body`` is what is sent as JSON, ``answers`` the schema of each content type that comes back."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        body: type[BaseModel] | None = None,
        answers: Mapping[str, dict[str, Any] | type[BaseModel]],
    ) -> None:
        super().__init__(path, endpoint, methods=["POST" if body else "GET"])
        self.body, self.answers = body, answers
