"""Whether the scope of a record is one that goods can have: its nomenclature, its exclusions, its origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.record_sentences import GROUP_NOT_THERE, ORIGIN_BESIDE_GROUP, UNION_WITH_ITSELF
from ewtp.core.rulebook.changeset.sentences import (
    EXCLUSION_IDLE,
    EXCLUSION_OF_ORIGIN_IDLE,
    MEMBER_IS_GROUP,
    NOMENCLATURE_UNKNOWN,
    ORIGINS_CONTRARY,
    ORIGINS_NONE,
)
from ewtp.core.rulebook.correlation import EDITIONS, edition_order, hs_edition_of
from ewtp.core.rulebook.measure import EVERY_ORIGIN
from ewtp.core.rulebook.territory import PracticeName
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import GroupMember, TerritoryPractice

_LONGEST_SHOWN = 40
# An edition of a nomenclature is published before the year that it is of.
_YEARS_AHEAD = 1
_WITH_OTHERS = frozenset({PracticeName.CUSTOMS_UNION, PracticeName.NAMED_WITH})


def find_unknown_nomenclature(measure: Measure, law: HeldLaw) -> Iterator[Fault]:
    """The fault of a nomenclature that is neither an edition of HS, nor of a schedule that the territory applies.

    Another edition of such a schedule is known if its year is one of HS and not later than the year after the first
    day of the measure. So is what a rule of the law at the same place is written in.
    """
    name = measure.product.nomenclature
    territory = law.book.territories.get(measure.territory)
    if territory is None or name in EDITIONS:
        return
    around = {territory, *(each for member in territory.members for each in law.book.territories_of(member))}
    schedules = {each.nomenclature for each in around} - {""}
    family, year = edition_order(name)
    is_edition = bool(hs_edition_of(name)) and year <= measure.validity.start.year + _YEARS_AHEAD
    if name in schedules or (is_edition and family in {edition_order(each)[0] for each in schedules}):
        return
    rules = law.book.rules.get((measure.territory, measure.product.prefix), ())
    if all(rule.measure.product.nomenclature != name for rule in rules):
        yield Fault(NOMENCLATURE_UNKNOWN, {"record": record_name(measure), "name": name[:_LONGEST_SHOWN]})


def find_idle_exclusions(measure: Measure, law: HeldLaw) -> Iterator[Fault]:
    """The faults of codes that are excluded though the measure would not reach them anyway."""
    out, prefix = measure.product.exclusions, measure.product.prefix
    for code in dict.fromkeys(out):
        wider = any(other != code and code.startswith(other) for other in out)
        if wider or code == prefix or not code.startswith(prefix) or not _is_held(code, measure.territory, law):
            yield Fault(EXCLUSION_IDLE, {"record": record_name(measure), "code": code[:_LONGEST_SHOWN]})


def _is_held(code: str, territory: str, law: HeldLaw) -> bool:
    """Whether some line, or where the territory has no schedule some subheading, is below a code or leads to it."""
    if not (code.isascii() and code.isdigit()):
        return False
    if territory not in law.book.lines:
        return law.is_subheading(code)
    return bool(law.lines_of(territory, code) or law.lines_leading_to(territory, code))


def find_idle_origins(measure: Measure, after: Book) -> Iterator[Fault]:
    """The faults of a measure for goods of no origin, and of excepted origins that it would not be for anyway.

    ``after`` is the book with the change, whose groups have their members.
    """
    origins, name = measure.origins, {"record": record_name(measure)}
    every = EVERY_ORIGIN in origins.include
    if not origins.include or (EVERY_ORIGIN in origins.exclude and not every):
        yield Fault(ORIGINS_NONE, name)
        return
    yield from _find_named_twice(measure, after)
    if not origins.exclude:
        return
    reached = list(_list_stays(origins.include, measure, after))
    out = {each: list(_list_stays((each,), measure, after)) for each in origins.exclude}
    idle = [
        each[:_LONGEST_SHOWN]
        for each, stays in out.items()
        if each not in origins.include
        and _is_known(each, after)
        and not (stays if every else any(_meet(one, other) for one in stays for other in reached))
    ]
    if idle:
        yield Fault(EXCLUSION_OF_ORIGIN_IDLE, {**name, "origins": idle})
    excluded = [stay for stays in out.values() for stay in stays]
    plain = frozenset(origins.include).isdisjoint(origins.exclude)
    if plain and reached and not every and not any(_days_left(stay, excluded) for stay in reached):
        yield Fault(ORIGINS_NONE, name)
        return
    named = (each for each in origins.include if each not in origins.exclude)
    both = [each for each in named if _is_excepted(each, excluded, measure, after)]
    if plain and both:
        yield Fault(ORIGINS_CONTRARY, {**name, "origins": [each[:_LONGEST_SHOWN] for each in both]})


def _is_excepted(name: str, excluded: Iterable[_Stay], measure: Measure, after: Book) -> bool:
    """Whether all the economies that a name means are excepted on all their days."""
    stays = [] if name == EVERY_ORIGIN else list(_list_stays((name,), measure, after))
    return bool(stays) and not any(_days_left(stay, excluded) for stay in stays)


def _find_named_twice(measure: Measure, after: Book) -> Iterator[Fault]:
    """The fault of economies that are named beside a group of which they are members on all the days."""
    include, out = measure.origins.include, measure.origins.exclude
    for field, names in (("include", include), ("exclude", out)):
        groups = [each for each in names if each in after.groups]
        held = list(_list_stays(groups, measure, after))
        idle = [each for each in names if each not in after.groups and _is_excepted(each, held, measure, after)]
        if idle:
            sentence = ORIGIN_BESIDE_GROUP if field == "include" else EXCLUSION_OF_ORIGIN_IDLE
            shown = [each[:_LONGEST_SHOWN] for each in idle]
            yield Fault(sentence, {"record": record_name(measure), "origins": shown})


def _is_known(name: str, after: Book) -> bool:
    """Whether a name of three letters or more is a group or a territory; what is not is another fault."""
    return len(name) == len("ZA") or name in after.groups or name in after.territories


# An economy, and days on which it is of an origin.
_Stay = tuple[str, Period]


def _list_stays(names: Iterable[str], measure: Measure, after: Book) -> Iterator[_Stay]:
    """The economies of which goods are meant by the names, each with its days within those of the measure."""
    for name in names:
        group = after.groups.get(name)
        if group is None:
            yield from ((economy, measure.validity) for economy in {name, *after.members_of(name)})
            continue
        for member in group.memberships:
            days = _common_days(member.validity, measure.validity)
            if days is not None:
                yield from ((economy, days) for economy in {member.economy, *after.members_of(member.economy)})


def _common_days(one: Period, other: Period) -> Period | None:
    if not one.overlaps(other):
        return None
    ends = [each for each in (one.end, other.end) if each is not None]
    return Period(max(one.start, other.start), min(ends, default=None))


def _meet(one: _Stay, other: _Stay) -> bool:
    return one[0] == other[0] and one[1].overlaps(other[1])


def _days_left(stay: _Stay, excluded: Iterable[_Stay]) -> list[Period]:
    """The days of a stay on which its economy is not excluded."""
    left = [stay[1]]
    for economy, days in excluded:
        if economy == stay[0]:
            left = [piece for each in left for piece in each.without(days)]
    return left


def find_union_with_itself(record: TerritoryPractice) -> Iterator[Fault]:
    """The fault of a territory that names itself as another: in a union with it, or covered by its name."""
    practice = record.practice
    if practice.name in _WITH_OTHERS and record.territory in practice.value.split():
        yield Fault(UNION_WITH_ITSELF, {"record": record_name(record), "territory": record.territory})


def find_missing_group_days(record: GroupMember, after: Book) -> Iterator[Fault]:
    """The fault of a membership on days on which the group does not exist."""
    group = after.groups.get(record.group)
    if group is not None and not any(each.validity.overlaps(record.validity) for each in group.stated):
        yield Fault(GROUP_NOT_THERE, {"record": record_name(record)})


def find_group_as_member(record: GroupMember, groups: Collection[str]) -> Iterator[Fault]:
    """The fault of a membership of a group in a group, in itself or in a circle: only economies are counted."""
    if record.economy in groups:
        shown = {"group": record.group[:_LONGEST_SHOWN], "member": record.economy[:_LONGEST_SHOWN]}
        yield Fault(MEMBER_IS_GROUP, shown)
