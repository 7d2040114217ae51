"""The rulebook over HTTP: its measures and its versions, to read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, PAGE_PARAMETERS, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.rulebook.reading.holdings import holdings_now
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_page
from ewtp.apps.rulebook.reading.sentences import CODE_FILTER_UNREADABLE, KIND_UNKNOWN, MOMENT_UNREADABLE
from ewtp.apps.rulebook.reading.version_records import is_territory
from ewtp.apps.rulebook.reading.versions import latest_version, version_at, versions
from ewtp.apps.rulebook.surface.openapi import HOLDING_PARAMETERS, MEASURE_PARAMETERS
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.measure_json import measure_as_json
from ewtp.core.values.moment import parse_moment
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import DATE_UNREADABLE
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionInfo

router = Router(tags=["rulebook"])

_DIGITS = 14


@router.get(
    "/rulebook/measures",
    operation_id="rulebook_measures",
    summary="Measures by economy, code, date, kind and moment of knowledge",
    openapi_extra=operation(
        ref("MeasurePage"), parameters=MEASURE_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def measures(request: HttpRequest) -> HttpResponse:
    """The measures that apply in `economy`, cover `code`, are in force on `date` and are of `kind`.

    All filters are optional. `known_at` asks for the rulebook as it was known then; the pages after the first stay with
    the version that the first was read from.
    """
    asked = QueryReader(request.GET, MEASURE_PARAMETERS)
    wanted = MeasureFilter(
        asked.read("economy", _economy) or "",
        asked.read("code", _code) or "",
        asked.read("date", _day),
        asked.read("kind", _kind) or "",
        asked.read("known_at", _moment),
    )
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    known_at = cursor.moment or wanted.known_at
    version = version_at(known_at) if known_at else latest_version()
    if version is None:
        return _page(None, [], None)
    moment = cursor.moment or version.published_at
    page, following = measures_page(
        MeasureFilter(wanted.economy, wanted.code, wanted.day, wanted.kind, moment), after=cursor.after, limit=limit
    )
    return _page(
        version,
        [measure_as_json(measure) for measure in page],
        Cursor(moment, following) if following else None,
    )


@router.get(
    "/rulebook/versions",
    operation_id="rulebook_versions",
    summary="The versions that were published, latest first",
    openapi_extra=operation(
        ref("VersionPage"), parameters=PAGE_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def versions_list(request: HttpRequest) -> HttpResponse:
    """Every version with what it changed and the digest that covers it and all before it."""
    asked = QueryReader(request.GET, PAGE_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    found = versions(limit=limit + 1, before=cursor.after or None)
    following = Cursor(after=found[limit - 1].number) if len(found) > limit else None
    return _page(latest_version(), [version.as_json() for version in found[:limit]], following)


@router.get(
    "/rulebook/holdings",
    operation_id="rulebook_holdings",
    summary="What is held of each territory today",
    openapi_extra=operation(
        ref("HoldingPage"), parameters=HOLDING_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def holdings_list(request: HttpRequest) -> HttpResponse:
    """The tariff of each territory with its edition and age, its rules in force by kind and source, and its coverage.

    The list is whole; `next` is always null. A territory that the rulebook does not have leaves it empty.
    """
    asked = QueryReader(request.GET, HOLDING_PARAMETERS)
    code = asked.read("territory", str)
    if asked.refusal is not None:
        return problem(asked.refusal)
    _, _, held = holdings_now()
    items = [each.as_json() for each in held.values() if code in (None, each.territory.code)]
    return _page(latest_version(), items, None)


def _page(version: VersionInfo | None, items: list[dict[str, Any]], following: Cursor | None) -> HttpResponse:
    label = version.label if version else ""
    body = {"rulebook_version": label, "items": items, "next": following.text() if following else None}
    return json_response(orjson.dumps(body))


def _economy(text: str) -> str | Refusal:
    """An economy that exists, or a customs union of several that the rulebook has: ``SACU``."""
    code = text.strip().upper()
    if is_territory(code):
        return code
    economy = check_economy(text)
    return economy.under("economy") if isinstance(economy, Refusal) else economy


def _code(text: str) -> str | Refusal:
    digits = text.replace(".", "").replace(" ", "")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return Refusal(CODE_FILTER_UNREADABLE, where="code")
    return digits


def _kind(text: str) -> str | Refusal:
    if text in set(Kind):
        return text
    return Refusal(KIND_UNKNOWN, {"kind": text[:30], "kinds": [*Kind]}, where="kind")


def _day(text: str) -> date | Refusal:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Refusal(DATE_UNREADABLE, where="date")


def _moment(text: str) -> datetime | Refusal:
    # A plus sign that was not escaped in the address arrives as a space.
    moment = parse_moment(text.replace(" ", "+") if "T" in text else text)
    if moment is None:
        return Refusal(
            MOMENT_UNREADABLE,
            where="known_at",
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
