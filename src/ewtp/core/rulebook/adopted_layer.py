"""The adopted layer over the law, for every kind of record that has no status of its own.

Measures carry their status, and meet their law in ``precedence``; the records here are kept apart from the law until
they meet it. Memberships and practices are parts of a group and of a territory, and are composed one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from ewtp.core.rulebook.changeset.changeset import R_co
from ewtp.core.rulebook.changeset.law_record import LawRecord, R, for_period, record_key, record_period
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    Membership,
    OriginRule,
    Territory,
    TerritoryPractice,
    join_group,
    members_of_group,
)
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.values.period import Period


T = TypeVar("T", Service, Procedure)


@immutable
class LayerRecord(Generic[R_co]):
    """A record of the adopted layer: it holds on its days, or ``abolishes`` what the law has under its key then."""

    record: R_co
    abolishes: bool = False


def records_in_effect(law: Iterable[R], adopted: Iterable[LayerRecord[R]]) -> list[R]:
    """Records of law for the days left to them, in the order given, then the adopted ones in theirs."""
    taken: dict[str, list[Period]] = defaultdict(list)
    stated = list(adopted)
    for one in stated:
        taken[record_key(one.record)].append(record_period(one.record))
    found = [part for record in law for part in _parts(record, taken.get(record_key(record), ()))]
    return [*found, *(one.record for one in stated if not one.abolishes)]


def groups_in_effect(groups: Mapping[str, Group], adopted: Iterable[LayerRecord[LawRecord]]) -> dict[str, Group]:
    """Groups by id as they are in effect, those that acts founded included, with their memberships in effect."""
    members: dict[str, list[LayerRecord[GroupMember]]] = defaultdict(list)
    stated: dict[str, list[LayerRecord[Group]]] = defaultdict(list)
    found = dict(groups)
    for one in adopted:
        match one.record:
            case GroupMember() as member:
                members[member.group].append(LayerRecord(member, one.abolishes))
            case Group() as group:
                stated[group.id].append(LayerRecord(group, one.abolishes))
    for group_id, layer in stated.items():
        law = found.pop(group_id, None)
        held = records_in_effect(law.stated if law is not None else (), layer)
        if held:
            found[group_id] = join_group(held, law.members if law is not None else ())
    for group_id in members.keys() & found.keys():
        group = found[group_id]
        belonging = records_in_effect(members_of_group(group), members[group_id])
        found[group_id] = replace(group, members=tuple(Membership(each.economy, each.validity) for each in belonging))
    return found


def origin_rules_in_effect(rules: Iterable[OriginRule], adopted: Iterable[LayerRecord[LawRecord]]) -> list[OriginRule]:
    """Rules of origin as they are in effect; those of the law come first."""
    stated = [LayerRecord(one.record, one.abolishes) for one in adopted if isinstance(one.record, OriginRule)]
    return records_in_effect(rules, stated)


def territories_in_effect(
    territories: Mapping[str, Territory], adopted: Iterable[LayerRecord[LawRecord]]
) -> dict[str, Territory]:
    """Territories by code with their practices in effect."""
    practices: dict[str, list[LayerRecord[TerritoryPractice]]] = defaultdict(list)
    for one in adopted:
        if isinstance(one.record, TerritoryPractice):
            practices[one.record.territory].append(LayerRecord(one.record, one.abolishes))
    found = dict(territories)
    for code in practices.keys() & found.keys():
        held = records_in_effect(practices_of_territory(found[code]), practices[code])
        found[code] = replace(found[code], practices=tuple(each.practice for each in held))
    return found


def services_in_effect(adopted: Iterable[LayerRecord[LawRecord]]) -> dict[str, tuple[Service, ...]]:
    """What agencies promise, by territory; acts alone state it."""
    return _by_territory(one.record for one in adopted if isinstance(one.record, Service) and not one.abolishes)


def procedures_in_effect(adopted: Iterable[LayerRecord[LawRecord]]) -> dict[str, tuple[Procedure, ...]]:
    """Rules of procedure by territory; acts alone state them."""
    return _by_territory(one.record for one in adopted if isinstance(one.record, Procedure) and not one.abolishes)


def _by_territory(records: Iterable[T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for record in records:
        found[record.territory].append(record)
    return {territory: tuple(those) for territory, those in found.items()}


def practices_of_territory(territory: Territory) -> list[TerritoryPractice]:
    """The practices of a territory as records of their own."""
    return [TerritoryPractice(territory.code, practice) for practice in territory.practices]


def _parts(record: R, taken: Sequence[Period]) -> list[R]:
    """The record for the days that are left to it; the record itself where none are taken."""
    periods = [record_period(record)]
    for other in taken:
        periods = [left for period in periods for left in period.without(other)]
    return [record] if periods == [record_period(record)] else [for_period(record, period) for period in periods]
