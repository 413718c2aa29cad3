"""The published document of the HTTP interface, at ``/openapi.json``: read off the routes."""

import re
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tts.serving.operation import JSON, Operation
from tts.serving.studio import Studio, studio_of
from tts.serving.voices import ALIASES

REFERENCE = "#/components/schemas/{model}"
REFUSALS = {
    "400": "The request cannot be served as it is.",
    "401": "The API key is missing or wrong.",
    "404": "There is no such thing.",
    "408": "The request did not arrive in time.",
    "413": "The text or the body is too long.",
    "429": "Too many requests at once.",
    "503": "The queue is full; Retry-After says when to come back.",
}


class Problem(BaseModel):
    message: str
    type: str
    param: str | None
    code: str | int | None


class ErrorAnswer(BaseModel):
    """What every refusal looks like."""

    error: Problem


async def document(request: Request) -> Response:
    return JSONResponse(describe(request.app.routes, studio_of(request)))


def describe(routes: list[BaseRoute], studio: Studio) -> dict[str, Any]:
    """An OpenAPI document of those routes that are operations."""
    operations = [route for route in routes if isinstance(route, Operation)]
    models = [model for operation in operations for model in (operation.body, *operation.answers.values())]
    used = [(model, "validation") for model in (*models, ErrorAnswer) if isinstance(model, type)]
    _, schemas = models_json_schema(used, ref_template=REFERENCE)  # type: ignore[arg-type]
    definitions = schemas["$defs"]
    for definition in definitions.values():
        _bound(definition.get("properties", {}), studio)
    paths: dict[str, Any] = {}
    for operation in operations:
        method = "post" if operation.body else "get"
        paths.setdefault(_plain(operation.path), {})[method] = _describe(operation)
    components: dict[str, Any] = {"schemas": definitions}
    info = {"title": "Linnet", "version": version("linnet-tts"), "description": "Speech for other programs."}
    tree: dict[str, Any] = {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}
    if studio.settings.api_key:
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        tree["security"] = [{"key": []}]
    return tree


def _bound(properties: dict[str, Any], studio: Studio) -> None:
    """What only the running server knows."""
    for name in ("input", "text"):
        if name in properties:
            limit = f"At most {studio.settings.max_chars:,} characters; more are answered with 413."
            properties[name] |= {"minLength": 1, "pattern": r"\S", "description": limit}
    speakers = [speaker for manifest in studio.book.manifests.values() for speaker in manifest.speakers]
    for name, values in (("voice", [*studio.book.names(), *ALIASES]), ("speaker", list(dict.fromkeys(speakers)))):
        for choice in properties.get(name, {}).get("anyOf", ()):
            if choice.get("type") == "string":
                choice["enum"] = values


def _describe(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": (operation.endpoint.__doc__ or "").strip().splitlines()[0],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {mime: {"schema": _schema(schema)} for mime, schema in operation.answers.items()},
            }
        },
    }
    for status, description in REFUSALS.items():
        told["responses"][status] = {"description": description, "content": {JSON: {"schema": _schema(ErrorAnswer)}}}
    if operation.body:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": _schema(operation.body)}}}
    if names := re.findall(r"{(\w+)", operation.path):
        told["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    return told


def _schema(schema: dict[str, Any] | type[BaseModel]) -> dict[str, Any]:
    return schema if isinstance(schema, dict) else {"$ref": REFERENCE.format(model=schema.__name__)}


def _plain(path: str) -> str:
    """Without converters: ``{name:path}`` is ``{name}``."""
    return re.sub(r":\w+}", "}", path)


routes = [Route("/openapi.json", document)]
