"""The records of law that a change can be about, and what all of them have: a kind, a key, a period and a content."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from ewtp.core.rulebook.changeset.canonical_values import (
    canonical_condition,
    canonical_figure,
    canonical_practice,
    canonical_rate,
    canonical_sum,
)
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Measure, Origins, Product
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, OriginRule, Practice, TariffLine, TerritoryPractice

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.values.period import Period

LawRecord = Measure | TariffLine | Group | GroupMember | TerritoryPractice | OriginRule | Service | Procedure
# The key of a record and its first day.
KeyDay = tuple[str, "date"]
R = TypeVar("R", bound=LawRecord)


def record_kind(record: LawRecord) -> str:
    """The kind of record, as ``record`` names it in JSON."""
    match record:
        case Measure():
            return "measure"
        case TariffLine():
            return "line"
        case Group():
            return "group"
        case GroupMember():
            return "membership"
        case TerritoryPractice():
            return "practice"
        case OriginRule():
            return "origin_rule"
        case Service():
            return "service"
        case Procedure():
            return "procedure"


def record_key(record: LawRecord) -> str:
    """The identity that records on the same matter share; for one key, one record holds on a day."""
    if isinstance(record, Measure):
        return record.key
    return "|".join((record_kind(record), *_key_parts(record)))


def _key_parts(record: LawRecord) -> tuple[str, ...]:
    match record:
        case Measure():
            return (record.key,)
        case TariffLine():
            return (record.territory, record.code)
        case Group():
            return (record.id,)
        case GroupMember():
            return (record.group, record.economy)
        case TerritoryPractice():
            return (record.territory, record.practice.name)
        case OriginRule():
            return (record.scheme, record.first, record.last)
        case Service():
            return (record.territory, record.agency, record.document)
        case Procedure():
            return (record.territory, record.name)


def record_name(record: LawRecord) -> str:
    """The record in a few words for a message: a measure's id, the key of any other."""
    return record.id if isinstance(record, Measure) else record_key(record).replace("|", " ")


def record_period(record: LawRecord) -> Period:
    """The days on which the record holds."""
    return record.validity


def place_of(record: LawRecord) -> KeyDay:
    """The key and the first day, by which a record is identified."""
    return record_key(record), record_period(record).start


def for_period(record: R, period: Period) -> R:
    """The record for other days."""
    if isinstance(record, TerritoryPractice):
        return replace(record, practice=replace(record.practice, validity=period))
    return replace(record, validity=period)


def same_law(one: LawRecord, other: LawRecord) -> bool:
    """Whether two records agree in their content and their days."""
    return record_period(one) == record_period(other) and same_content(one, other)


def same_content(one: LawRecord, other: LawRecord) -> bool:
    """Whether two records of one kind agree in everything but their days and what they are filed under."""
    return type(one) is type(other) and all(same_field(one, other, name) for name in content_fields(one))


def same_field(one: LawRecord, other: LawRecord, name: str) -> bool:
    """Whether two records of one kind state the same in a field, however they write it."""
    # What is written alike need not be read, which is nearly everything.
    if read_field(one, name) == read_field(other, name):
        return True
    return name in _WRITTEN_VARIOUSLY and _canonical_field(one, name) == _canonical_field(other, name)


def _canonical_field(record: LawRecord, name: str) -> Any:
    match record, name:
        case Measure(), "expression":
            return canonical_rate(record.expression, record.currency)
        case Measure(), "minimum" | "maximum":
            return canonical_sum(getattr(record, name))
        case Measure(), "conditions":
            return frozenset(map(canonical_condition, record.conditions))
        case TerritoryPractice(_, practice), "practice":
            value = canonical_practice(practice.name, practice.value)
            return (practice.name, value, practice.source.id, practice.reference)
        case Procedure(), "value":
            return canonical_figure(record.territory, record.name, record.value)
    return read_field(record, name)


def content_fields(record: LawRecord) -> tuple[str, ...]:
    """The fields of a record that are its content, beside its days."""
    return _CONTENT[type(record)]


def read_field(record: LawRecord, name: str) -> Any:
    """What a field states, so that it is equal for equal law: a source by its id, a list without an order as a set."""
    value = getattr(record, name)
    match value:
        # A new edition that repeats a rule changes the edition cited, not the rule.
        case Source():
            return value.id
        case Product():
            return (value.nomenclature, value.prefix, frozenset(value.exclusions))
        case Origins():
            return (frozenset(value.include), frozenset(value.exclude))
        case Practice():
            return (value.name, value.value, value.source.id, value.reference)
        case tuple():
            return frozenset(value)
    return value


_WRITTEN_VARIOUSLY = frozenset({"expression", "minimum", "maximum", "conditions", "practice", "value"})
# When the rulebook learnt of a record is not part of its content, nor is the name that a measure is filed under or the
# text that it was adopted from. The members of a group are records of their own.
_NOT_CONTENT: dict[type[LawRecord], frozenset[str]] = {
    Measure: frozenset({"id", "validity", "known_from", "known_to", "adoption"}),
    Group: frozenset({"members", "validity", "restated"}),
}
_CONTENT: dict[type[LawRecord], tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind) if f.name not in _NOT_CONTENT.get(kind, {"validity"}))
    for kind in get_args(LawRecord)
}
