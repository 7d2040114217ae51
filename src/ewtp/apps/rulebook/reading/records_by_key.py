"""The records in effect under the keys that a change is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading import place_records
from ewtp.apps.rulebook.reading.measure_list import origin_rules_known
from ewtp.apps.rulebook.reading.version_records import (
    groups_at,
    procedures_at,
    read_adopted_at,
    services_at,
    sources_at,
    territories_at,
)
from ewtp.core.rulebook.adopted_layer import origin_rules_in_effect, practices_of_territory
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.changeset.law_record import LawRecord, record_key
from ewtp.core.rulebook.changeset.overlay import places_of
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    OriginRule,
    TariffLine,
    TerritoryPractice,
    members_of_group,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.citation import Source


# The kinds of record that are read whole, since there are few of them.
_KEPT_BESIDE = (GroupMember, Group, TerritoryPractice, OriginRule, Service, Procedure)


def records_held(changeset: Changeset[LawRecord], moment: datetime) -> list[LawRecord]:
    """Every record in effect, as known at a moment, under a key that the change ends, amends or adds to.

    Memberships cite what their group cites.
    """
    sources = sources_at(moment)
    places = sorted(places_of(changeset.measures))
    held: list[LawRecord] = [*measures_in_effect(place_records.measures_at(places, (), moment, sources))]
    others: dict[str, LawRecord] = {record_key(record): record for record in _name_records(changeset)}
    lines = [(r.territory, r.code) for r in others.values() if isinstance(r, TariffLine)]
    if lines:
        held += [line for line in place_records.lines_covering(lines, moment) if record_key(line) in others]
    if any(isinstance(record, _KEPT_BESIDE) for record in others.values()):
        held += [record for record in _law_without_dates(moment, sources) if record_key(record) in others]
    return held


def _name_records(changeset: Changeset[LawRecord]) -> list[LawRecord]:
    return [*(end.record for end in ends_of(changeset)), *find_added_records(changeset)]


def _law_without_dates(moment: datetime, sources: dict[str, Source]) -> list[LawRecord]:
    """Groups, memberships, practices, rules of origin and promises in effect; one rule of origin for each span."""
    groups, territories = groups_at(moment, sources).values(), territories_at(moment, sources).values()
    spans = {record_key(rule): rule for rule in origin_rules_known(moment, sources)}
    return [
        *(stated for group in groups for stated in group.stated),
        *(member for group in groups for member in members_of_group(group)),
        *(practice for territory in territories for practice in practices_of_territory(territory)),
        *origin_rules_in_effect(spans.values(), read_adopted_at(moment)),
        *(service for services in services_at(moment).values() for service in services),
        *(rule for rules in procedures_at(moment).values() for rule in rules),
    ]
