"""The schedules of a version on a day, as they are compared: lines, ordinary duties for every origin, and papers.

Rows are read without their texts and sources, which a comparison does not need, several times as fast as measures.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

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

# A rule that an act put in the place of the law has the same key, and counts in its place. Such rules are few, and to
# look for them among the keys takes less than to sort every row by its key, which spills onto the disk.
_IN_EFFECT = """
    FROM rulebook_measure held
    WHERE kind = %s AND direction = 'import' AND known @> %s::timestamptz AND validity @> %s::date
        AND status <> 'proposed' AND NOT abolishes AND '*' = ANY(origins)
        AND (status = 'adopted' OR NOT EXISTS (SELECT FROM rulebook_measure act WHERE act.key = held.key
            AND act.status = 'adopted' AND act.known @> %s::timestamptz AND act.validity @> %s::date))
"""
_RULE = "SELECT territory, nomenclature, prefix, exclusions"
_DUTIES = f"{_RULE}, expression, currency, conditions::text{_IN_EFFECT}"
_PAPERS = f"{_RULE}, agency, document, mast_chapter, measure_id{_IN_EFFECT}"
_LINES = """
    SELECT territory, string_agg(code, ' ') FROM rulebook_tariffline held
    WHERE known @> %s::timestamptz AND validity @> %s::date AND NOT abolishes
        AND (layer = 'adopted' OR NOT EXISTS (SELECT FROM rulebook_tariffline act WHERE act.key = held.key
            AND act.layer = 'adopted' AND act.known @> %s::timestamptz AND act.validity @> %s::date))
    GROUP BY territory
"""


def schedules_on(version: VersionRef, day: date) -> list[ComparedSchedule]:
    """The schedules in force on ``day`` that are built on a known edition of the Harmonized System.

    Rules in another nomenclature than the schedule's, such as those of an older edition, are left out.
    """
    moment = version.published_at
    territories = territories_at(moment, sources_at(moment))
    compared = {(code, territory.nomenclature) for code, territory in territories.items()}
    known = [moment, day, moment, day]
    lines = {territory: tuple(sorted(codes.split())) for territory, codes in fetch(_LINES, known)}
    duties: dict[str, list[DutyRow]] = defaultdict(list)
    for territory, nomenclature, prefix, exclusions, rate, currency, conditions in fetch(_DUTIES, ["duty", *known]):
        if (territory, nomenclature) in compared:
            duty = DutyRow(prefix, tuple(exclusions), rate, currency, _is_conditional(conditions))
            duties[territory].append(duty)
    papers: dict[str, list[PaperRow]] = defaultdict(list)
    for territory, nomenclature, prefix, exclusions, *rest in fetch(_PAPERS, ["requirement", *known]):
        if (territory, nomenclature) in compared:
            papers[territory].append(PaperRow(prefix, tuple(exclusions), *rest))
    return [
        ComparedSchedule(
            code,
            territory.nomenclature,
            _edition(territory),
            lines[code],
            tuple(sorted(duties[code])),
            tuple(sorted(papers[code])),
            _requirement_classes(territory, day),
        )
        for code, territory in sorted(territories.items())
        if code in lines and _edition(territory) in EDITIONS
    ]


def _edition(territory: Territory) -> str:
    return territory.hs_edition or hs_edition_of(territory.nomenclature)


def _requirement_classes(territory: Territory, day: date) -> frozenset[str]:
    found = territory.practice(PracticeName.REQUIREMENT_CLASSES, day)
    return frozenset(found.value.split()) if found and found.readable else frozenset()


@lru_cache(maxsize=4096)
def _is_conditional(conditions: str) -> bool:
    return any(each["kind"] not in INFORMATIVE for each in orjson.loads(conditions))
