"""A book's groups, territories, lines and rules of origin with a changeset applied to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.diff import apply_unchecked
from ewtp.core.rulebook.changeset.law_record import LawRecord, R, place_of, record_key
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    Membership,
    OriginRule,
    TariffLine,
    TerritoryPractice,
    join_group,
    members_of_group,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.changeset import Changeset


def book_after(book: Book, changes: Changeset[LawRecord]) -> Book:
    """The book with the changes of all records but measures; itself where there are none.

    A membership of a group and a practice of a territory that the book does not have are left out. The first days of
    schedules are those of the lines that the book has.
    """
    others = changes.others
    if not others:
        return book
    named = others.records
    keys = {record_key(record) for record in named}
    # What the book holds of these matters, and what it holds beside them in the same groups, territories and schemes.
    about: dict[Any, LawRecord] = {}
    beside: list[LawRecord] = []
    for record in _records_around(book, named):
        if record_key(record) in keys:
            about[place_of(record)] = record
        else:
            beside.append(record)
    return _with_records(book, named, (*beside, *apply_unchecked(others, about.values())))


def _records_around(book: Book, named: Iterable[LawRecord]) -> Iterator[LawRecord]:
    for group in sorted({_container(record) for record in named if isinstance(record, Group | GroupMember)}):
        if group in book.groups:
            yield from book.groups[group].stated
            yield from members_of_group(book.groups[group])
    for code in sorted({record.territory for record in named if isinstance(record, TerritoryPractice)}):
        territory = book.territories.get(code)
        yield from (TerritoryPractice(code, practice) for practice in (territory.practices if territory else ()))
    for code in sorted({record.territory for record in named if isinstance(record, TariffLine)}):
        yield from book.lines.get(code, ())
    for code in sorted({record.territory for record in named if isinstance(record, Service)}):
        yield from book.services.get(code, ())
    for code in sorted({record.territory for record in named if isinstance(record, Procedure)}):
        yield from book.procedures.get(code, ())
    for scheme in sorted({record.scheme for record in named if isinstance(record, OriginRule)}):
        yield from book.origin_rules_by_scheme.get(scheme, ())


def _container(record: Group | GroupMember) -> str:
    return record.id if isinstance(record, Group) else record.group


def _with_records(book: Book, named: Iterable[LawRecord], records: Iterable[LawRecord]) -> Book:
    """The book with these records instead of all that it holds in the containers of those named."""
    held: dict[type[LawRecord], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        held[type(record)][_place(record)].append(record)
    touched: dict[type[LawRecord], set[str]] = defaultdict(set)
    for record in named:
        touched[type(record)].add(_place(record))
    groups = dict(book.groups)
    for name in touched[Group] | touched[GroupMember]:
        found = held[Group].get(name)
        if not found:
            groups.pop(name, None)
            continue
        members = (Membership(member.economy, member.validity) for member in held[GroupMember].get(name, ()))
        groups[name] = join_group(found, members)
    territories = dict(book.territories)
    for code in touched[TerritoryPractice] & territories.keys():
        practices = tuple(record.practice for record in held[TerritoryPractice].get(code, ()))
        territories[code] = replace(territories[code], practices=practices)
    lines, starts = dict(book.lines), dict(book.schedule_starts)
    for code in touched[TariffLine]:
        lines[code] = tuple(sorted(held[TariffLine].get(code, ()), key=lambda line: (line.code, line.validity.start)))
        starts.pop(code, None)
        if lines[code]:
            starts[code] = min(line.validity.start for line in lines[code])
    # What was remembered of economies and days may be another thing now.
    return replace(
        book,
        groups=groups,
        territories=territories,
        lines={code: found for code, found in lines.items() if found},
        origin_rules_by_scheme=_replace_places(book.origin_rules_by_scheme, touched[OriginRule], held[OriginRule]),
        schedule_starts=starts,
        services=_replace_places(book.services, touched[Service], held[Service]),
        procedures=_replace_places(book.procedures, touched[Procedure], held[Procedure]),
        derived={},
        _groups_of={},
        _territories_of={},
    )


def _replace_places(
    before: Mapping[str, tuple[R, ...]], touched: set[str], after: Mapping[str, list[R]]
) -> dict[str, tuple[R, ...]]:
    """Records by place, with those of the places touched as they are after the change."""
    untouched = {place: records for place, records in before.items() if place not in touched}
    return untouched | {place: tuple(after[place]) for place in sorted(touched) if after.get(place)}


def _place(record: LawRecord) -> str:
    match record:
        case Group() | GroupMember():
            return _container(record)
        case OriginRule():
            return record.scheme
    return record.territory
