"""What a client receives when its request cannot be served: OpenAI's error object, at the top of the answer."""

from collections.abc import Mapping

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from tts.errors import InputError

KINDS = {401: "authentication_error", 429: "rate_limit_error", 500: "server_error", 503: "server_error"}


class ServingError(Exception):
    """A request that is refused, with the HTTP status and a code that programs can tell apart."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.param, self.headers = status, code, message, param, headers

    def tree(self) -> dict[str, object]:
        """The object that OpenAI's clients read."""
        kind = KINDS.get(self.status, "invalid_request_error")
        return {"message": self.message, "type": kind, "param": self.param, "code": self.code}


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


class CutOffError(Exception):
    """Part of the answer has been sent and the rest cannot be: the connection is closed, so that the client knows."""


class BusyError(ServingError):
    """The queue is full: come back in ``retry_after_s`` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        message = f"the queue is full; try again in {retry_after_s} s"
        super().__init__(503, "queue_full", message, headers={"Retry-After": str(retry_after_s)})


def as_serving_error(error: Exception) -> ServingError:
    """Any error, as a client receives it. What nobody foresaw becomes a 500 that gives nothing away."""
    match error:
        case ServingError():
            return error
        case InputError():
            return ServingError(400, "invalid_input", str(error))
        case ValidationError():
            return _invalid(error)
        case HTTPException():
            code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid_request")
            return ServingError(error.status_code, code, error.detail, headers=error.headers)
        case _:
            return ServingError(500, "internal_error", "the server failed; its log says why")


# What the application turns into answers.
HANDLED: tuple[type[Exception], ...] = (ServingError, InputError, ValidationError, HTTPException, Exception)


async def answer_error(request: Request, error: Exception) -> JSONResponse:
    return error_response(as_serving_error(error))


def error_response(error: ServingError) -> JSONResponse:
    return JSONResponse({"error": error.tree()}, error.status, dict(error.headers or {}))


def _invalid(error: ValidationError) -> ServingError:
    first = error.errors(include_url=False, include_input=False)[0]
    param = ".".join(map(str, first["loc"])) or None
    return ServingError(400, "invalid_value", f"{param or 'body'}: {first['msg']}", param=param)
