"""Error responses of every API: RFC 9457 problem documents with a stable code."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpResponse

from ewtp.apps.http.surface.sentences import (
    FIELD_TWICE,
    JSON_EMPTY,
    JSON_NOT_TEXT,
    JSON_NUMBER_TOO_LONG,
    JSON_TOO_DEEP,
    JSON_UNREADABLE,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from typing import Any

PROBLEM_TYPE = "application/problem+json"
JSON_TYPE = "application/json"
# More digits than any amount has; Python's own conversion refuses 4,301 with an exception.
_MOST_DIGITS = 100


def json_response(content: bytes, status: int = HTTPStatus.OK) -> HttpResponse:
    """A response with a body that is JSON already."""
    return HttpResponse(content, content_type=JSON_TYPE, status=status)


def problem_bytes(refusal: Refusal, status: int) -> bytes:
    """The problem document of a refusal: ``type``, ``title``, ``status``, ``detail``, ``code`` and its details.

    ``errors`` lists everything that is wrong, the refusal itself first.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusal.message,
    }
    extra = refusal.as_json()
    extra.pop("message")
    extra["errors"] = [each.as_json() for each in refusal.every]
    return orjson.dumps({**body, **extra})


def problem(refusal: Refusal, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> HttpResponse:
    """The refusal as a problem document."""
    return HttpResponse(problem_bytes(refusal, status), content_type=PROBLEM_TYPE, status=status)


def read_body(content: bytes) -> Any | Refusal:
    """The JSON value of a request's body, or ``json_unreadable``.

    A field given twice is refused, for readers disagree on which of the two counts. Numbers with a fraction are
    refused where they are read.
    """
    try:
        # The strict parser comes first and bounds the depth; the second sees every field, a repeated one too.
        orjson.loads(content)
        return _DECODER.decode(content.decode())
    except orjson.JSONDecodeError as error:
        return _unreadable(content, error)
    except _FieldTwiceError as error:
        return Refusal(FIELD_TWICE, {"field": str(error)[:40]})
    except _NumberTooLongError:
        return Refusal(JSON_NUMBER_TOO_LONG, {"most": _MOST_DIGITS})
    except RecursionError:
        return Refusal(JSON_TOO_DEEP)


def _unreadable(content: bytes, error: orjson.JSONDecodeError) -> Refusal:
    """Where a body stops being JSON; the parser's own words are English, and are not shown."""
    if not content.strip():
        return Refusal(JSON_EMPTY, at=0)
    try:
        content.decode()
    except UnicodeDecodeError:
        return Refusal(JSON_NOT_TEXT, at=0)
    params = {"place": error.pos + 1, "line": error.lineno, "column": error.colno}
    return Refusal(JSON_UNREADABLE, params, at=error.pos)


class _FieldTwiceError(ValueError):
    """Raised at a field that was given before."""


class _NumberTooLongError(ValueError):
    """Raised at a whole number of more digits than are read."""


def _each_field_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _FieldTwiceError(name)
            seen.add(name)
    return fields


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _NumberTooLongError
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_each_field_once, parse_int=_whole_number)
