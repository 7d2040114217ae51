"""How a route describes itself: its parameters, its body with examples that run, its answers and its problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.problems import JSON_TYPE, PROBLEM_TYPE
from ewtp.apps.http.surface.schemas import ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.http.surface.query import QueryParameter
    from ewtp.apps.http.surface.schemas import Schema

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A repeat with the same key and body gets the first answer again.",
    "schema": {"type": "string", "maxLength": 200},
}


def operation(
    answer: Schema,
    *,
    status: int = HTTPStatus.OK,
    also: Iterable[int] = (),
    parameters: Iterable[QueryParameter] = (),
    body: Schema | None = None,
    examples: Mapping[str, Any] | None = None,
    problems: Iterable[int] = (),
) -> dict[str, Any]:
    """The description of a route beyond its name: ``answer`` and ``body`` are schemas of JSON.

    The answer comes with ``status``, or with one of those in ``also``. ``examples`` are bodies by
    their titles. ``problems`` are the statuses of problem documents that the route itself gives; those that every route
    can give are added where the description is put together.
    """
    refused = sorted(problems)
    described: dict[str, Any] = {
        "responses": {
            **{
                int(each): {"description": HTTPStatus(each).phrase, "content": {JSON_TYPE: {"schema": answer}}}
                for each in sorted((status, *also))
            },
            **{int(each): problem_response(each) for each in refused},
        },
    }
    listed = [parameter.as_json() for parameter in parameters]
    if body is not None:
        content: dict[str, Any] = {"schema": body}
        if examples:
            content["examples"] = {
                title.lower().replace(" ", "_"): {"summary": title, "value": value} for title, value in examples.items()
            }
        described["requestBody"] = {"required": True, "content": {JSON_TYPE: content}}
        # A key in use is a conflict; what has none keeps no answer for a repeat.
        if HTTPStatus.CONFLICT in refused:
            listed.append(_KEY)
    if listed:
        described["parameters"] = listed
    return described


def problem_response(status: int) -> dict[str, Any]:
    """The response of a status that is an error."""
    return {"description": HTTPStatus(status).phrase, "content": {PROBLEM_TYPE: {"schema": ref("Problem")}}}
