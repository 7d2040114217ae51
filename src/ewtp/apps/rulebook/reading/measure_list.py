"""Lists from the rulebook: measures by page or in a stream, lines of a territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from ewtp.apps.rulebook.reading.record_rows import LINE_COLUMNS, MEASURE_COLUMNS, fetch, lines_in_effect, measure_of
from ewtp.apps.rulebook.reading.version_records import economy_territories, sources_at
from ewtp.apps.rulebook.reading.versions import moment_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure

from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import OriginRule, TariffLine


@dataclass(frozen=True, slots=True)
class MeasureFilter:
    """The filter of a list of measures; empty fields do not narrow.

    ``code`` keeps the measures that cover that code; ``economy`` those of its territory and its union's; ``direction``
    is ``"import"`` or ``"export"``.
    """

    economy: str = ""
    code: str = ""
    day: date | None = None
    kind: str = ""
    known_at: datetime | None = None
    territory: str = ""
    direction: str = ""


def measures_page(wanted: MeasureFilter, *, after: int = 0, limit: int = 100) -> tuple[tuple[Measure, ...], int | None]:
    """A page of measures in the order in which they were recorded, and where the next page starts (None: nowhere)."""
    where, values = _where(wanted)
    rows = list(
        fetch(
            f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE id > %s AND {where} ORDER BY id LIMIT %s",  # noqa: S608 - built from our own clauses
            [after, *values, limit + 1],
        ),
    )
    sources = sources_at(moment_of(wanted.known_at)) if rows else {}
    page = rows[:limit]
    return tuple(measure_of(row, sources) for row in page), page[-1][-1] if len(rows) > limit else None


def measures_known(wanted: MeasureFilter) -> Iterator[Measure]:
    """Every measure that the filter keeps, streamed."""
    where, values = _where(wanted)
    sources = sources_at(moment_of(wanted.known_at))
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE {where} ORDER BY id", values)  # noqa: S608 - built from our own clauses
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield measure_of(row, sources)


def names_in_measures(wanted: MeasureFilter) -> tuple[set[str], set[str]]:
    """The origins, economies and groups, that the measures kept name, and the ids of the sources that they cite."""
    where, values = _where(wanted)
    origins = fetch(
        f"SELECT DISTINCT unnest(origins || excluded_origins) FROM rulebook_measure WHERE {where}",  # noqa: S608 - built from our own clauses
        values,
    )
    sources = fetch(f"SELECT DISTINCT stated_by FROM rulebook_measure WHERE {where}", values)  # noqa: S608 - likewise
    return {name for (name,) in origins}, {name for (name,) in sources}


def programmes_of_duties(territories: Collection[str], moment: datetime) -> frozenset[tuple[str, str]]:
    """The programmes of the additional duties of territories that are known at a moment, each with its territory."""
    rows = fetch(
        "SELECT DISTINCT territory, programme FROM rulebook_measure"
        " WHERE territory = ANY(%s) AND kind = %s AND known @> %s::timestamptz",
        [sorted(territories), Kind.ADDITIONAL_DUTY.value, moment],
    )
    return frozenset((territory, programme) for territory, programme in rows)


def papers_known(moment: datetime) -> dict[str, tuple[str, str, str]]:
    """The territory, agency and document of every requirement known at a moment, by id.

    Only these columns are read, since a rulebook has many thousand requirements.
    """
    rows = fetch(
        "SELECT measure_id, territory, agency, document FROM rulebook_measure"
        " WHERE kind = %s AND known @> %s::timestamptz ORDER BY id",
        [Kind.REQUIREMENT.value, moment],
    )
    return {name: (territory, agency, document) for name, territory, agency, document in rows}


def measures_named(ids: Collection[str], moment: datetime) -> dict[str, Measure]:
    """The measures of these ids as they are known at a moment, by id; of several states of one id, the latest."""
    sources = sources_at(moment)
    rows = fetch(
        f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure"  # noqa: S608 - our own names
        " WHERE measure_id = ANY(%s) AND known @> %s::timestamptz ORDER BY lower(validity)",
        [sorted(ids), moment],
    )
    return {measure.id: measure for measure in (measure_of(row, sources) for row in rows)}


def measures_reaching(
    places: Collection[tuple[str, str, str]], moment: datetime
) -> dict[tuple[str, str, str], list[Measure]]:
    """The measures known at a moment that may reach a product, by (territory, kind, code of the product).

    Those of shorter and of longer codes are among them, of any days, and of any status.
    """
    columns = ", ".join(f"m.{name.strip()}" if "(" not in name else name for name in MEASURE_COLUMNS.split(","))
    columns = columns.replace("lower(", "lower(m.").replace("upper(", "upper(m.")
    asked = sorted(places)
    rows = fetch(
        f"SELECT {columns}, a.ordinality FROM"  # noqa: S608 - our own names
        " unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS a (territory, kind, code, ordinality)"
        " JOIN rulebook_measure m ON m.territory = a.territory AND m.kind = a.kind AND (m.prefix = ANY(ARRAY("
        " SELECT left(a.code, digits) FROM generate_series(0, length(a.code)) AS digits))"
        " OR (m.prefix > a.code AND m.prefix < a.code || ':'))"
        " WHERE m.known @> %s::timestamptz ORDER BY m.id",
        [[each[place] for each in asked] for place in range(3)] + [moment],
    )
    sources = sources_at(moment) if rows else {}
    found: dict[tuple[str, str, str], list[Measure]] = {place: [] for place in asked}
    for row in rows:
        found[asked[row[-1] - 1]].append(measure_of(row, sources))
    return found


def lines_known(territory: str, moment: datetime) -> list[TariffLine]:
    """Every line of a territory known at a moment, or of all where it is empty."""
    return lines_in_effect(
        fetch(
            f"SELECT {LINE_COLUMNS} FROM rulebook_tariffline WHERE known @> %s::timestamptz"  # noqa: S608 - our own names
            " AND (%s = '' OR territory = %s) ORDER BY territory, code, lower(validity)",
            [moment, territory, territory],
        )
    )


def origin_rules_known(moment: datetime, sources: dict[str, Source]) -> list[OriginRule]:
    """Every rule of origin known at a moment."""
    return [
        OriginRule(row[0], row[1], row[2], tuple(row[3]), row[4], sources[row[5]], row[6])
        for row in fetch(
            "SELECT scheme, first, last, classes, text, source, reference FROM rulebook_originrule"
            " WHERE known @> %s::timestamptz ORDER BY scheme, first, last, id",
            [moment],
        )
    ]


def find_replaced(moment: datetime) -> list[CodeReplaced]:
    """Every correlation of codes known at a moment."""
    return [
        CodeReplaced(*row)
        for row in fetch(
            "SELECT old_edition, old_code, new_edition, new_code FROM rulebook_codereplaced"
            " WHERE known @> %s::timestamptz ORDER BY 1, 2, 3, 4",
            [moment],
        )
    ]


def source_counts() -> list[dict[str, Any]]:
    """Every source in its current edition with the number of measures known from it, ordered by id."""
    return [
        {
            "id": row[0],
            "title": row[1],
            "publisher": row[2],
            "published": row[3].isoformat() if row[3] else None,
            "retrieved": row[4].isoformat(),
            "url": row[5],
            "measures": row[6],
        }
        for row in fetch(
            "SELECT s.source_id, s.title, s.publisher, s.published, s.retrieved, s.url, count(m.id)"
            " FROM rulebook_source s LEFT JOIN rulebook_measure m ON m.stated_by = s.source_id AND upper_inf(m.known)"
            " WHERE upper_inf(s.known) GROUP BY s.id ORDER BY s.source_id",
            [],
        )
    ]


def _where(wanted: MeasureFilter) -> tuple[str, list[Any]]:
    moment = moment_of(wanted.known_at)
    clauses: list[tuple[str, list[Any]]] = [("known @> %s::timestamptz", [moment])]
    if wanted.territory:
        clauses.append(("territory = %s", [wanted.territory]))
    if wanted.economy:
        codes = economy_territories(wanted.economy, moment)
        clauses.append(("territory = ANY(%s)", [[*codes, wanted.economy]]))
    if wanted.code:
        prefixes = [wanted.code[:length] for length in range(len(wanted.code) + 1)]
        clauses.append(
            (
                "prefix = ANY(%s) AND NOT EXISTS (SELECT FROM unnest(exclusions) AS out WHERE starts_with(%s, out))",
                [prefixes, wanted.code],
            ),
        )
    if wanted.day:
        clauses.append(("validity @> %s::date", [wanted.day]))
    if wanted.kind:
        clauses.append(("kind = %s", [wanted.kind]))
    if wanted.direction:
        clauses.append(("direction = %s", [wanted.direction]))
    return " AND ".join(text for text, _ in clauses), [value for _, values in clauses for value in values]


def codes_below(territory: str, prefix: str, day: date, moment: datetime, most: int) -> tuple[str, ...]:
    """At most this many codes of a territory's lines on a day that begin with ``prefix``, spread evenly over all."""
    rows = fetch(
        "SELECT DISTINCT code FROM rulebook_tariffline WHERE known @> %s::timestamptz AND validity @> %s::date"
        " AND territory = %s AND left(code, %s) = %s AND NOT abolishes ORDER BY code",
        [moment, day, territory, len(prefix), prefix],
    )
    codes = [code for (code,) in rows]
    if len(codes) <= most:
        return tuple(codes)
    return tuple(codes[place * len(codes) // most] for place in range(most))
