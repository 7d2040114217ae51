"""The rulebook over HTTP: its measures and its versions, to read."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.problems import json_response, problem, stray_parameter
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_page
from ewtp.apps.rulebook.reading.versions import latest_version, version_at, versions
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.measure_json import measure_as_json
from ewtp.core.values.moment import parse_moment
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import known_economy

if TYPE_CHECKING:
    from collections.abc import Mapping


router = Router(tags=["rulebook"])

MOST_ROWS = 500
_DIGITS = 14
_PROBLEM: Mapping[str, Any] = {
    "description": "A problem document (RFC 9457) with a stable code.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
_PAGE: Mapping[str, Any] = {
    "description": "`items`, and `next`, the cursor of the page that follows (null on the last one).",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["items", "next"],
                "properties": {
                    "items": {"type": "array", "items": {"type": "object"}},
                    "next": {"type": ["string", "null"]},
                },
            },
        },
    },
}


@router.get(
    "/rulebook/measures",
    operation_id="rulebook_measures",
    summary="Measures by economy, code, date, kind and moment of knowledge",
    openapi_extra={"responses": {200: _PAGE, 422: _PROBLEM}},
)
@needs(Scope.READ)
def measures(  # noqa: PLR0917 - the framework fills parameters from the query by name
    request: HttpRequest,
    economy: str = "",
    code: str = "",
    date: str = "",
    kind: str = "",
    known_at: str = "",
    cursor: str = "",
    limit: int = 100,
) -> HttpResponse:
    """The measures that apply in ``economy``, cover ``code``, are in force on ``date`` and are of ``kind``.

    All filters are optional. ``known_at`` asks for the rulebook as it was known then; the pages that follow the first
    stay with the version the first was read from.
    """
    stray = stray_parameter(request, frozenset({"economy", "code", "date", "kind", "known_at", "cursor", "limit"}))
    if stray is not None:
        return problem(stray)
    wanted = _filter(economy, code, date, kind, known_at)
    if isinstance(wanted, Refusal):
        return problem(wanted)
    place = _cursor(cursor)
    if isinstance(place, Refusal):
        return problem(place)
    moment, after = place
    if moment is None:
        version = version_at(wanted.known_at) if wanted.known_at else latest_version()
        if version is None:
            return _page("", [], None)
        moment = version.published_at
    page, following = measures_page(
        MeasureFilter(wanted.economy, wanted.code, wanted.day, wanted.kind, moment),
        after=after,
        limit=max(1, min(limit, MOST_ROWS)),
    )
    version = version_at(moment)
    return _page(
        version.label if version else "",
        [measure_as_json(measure) for measure in page],
        _cursor_text(moment, following) if following else None,
    )


@router.get(
    "/rulebook/versions",
    operation_id="rulebook_versions",
    summary="The versions that were published, latest first",
    openapi_extra={"responses": {200: _PAGE, 422: _PROBLEM}},
)
@needs(Scope.READ)
def versions_list(request: HttpRequest, cursor: str = "", limit: int = 100) -> HttpResponse:
    """Every version with what it changed and the digest that covers it and all before it."""
    stray = stray_parameter(request, frozenset({"cursor", "limit"}))
    if stray is not None:
        return problem(stray)
    place = _cursor(cursor)
    if isinstance(place, Refusal):
        return problem(place)
    most = max(1, min(limit, MOST_ROWS))
    found = versions(limit=most + 1, before=place[1] or None)
    following = found[most - 1].number if len(found) > most else None
    latest = latest_version()
    return _page(
        latest.label if latest else "",
        [version.as_json() for version in found[:most]],
        _cursor_text(None, following) if following else None,
    )


def _page(version: str, items: list[dict[str, Any]], following: str | None) -> HttpResponse:
    return json_response(orjson.dumps({"rulebook_version": version, "items": items, "next": following}))


def _filter(economy: str, code: str, day: str, kind: str, known_at: str) -> MeasureFilter | Refusal:
    place = known_economy(economy) if economy else ""
    if isinstance(place, Refusal):
        return place.under("economy")
    digits = code.replace(".", "").replace(" ", "")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return Refusal("code_unreadable", "Give the tariff code as up to 14 digits, such as 610910.", where="code")
    if kind and kind not in set(Kind):
        names = ", ".join(Kind)
        return Refusal("kind_unknown", f"There is no kind {kind[:30]!r}; use one of: {names}.", where="kind")
    asked_day = _day(day) if day else None
    if isinstance(asked_day, Refusal):
        return asked_day
    moment = _moment(known_at) if known_at else None
    if isinstance(moment, Refusal):
        return moment
    return MeasureFilter(place, digits, asked_day, kind, moment)


def _day(text: str) -> date | Refusal:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Refusal("date_unreadable", "Give the date as YYYY-MM-DD, such as 2026-06-30.", where="date")


def _moment(text: str) -> datetime | Refusal:
    # A plus sign that was not escaped in the address arrives as a space.
    moment = parse_moment(text.replace(" ", "+") if "T" in text else text)
    if moment is None:
        return Refusal(
            "known_at_unreadable",
            "Give the moment as ISO 8601, such as 2026-06-30T12:00:00Z.",
            where="known_at",
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cursor_text(moment: datetime | None, after: int) -> str:
    text = f"{moment.isoformat() if moment else ''}|{after}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _cursor(text: str) -> tuple[datetime | None, int] | Refusal:
    if not text:
        return None, 0
    unreadable = Refusal("cursor_unreadable", "Send the cursor as `next` of the page before gave it.", where="cursor")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        written, _, after = plain.partition("|")
        number = int(after)
    except (ValueError, binascii.Error):
        return unreadable
    moment = parse_moment(written) if written else None
    if written and (moment is None or moment.tzinfo is None):
        return unreadable
    return moment, min(max(number, 0), 2**62)
