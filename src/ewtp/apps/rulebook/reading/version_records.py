"""Records of a version beside its measures and lines, such as sources, territories, groups and rules of origin."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.record_rows import fetch, period_of
from ewtp.core.rulebook.adopted_layer import (
    LayerRecord,
    groups_in_effect,
    origin_rules_in_effect,
    procedures_in_effect,
    services_in_effect,
    territories_in_effect,
)
from ewtp.core.rulebook.changeset.law_record import LawRecord, for_period
from ewtp.core.rulebook.changeset.law_record_json import law_record_from_json
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.origin_class import OPEN
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, Practice, Territory
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.service import Procedure, Service

_ONE_DAY = timedelta(days=1)
# A code is padded to the ten digits in which schemes of origin write theirs.
_ORIGIN_DIGITS = 10
# A span is within one chapter, where the index leads straight to it, or is one of the few that do not.
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


def sources_at(moment: datetime) -> dict[str, Source]:
    """Every source by id, in the edition that was known at a moment."""
    rows = fetch(
        "SELECT source_id, title, publisher, published, retrieved, licence, url, carrier FROM rulebook_source"
        " WHERE known @> %s::timestamptz",
        [moment],
    )
    return {row[0]: Source(*row) for row in rows}


def source_version(source: str) -> int | None:
    """The number of the version that stated a source in its current edition; None where the rulebook has none of it."""
    rows = fetch("SELECT version FROM rulebook_source WHERE source_id = %s AND upper_inf(known)", [source])
    return rows[0][0] if rows else None


def first_membership_day(source: str) -> date | None:
    """The first day on which anybody is a member of a group that a source states now; None where it states none."""
    rows = fetch(
        "SELECT min(lower(m.validity)) FROM rulebook_membership m JOIN rulebook_group g ON g.id = m.group_id"
        " WHERE g.source = %s AND upper_inf(g.known)",
        [source],
    )
    first: date | None = rows[0][0]
    return first


def acts_at(moment: datetime, territory: str = "") -> list[str]:
    """The sources of the acts of which something is in effect; those of one territory where it is not empty."""
    rows = fetch(
        "SELECT source FROM rulebook_adoption a WHERE (%(territory)s = '' OR territory = %(territory)s) AND source IN ("
        " SELECT stated_by FROM rulebook_measure WHERE status = 'adopted' AND known @> %(moment)s::timestamptz UNION"
        " SELECT stated_by FROM rulebook_tariffline WHERE layer = 'adopted' AND known @> %(moment)s::timestamptz UNION"
        " SELECT stated_by FROM rulebook_adoptedrecord WHERE known @> %(moment)s::timestamptz) ORDER BY version",
        {"territory": territory, "moment": moment},
    )
    return [source for (source,) in rows]


def read_adopted_at(moment: datetime) -> list[LayerRecord[LawRecord]]:
    """What acts state of memberships, practices, and other records that have no table with layers."""
    found = []
    for body, start, end, abolishes in fetch(
        "SELECT content::json, lower(validity), upper(validity), abolishes FROM rulebook_adoptedrecord"
        " WHERE known @> %s::timestamptz ORDER BY kind, lower(validity), id",
        [moment],
    ):
        record = law_record_from_json(body)
        if isinstance(record, Refusal):
            msg = f"a stored {body['record']} cannot be read: {record.message}"
            raise TypeError(msg)
        found.append(LayerRecord(for_period(record, period_of(start, end)), abolishes))
    return found


def read_adopted_origin_rules(moment: datetime) -> list[LayerRecord[OriginRule]]:
    """What acts state of rules of origin."""
    return [
        LayerRecord(one.record, one.abolishes) for one in read_adopted_at(moment) if isinstance(one.record, OriginRule)
    ]


def territories_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Territory]:
    """Every territory with its practices in effect, by code."""
    return territories_in_effect(law_territories_at(moment, sources), read_adopted_at(moment))


def groups_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Group]:
    """Every group with its memberships in effect, by id."""
    return groups_in_effect(law_groups_at(moment, sources), read_adopted_at(moment))


def services_at(moment: datetime) -> dict[str, tuple[Service, ...]]:
    """The times in which agencies promise to answer, by territory."""
    return services_in_effect(read_adopted_at(moment))


def procedures_at(moment: datetime) -> dict[str, tuple[Procedure, ...]]:
    """Rules of procedure, by territory."""
    return procedures_in_effect(read_adopted_at(moment))


def law_territories_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Territory]:
    """Every territory with its practices as the law has them, by code."""
    practices: dict[int, list[Practice]] = {}
    for parent, name, value, start, end, source, reference in fetch(
        "SELECT p.territory_id, p.name, p.value, lower(p.validity), upper(p.validity), p.source, p.reference"
        " FROM rulebook_practice p JOIN rulebook_territory t ON t.id = p.territory_id"
        " WHERE t.known @> %s::timestamptz ORDER BY p.territory_id, p.position",
        [moment],
    ):
        practices.setdefault(parent, []).append(
            Practice(name, value, period_of(start, end), sources[source], reference)
        )
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


def law_groups_at(moment: datetime, sources: dict[str, Source]) -> dict[str, Group]:
    """Every group with its memberships as the law has them, by id."""
    members: dict[int, list[Membership]] = {}
    for parent, economy, start, end in fetch(
        "SELECT m.group_id, m.economy, lower(m.validity), upper(m.validity)"
        " FROM rulebook_membership m JOIN rulebook_group g ON g.id = m.group_id"
        " WHERE g.known @> %s::timestamptz ORDER BY m.group_id, m.position",
        [moment],
    ):
        members.setdefault(parent, []).append(Membership(economy, period_of(start, end)))
    return {
        row[1]: Group(row[1], row[2], tuple(members.get(row[0], ())), sources[row[3]], *row[4:])
        for row in fetch(
            "SELECT id, group_id, title, source, reference, proof, origin_scheme FROM rulebook_group"
            " WHERE known @> %s::timestamptz ORDER BY group_id",
            [moment],
        )
    }


def origin_rules_covering(
    schemes: Iterable[str],
    codes: Sequence[str],
    moment: datetime,
    sources: dict[str, Source],
    adopted: Iterable[LayerRecord[OriginRule]],
) -> list[OriginRule]:
    """The rules of those schemes whose span meets one of the codes; ``adopted`` is all that acts state of such."""
    wanted = sorted(set(schemes))
    if not wanted:
        return []
    first = [code.ljust(_ORIGIN_DIGITS, "0")[:_ORIGIN_DIGITS] for code in codes]
    last = [code.ljust(_ORIGIN_DIGITS, "9")[:_ORIGIN_DIGITS] for code in codes]
    return _origin_rules_meeting(wanted, list(zip(first, last, strict=True)), moment, sources, adopted)


def origin_rules_not_agreed(
    moment: datetime, sources: dict[str, Source], adopted: Sequence[LayerRecord[OriginRule]]
) -> list[OriginRule]:
    """The rules that parties have agreed not yet, and those of the same schemes whose spans meet one of these."""
    rows = fetch(
        "SELECT scheme, first, last FROM rulebook_originrule"
        " WHERE %(open)s = ANY(classes) AND known @> %(moment)s::timestamptz ORDER BY scheme, first, last",
        {"open": OPEN, "moment": moment},
    )
    spans: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for scheme, first, last in rows:
        spans[scheme].add((first, last))
    for one in adopted:
        if OPEN in one.record.classes:
            spans[one.record.scheme].add((one.record.first, one.record.last))
    return [
        rule
        for scheme, own in sorted(spans.items())
        for rule in _origin_rules_meeting([scheme], sorted(own), moment, sources, adopted)
    ]


def _origin_rules_meeting(
    wanted: Sequence[str],
    spans: Sequence[tuple[str, str]],
    moment: datetime,
    sources: dict[str, Source],
    adopted: Iterable[LayerRecord[OriginRule]],
) -> list[OriginRule]:
    first, last = [low for low, _ in spans], [high for _, high in spans]
    law = [
        OriginRule(row[0], row[1], row[2], tuple(row[3]), row[4], sources[row[5]], row[6])
        for row in fetch(_ORIGIN_RULES, {"schemes": wanted, "moment": moment, "first": first, "last": last})
    ]
    stated = [
        one
        for one in adopted
        if one.record.scheme in wanted
        and any(one.record.first <= high and one.record.last >= low for low, high in spans)
    ]
    return origin_rules_in_effect(law, stated)


def codes_replaced(codes: Iterable[str], moment: datetime) -> list[CodeReplaced]:
    """The equivalents of the codes, or of the six-digit codes above them, in other editions, older and newer."""
    wanted = sorted({code[:length] for code in codes for length in range(6, len(code) + 1)})
    return [
        CodeReplaced(*row)
        for row in fetch(
            "SELECT old_edition, old_code, new_edition, new_code FROM rulebook_codereplaced"
            " WHERE (old_code = ANY(%s) OR new_code = ANY(%s)) AND known @> %s::timestamptz ORDER BY 1, 2, 3, 4",
            [wanted, wanted, moment],
        )
    ]


def all_codes_replaced(moment: datetime) -> list[CodeReplaced]:
    """The equivalents of every code in other editions, older and newer."""
    return [
        CodeReplaced(*row)
        for row in fetch(
            "SELECT old_edition, old_code, new_edition, new_code FROM rulebook_codereplaced"
            " WHERE known @> %s::timestamptz ORDER BY 1, 2, 3, 4",
            [moment],
        )
    ]


def coverage_at(moment: datetime) -> dict[str, frozenset[Kind]]:
    """Which kinds of rule there are for each territory; a rule that is only proposed is none."""
    return {
        row[0]: frozenset(Kind(kind) for kind in row[1])
        for row in fetch(
            "SELECT territory, array_agg(DISTINCT kind) FROM rulebook_measure WHERE known @> %s::timestamptz"
            " AND status <> 'proposed' AND NOT abolishes GROUP BY territory",
            [moment],
        )
    }


def schedule_starts_at(moment: datetime) -> dict[str, date]:
    """The first day of the oldest line of each territory."""
    return dict(
        fetch(
            "SELECT territory, min(lower(validity)) FROM rulebook_tariffline WHERE known @> %s::timestamptz"
            " AND NOT abolishes GROUP BY territory",
            [moment],
        ),
    )


def exchange_rates_at(moment: datetime) -> tuple[ExchangeRate, ...]:
    """Every official rate that the rulebook holds, ordered by source, base, currency and first day."""
    rows = fetch(
        "SELECT source, base, currency, units_per_base, lower(validity), upper(validity) FROM rulebook_exchangerate"
        " WHERE known @> %s::timestamptz ORDER BY source, base, currency, lower(validity)",
        [moment],
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


def schemes_of(measures: Iterable[Measure], groups: Mapping[str, Group]) -> set[str]:
    """The origin schemes of the groups that the measures name."""
    named = {entry for measure in measures for entry in measure.origins.include}
    found = {each.origin_scheme for name in named & groups.keys() for each in groups[name].stated}
    return found - {""}


def is_territory(code: str) -> bool:
    """Whether the rulebook has, or ever had, a territory of this code, such as a customs union of several economies."""
    return bool(list(fetch("SELECT 1 FROM rulebook_territory WHERE code = %s LIMIT 1", [code])))


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
