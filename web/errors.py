"""The error table: every refusal has a code, a sentence and, where one is at fault, a field."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from conversation.log import HolderChanged, LogUnavailable, UnknownConversation

STATUS: Final[Mapping[str, int]] = {
    "malformed": 400,
    "second_factor": 401,
    "unauthenticated": 401,
    "enrol": 403,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "unsupported_type": 415,
    "invalid": 422,
    "too_many": 429,
    "unavailable": 503,
}
_CODES: Final = {status: code for code, status in STATUS.items()}

log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that cannot be done; `code` is one of STATUS."""

    def __init__(
        self,
        code: str,
        message: str,
        field: str | None = None,
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """As all wires carry it."""
        return {"code": self.code, "message": self.message, "field": self.field}


def refusal(error: Exception) -> Refused:
    """What to tell the caller about an error that the kernel or a library raised."""
    match error:
        case Refused():
            return error
        case UnknownConversation():
            return Refused("not_found", "there is no such conversation")
        case HolderChanged():
            return Refused("conflict", str(error).split(" ", 1)[1].join(("this conversation ", "")))
        case LogUnavailable():
            return Refused(
                "unavailable",
                "the conversation store does not answer; please try again",
                retry_after=2,
            )
        case _:
            raise error


def install(app: FastAPI) -> None:
    """Answer every error in the house's one form."""
    for kind in (Refused, UnknownConversation, HolderChanged, LogUnavailable):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    refused = refusal(error)
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after is not None else None
    return JSONResponse({"error": refused.body()}, STATUS[refused.code], headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return await _refused(request, Refused("malformed", "the body is not JSON"))
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return await _refused(request, Refused("invalid", first["msg"], field or None))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "malformed")
    body = Refused(code, HTTPStatus(error.status_code).phrase).body()
    return JSONResponse({"error": body}, error.status_code, error.headers)


async def _broken(_: Request, error: Exception) -> JSONResponse:
    log.error("a request failed: %s", type(error).__name__, exc_info=error)
    body = {
        "code": "broken",
        "message": "something went wrong on our side",
        "field": None,
    }
    return JSONResponse({"error": body}, 500)
