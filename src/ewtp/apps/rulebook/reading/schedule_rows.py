"""The schedules of a version on a day, as they are compared: lines, ordinary duties for every origin, and papers.

Rows are read without their texts and sources, which a comparison does not need, several times as fast as measures.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.rulebook.reading.record_rows import fetch
from ewtp.apps.rulebook.reading.version_records import sources_at, territories_at
from ewtp.core.distances.schedule_contents import ComparedSchedule, DutyRow, PaperRow
from ewtp.core.rulebook.correlation import EDITIONS, hs_edition_of
from ewtp.core.rulebook.measure import INFORMATIVE
from ewtp.core.rulebook.territory import PracticeName

if TYPE_CHECKING:
    from datetime import date

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.rulebook.territory import Territory

# A rule that an act put in the place of the law has the same key, and counts in its place.
_IN_EFFECT = """
    FROM (SELECT DISTINCT ON (key) * FROM rulebook_measure
        WHERE kind = %s AND direction = 'import' AND known @> %s::timestamptz AND validity @> %s::date
            AND status <> 'proposed'
        ORDER BY key, status = 'adopted' DESC) held
    WHERE NOT abolishes
"""
_DUTIES = (
    "SELECT territory, nomenclature, prefix, exclusions, expression, currency, conditions::text"
    f"{_IN_EFFECT} AND '*' = ANY(origins) ORDER BY territory, prefix, measure_id"
)
_PAPERS = (
    "SELECT territory, nomenclature, prefix, exclusions, agency, document, mast_chapter, measure_id"
    f"{_IN_EFFECT} AND '*' = ANY(origins) ORDER BY territory, prefix, measure_id"
)
_LINES = """
    SELECT territory, code FROM (
        SELECT DISTINCT ON (key) territory, code, abolishes FROM rulebook_tariffline
        WHERE known @> %s::timestamptz AND validity @> %s::date ORDER BY key, layer = 'adopted' DESC) held
    WHERE NOT abolishes ORDER BY territory, code
"""


def schedules_on(version: VersionRef, day: date) -> list[ComparedSchedule]:
    """The schedules in force on ``day`` that are built on a known edition of the Harmonized System.

    Rules in another nomenclature than the schedule's, such as those of an older edition, are left out.
    """
    moment = version.published_at
    territories = territories_at(moment, sources_at(moment))
    lines: dict[str, list[str]] = defaultdict(list)
    for territory, code in fetch(_LINES, [moment, day]):
        lines[territory].append(code)
    duties: dict[str, list[DutyRow]] = defaultdict(list)
    for territory, nomenclature, prefix, exclusions, expression, currency, conditions in fetch(
        _DUTIES, ["duty", moment, day]
    ):
        if _is_of_schedule(territories, territory, nomenclature):
            duty = DutyRow(prefix, tuple(exclusions), expression, currency, _is_conditional(conditions))
            duties[territory].append(duty)
    papers: dict[str, list[PaperRow]] = defaultdict(list)
    for territory, nomenclature, *row in fetch(_PAPERS, ["requirement", moment, day]):
        if _is_of_schedule(territories, territory, nomenclature):
            papers[territory].append(_paper(row))
    return [
        ComparedSchedule(
            code,
            territory.nomenclature,
            _edition(territory),
            tuple(lines[code]),
            tuple(duties[code]),
            tuple(papers[code]),
            _requirement_classes(territory, day),
        )
        for code, territory in sorted(territories.items())
        if code in lines and _edition(territory) in EDITIONS
    ]


def _is_of_schedule(territories: dict[str, Territory], code: str, nomenclature: str) -> bool:
    territory = territories.get(code)
    return territory is not None and territory.nomenclature == nomenclature


def _edition(territory: Territory) -> str:
    return territory.hs_edition or hs_edition_of(territory.nomenclature)


def _paper(row: list[Any]) -> PaperRow:
    prefix, exclusions, *rest = row
    return PaperRow(prefix, tuple(exclusions), *rest)


def _requirement_classes(territory: Territory, day: date) -> frozenset[str]:
    found = territory.practice(PracticeName.REQUIREMENT_CLASSES, day)
    return frozenset(found.value.split()) if found and found.readable else frozenset()


@lru_cache(maxsize=4096)
def _is_conditional(conditions: str) -> bool:
    return any(each["kind"] not in INFORMATIVE for each in orjson.loads(conditions))
