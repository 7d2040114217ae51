"""Rows of the rulebook's tables as core values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection

from ewtp.core.rulebook.adopted_layer import LayerRecord, records_in_effect
from ewtp.core.rulebook.citation import Adoption
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Origins, Product, Status
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psycopg import sql

    from ewtp.core.rulebook.citation import Source

_ONE_DAY = timedelta(days=1)
# What a measure states; the columns after these are what the table records of it.
STATED_COLUMNS = (
    "measure_id, territory, direction, kind, status, nomenclature, prefix, exclusions, origins, excluded_origins,"
    " lower(validity), upper(validity), stated_by, reference, title, expression, currency, programme, yields_to, base,"
    " minimum, maximum, agency, document, stage, mast_chapter, conditions, additional_code, order_number,"
    " adopted_from, abolishes"
)
MEASURE_COLUMNS = f"{STATED_COLUMNS}, lower(known)::text, upper(known)::text, id"
LINE_COLUMNS = "territory, code, lower(validity), upper(validity), units, description, indent, layer, abolishes, id"


def fetch(command: str | sql.Composable, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a command."""
    with connection.cursor() as cursor:
        cursor.execute(command, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


# Values that a third of a million rules share are made once: there are a few hundred of each.
@lru_cache(maxsize=4_096)
def period_of(start: date, end: date | None) -> Period:
    """The period from a first day to before another; None means no end."""
    return Period(start, end - _ONE_DAY if end else None)


def lines_in_effect(rows: Iterable[tuple[Any, ...]]) -> list[TariffLine]:
    """The lines in effect in rows of ``LINE_COLUMNS``, which must hold all rows of a line."""
    law: list[TariffLine] = []
    adopted: list[LayerRecord[TariffLine]] = []
    for row in rows:
        line = TariffLine(row[0], row[1], period_of(row[2], row[3]), tuple(row[4]), row[5], row[6])
        if row[7] == "law":
            law.append(line)
        else:
            adopted.append(LayerRecord(line, row[8]))
    return records_in_effect(law, adopted) if adopted else law


def measure_of(row: tuple[Any, ...], sources: dict[str, Source]) -> Measure:
    """The measure in a row of ``MEASURE_COLUMNS``, citing its source in the edition given."""
    return Measure(
        id=row[0],
        territory=row[1],
        direction=Direction(row[2]),
        kind=Kind(row[3]),
        status=Status(row[4]),
        product=Product(row[5], row[6], tuple(row[7])),
        origins=_origins(tuple(row[8]), tuple(row[9])),
        validity=period_of(row[10], row[11]),
        source=sources[row[12]],
        reference=row[13],
        title=row[14],
        expression=row[15],
        currency=row[16],
        programme=row[17],
        yields_to=tuple(row[18]),
        base=row[19],
        minimum=row[20],
        maximum=row[21],
        agency=row[22],
        document=row[23],
        stage=row[24],
        mast_chapter=row[25],
        conditions=_conditions(row[26]),
        additional_code=row[27],
        order_number=row[28],
        known_from=_moment(row[31]),
        known_to=_moment(row[32]),
        adoption=Adoption(row[29], abolishes=row[30]) if row[4] == Status.ADOPTED else None,
    )


@lru_cache(maxsize=4_096)
def _origins(include: tuple[str, ...], exclude: tuple[str, ...]) -> Origins:
    return Origins(include, exclude)


@lru_cache(maxsize=4_096)
def _moment(text: str | None) -> datetime | None:
    """The moment that PostgreSQL wrote; reading text once is quicker than having each row's converted."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


@lru_cache(maxsize=4_096)
def _conditions(text: str) -> tuple[Condition, ...]:
    if text == "[]":
        return ()
    return tuple(Condition(c["kind"], c["value"], c["text"]) for c in orjson.loads(text))
