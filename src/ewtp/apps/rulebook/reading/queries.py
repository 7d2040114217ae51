"""Rows into core values: the book behind a question, the measures of a list, the versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection

from ewtp.apps.rulebook.store.models import Version
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Origins, Product, Status
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, Practice, TariffLine, Territory
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ONE_DAY = timedelta(days=1)
# A code is padded to the ten digits in which schemes of origin write theirs.
_ORIGIN_DIGITS = 10
MEASURE_COLUMNS = (
    "measure_id, territory, direction, kind, status, nomenclature, prefix, exclusions, origins, excluded_origins,"
    " lower(validity), upper(validity), family, reference, title, expression, currency, programme, yields_to, base,"
    " minimum, maximum, agency, document, stage, mast_chapter, conditions, additional_code, order_number,"
    " lower(known), upper(known), id"
)
# A span lies within one chapter, where the index leads straight to it, or is one of the few that do not.
_ORIGIN_RULES = """
    SELECT scheme, first, last, classes, text, source, reference, id FROM rulebook_originrule r
    JOIN unnest(%(first)s::text[], %(last)s::text[]) AS asked (low, high)
        ON r.first >= left(low, 2) AND r.first <= high AND r.last >= low
    WHERE scheme = ANY(%(schemes)s) AND left(r.first, 2) = left(r.last, 2) AND known @> %(moment)s::timestamptz
    UNION
    SELECT scheme, first, last, classes, text, source, reference, id FROM rulebook_originrule r
    JOIN unnest(%(first)s::text[], %(last)s::text[]) AS asked (low, high) ON r.first <= high AND r.last >= low
    WHERE scheme = ANY(%(schemes)s) AND left(r.first, 2) <> left(r.last, 2) AND known @> %(moment)s::timestamptz
    ORDER BY scheme, first, last, id
"""


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A published state of the rulebook; ``counts`` is what it changed, by kind of record."""

    number: int
    label: str
    published_at: datetime
    origin: str
    title: str
    digest: str
    counts: dict[str, dict[str, int]]

    def as_json(self) -> dict[str, Any]:
        """The version for lists."""
        return {
            "number": self.number,
            "label": self.label,
            "published_at": self.published_at.isoformat(),
            "origin": self.origin,
            "title": self.title,
            "digest": self.digest,
            "counts": self.counts,
        }


def versions(*, limit: int = 100, before: int | None = None) -> tuple[VersionInfo, ...]:
    """The versions, latest first; ``before`` continues after a page that ended with that number."""
    rows = Version.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return tuple(_version(row) for row in rows[:limit])


def latest_version() -> VersionInfo | None:
    """The version that answers are given from; None while the rulebook is empty."""
    row = Version.objects.order_by("-number").first()
    return _version(row) if row else None


def version_named(name: str) -> VersionInfo | None:
    """The version with that label or number."""
    rows = Version.objects.filter(number=int(name)) if name.isdecimal() else Version.objects.filter(label=name)
    row = rows.first()
    return _version(row) if row else None


def version_at(moment: datetime) -> VersionInfo | None:
    """The version that was the latest at a moment."""
    row = Version.objects.filter(published_at__lte=moment).order_by("-number").first()
    return _version(row) if row else None


def sources_at(moment: datetime) -> dict[str, Source]:
    """Every source by id, in the edition that was known at a moment."""
    rows = fetch(
        "SELECT source_id, title, publisher, published, retrieved, licence, url, carrier FROM rulebook_source"
        " WHERE known @> %s::timestamptz",
        [moment],
    )
    return {row[0]: Source(*row) for row in rows}


def territories_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Territory]:
    """Every territory with its practices, by code."""
    practices: dict[int, list[Practice]] = {}
    for parent, name, value, start, end, source, reference in fetch(
        "SELECT p.territory_id, p.name, p.value, lower(p.validity), upper(p.validity), p.source, p.reference"
        " FROM rulebook_practice p JOIN rulebook_territory t ON t.id = p.territory_id"
        " WHERE t.known @> %s::timestamptz ORDER BY p.territory_id, p.position",
        [moment],
    ):
        practices.setdefault(parent, []).append(Practice(name, value, _period(start, end), sources[source], reference))
    return {
        row[1]: Territory(
            row[1],
            row[2],
            tuple(row[3]),
            row[4],
            row[5],
            row[6],
            row[7],
            tuple(practices.get(row[0], ())),
            sources.get(row[8]),
            tuple((language, name) for language, name in row[9]),
        )
        for row in fetch(
            "SELECT id, code, name, members, currency, nomenclature, hs_edition, digits, schedule, names::json"
            " FROM rulebook_territory WHERE known @> %s::timestamptz ORDER BY code",
            [moment],
        )
    }


def groups_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Group]:
    """Every group with its memberships, by id."""
    members: dict[int, list[Membership]] = {}
    for parent, economy, start, end in fetch(
        "SELECT m.group_id, m.economy, lower(m.validity), upper(m.validity)"
        " FROM rulebook_membership m JOIN rulebook_group g ON g.id = m.group_id"
        " WHERE g.known @> %s::timestamptz ORDER BY m.group_id, m.position",
        [moment],
    ):
        members.setdefault(parent, []).append(Membership(economy, _period(start, end)))
    return {
        row[1]: Group(row[1], row[2], tuple(members.get(row[0], ())), sources[row[3]], *row[4:])
        for row in fetch(
            "SELECT id, group_id, title, source, reference, proof, origin_scheme FROM rulebook_group"
            " WHERE known @> %s::timestamptz ORDER BY group_id",
            [moment],
        )
    }


def prefixes_of(codes: Iterable[str]) -> set[str]:
    """Every prefix of the codes, the empty one and the codes themselves among them."""
    return {code[:length] for code in codes for length in range(len(code) + 1)}


def measures_covering(
    territory: str,
    codes: Sequence[str],
    moment: datetime,
    sources: dict[str, Source],
    prefixes: Iterable[str] | None = None,
) -> list[Measure]:
    """The territory's measures whose prefix leads to one of the codes, or lies below one of them.

    ``prefixes`` narrows the former to those that the caller does not have yet.
    """
    prefixes = sorted(prefixes_of(codes) if prefixes is None else prefixes)
    rows = fetch(
        f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE territory = %s AND prefix = ANY(%s)"  # noqa: S608 - our own names
        f" AND known @> %s::timestamptz UNION ALL SELECT {MEASURE_COLUMNS} FROM rulebook_measure m"
        " JOIN unnest(%s::text[]) AS code ON m.prefix > code AND m.prefix < code || ':'"
        " WHERE territory = %s AND known @> %s::timestamptz",
        [territory, prefixes, moment, sorted(codes), territory, moment],
    )
    return list({row[-1]: measure_of(row, sources) for row in rows}.values())


def lines_around(territory: str, codes: Sequence[str], moment: datetime) -> list[TariffLine]:
    """The territory's lines that lead to one of the codes, or lie below one of them."""
    prefixes = sorted({code[:length] for code in codes for length in range(2, len(code) + 1)})
    columns = "territory, code, lower(validity), upper(validity), units, description, indent, id"
    rows = fetch(
        f"SELECT {columns} FROM rulebook_tariffline l WHERE territory = %s AND code = ANY(%s)"  # noqa: S608 - our own names
        f" AND known @> %s::timestamptz UNION ALL SELECT {columns.replace('code', 'l.code')} FROM rulebook_tariffline l"
        " JOIN unnest(%s::text[]) AS asked ON l.code > asked AND l.code < asked || ':'"
        " WHERE territory = %s AND known @> %s::timestamptz",
        [territory, prefixes, moment, sorted(codes), territory, moment],
    )
    return list({row[-1]: line_of(row) for row in rows}.values())


def origin_rules_covering(
    schemes: Iterable[str],
    codes: Sequence[str],
    moment: datetime,
    sources: dict[str, Source],
) -> list[OriginRule]:
    """The rules of those schemes whose span meets one of the codes."""
    wanted = sorted(set(schemes))
    if not wanted:
        return []
    first = [code.ljust(_ORIGIN_DIGITS, "0")[:_ORIGIN_DIGITS] for code in codes]
    last = [code.ljust(_ORIGIN_DIGITS, "9")[:_ORIGIN_DIGITS] for code in codes]
    return [
        OriginRule(row[0], row[1], row[2], tuple(row[3]), row[4], sources[row[5]], row[6])
        for row in fetch(_ORIGIN_RULES, {"schemes": wanted, "moment": moment, "first": first, "last": last})
    ]


def codes_replaced(codes: Iterable[str], moment: datetime) -> list[CodeReplaced]:
    """What the codes, or the six-digit codes above them, are called in other editions, older and newer."""
    wanted = sorted({code[:length] for code in codes for length in range(6, len(code) + 1)})
    return [
        CodeReplaced(*row)
        for row in fetch(
            "SELECT old_edition, old_code, new_edition, new_code FROM rulebook_codereplaced"
            " WHERE (old_code = ANY(%s) OR new_code = ANY(%s)) AND known @> %s::timestamptz ORDER BY 1, 2, 3, 4",
            [wanted, wanted, moment],
        )
    ]


def coverage_at(moment: datetime) -> dict[str, frozenset[Kind]]:
    """Which kinds of rule there are for each territory; a rule that is only proposed is none."""
    return {
        row[0]: frozenset(Kind(kind) for kind in row[1])
        for row in fetch(
            "SELECT territory, array_agg(DISTINCT kind) FROM rulebook_measure WHERE known @> %s::timestamptz"
            " AND status <> 'proposed' GROUP BY territory",
            [moment],
        )
    }


def schedule_starts_at(moment: datetime) -> dict[str, date]:
    """The first day of the oldest line of each territory."""
    return dict(
        fetch(
            "SELECT territory, min(lower(validity)) FROM rulebook_tariffline WHERE known @> %s::timestamptz"
            " GROUP BY territory",
            [moment],
        ),
    )


def exchange_rates(*, known_at: datetime) -> tuple[ExchangeRate, ...]:
    """Every official rate that the rulebook holds, ordered by source, base, currency and first day."""
    rows = fetch(
        "SELECT source, base, currency, units_per_base, lower(validity), upper(validity) FROM rulebook_exchangerate"
        " WHERE known @> %s::timestamptz ORDER BY source, base, currency, lower(validity)",
        [known_at],
    )
    return tuple(
        ExchangeRate(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4].isoformat(),
            (row[5] - _ONE_DAY).isoformat() if row[5] else "",
        )
        for row in rows
    )


def book_for(codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Book:
    """The book that answers questions about those (territory, code) pairs, read from the database at once.

    It holds the measures, lines and origin rules concerned, and all territories and groups. ``known_at`` None is now.
    """
    version = latest_version() if known_at is None else version_at(known_at)
    if version is None:
        return build_book("", territories=(), groups=(), measures=())
    moment = version.published_at
    asked: dict[str, list[str]] = {}
    for territory, code in codes:
        asked.setdefault(territory, []).append(code)
    sources = sources_at(moment)
    groups = groups_at(moment, sources)
    measures = [m for name, those in asked.items() for m in measures_covering(name, those, moment, sources)]
    every_code = sorted({code for those in asked.values() for code in those})
    return build_book(
        version.label,
        territories=territories_at(moment, sources).values(),
        groups=groups.values(),
        measures=measures,
        lines=[line for name, those in asked.items() for line in lines_around(name, those, moment)],
        origin_rules=origin_rules_covering(schemes_of(measures, groups), every_code, moment, sources),
        replaced=codes_replaced(every_code, moment),
        coverage=coverage_at(moment),
        schedule_starts=schedule_starts_at(moment),
    )


def schemes_of(measures: Iterable[Measure], groups: dict[str, Group]) -> set[str]:
    """The origin schemes of the groups that the measures name."""
    named = {entry for measure in measures for entry in measure.origins.include}
    return {groups[name].origin_scheme for name in named & groups.keys() if groups[name].origin_scheme}


def economy_territories(economy: str, moment: datetime) -> list[str]:
    """The codes of the territories whose law applies in an economy."""
    return [
        code
        for (code,) in fetch(
            "SELECT code FROM rulebook_territory WHERE known @> %s::timestamptz"
            " AND (code = %s OR %s = ANY(members)) ORDER BY code",
            [moment, economy, economy],
        )
    ]


def moment_of(known_at: datetime | None) -> datetime:
    """The moment whose knowledge is asked for; without one, that of the latest version."""
    if known_at is not None:
        return known_at
    version = latest_version()
    return version.published_at if version else datetime.max.replace(tzinfo=UTC)


def fetch(command: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a command."""
    with connection.cursor() as cursor:
        cursor.execute(command, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _version(row: Version) -> VersionInfo:
    return VersionInfo(row.number, row.label, row.published_at, row.origin, row.title, row.digest, row.counts)


def _period(start: date, end: date | None) -> Period:
    return Period(start, end - _ONE_DAY if end else None)


def line_of(row: tuple[Any, ...]) -> TariffLine:
    """The line in a row of territory, code, first day, day after the last, units, description, indent."""
    return TariffLine(row[0], row[1], _period(row[2], row[3]), tuple(row[4]), row[5], row[6])


def measure_of(row: tuple[Any, ...], sources: dict[str, Source]) -> Measure:
    """The measure in a row of ``MEASURE_COLUMNS``, citing its source in the edition given."""
    return Measure(
        id=row[0],
        territory=row[1],
        direction=Direction(row[2]),
        kind=Kind(row[3]),
        status=Status(row[4]),
        product=Product(row[5], row[6], tuple(row[7])),
        origins=Origins(tuple(row[8]), tuple(row[9])),
        validity=_period(row[10], row[11]),
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
        known_from=row[29],
        known_to=row[30],
    )


def _conditions(text: str) -> tuple[Condition, ...]:
    if text == "[]":
        return ()
    return tuple(Condition(c["kind"], c["value"], c["text"]) for c in orjson.loads(text))
