"""Every record that a change can be about, as JSON and back; a field that no record has is refused, not dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.law_record import LawRecord, record_kind
from ewtp.core.rulebook.changeset.sentences import CHANGE_FIELD_UNKNOWN
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.measure_json import (
    measure_from_json,
    period_as_json,
    period_from_json,
    source_as_json,
    source_from_json,
    text_of,
)
from ewtp.core.rulebook.record_json import record_as_json, record_from_json
from ewtp.core.rulebook.sentences import RECORD_FIELD_MISSING, RECORD_UNREADABLE
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, OriginRule, Practice, TariffLine, TerritoryPractice
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.period import Period

_LONGEST_SHOWN = 40
_LONGEST_REASON = 120


def law_record_as_json(record: LawRecord) -> dict[str, Any]:
    """The record with every field it has; ``record`` names its kind."""
    match record:
        case Measure() | TariffLine() | OriginRule():
            return record_as_json(record)
        case Group():
            body = record_as_json(record)
            # The members of a group are records of their own.
            del body["members"]
            return body
        case GroupMember():
            body = {"group": record.group, "economy": record.economy}
            return _write_record("membership", body, record.validity, record.source, record.reference)
        case TerritoryPractice(territory, practice):
            body = {"territory": territory, "name": practice.name, "value": practice.value}
            return _write_record("practice", body, practice.validity, practice.source, practice.reference)
        case Service() | Procedure():
            names = _FIELDS[record_kind(record)]
            body = {name: getattr(record, name) for name in names}
            return _write_record(record_kind(record), body, record.validity, record.source, record.reference)


def law_record_from_json(body: Any) -> LawRecord | Refusal:
    """The record that an object describes.

    Refusals: ``measure_unreadable``, ``record_unreadable``, ``change_field_unknown``.
    """
    read = _read(body)
    if isinstance(read, Refusal):
        return read
    faults = [unknown_field(name) for name in sorted(_unknown_fields(body, law_record_as_json(read)))]
    return Refusal.join(faults) if faults else read


def unknown_field(name: str) -> Refusal:
    """The refusal ``change_field_unknown`` of a field, which may be a path."""
    shown = name[:_LONGEST_SHOWN]
    return Refusal(CHANGE_FIELD_UNKNOWN, {"field": shown}, where=shown)


def _unknown_fields(body: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name not in known or isinstance(value, dict) > isinstance(known[name], dict):
            yield name
        elif isinstance(value, dict):
            yield from (f"{name}.{field}" for field in value.keys() - known[name].keys())


def _read(body: Any) -> LawRecord | Refusal:
    if isinstance(body, dict) and body.get("record", "measure") == "measure":
        return measure_from_json(body)
    try:
        kind = body["record"]
        if kind in _READERS:
            return _READERS[kind](body)
        if kind == "group":
            body = {**body, "members": body.get("members", ())}
            if body["members"]:
                return unknown_field("members")
        if kind == "line":
            body = {**body, "indent": _whole(body, "indent", 0)}
        read = record_from_json(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, KeyError):
            return Refusal(RECORD_FIELD_MISSING, {"field": str(error.args[0])[:_LONGEST_SHOWN]})
        return Refusal(RECORD_UNREADABLE, {"reason": str(error)[:_LONGEST_REASON]})
    if isinstance(read, TariffLine | Group | OriginRule | Refusal):
        return read
    return Refusal(RECORD_FIELD_MISSING, {"field": str(kind)[:_LONGEST_SHOWN]})


def _write_record(kind: str, body: dict[str, Any], validity: Period, source: Source, reference: str) -> dict[str, Any]:
    cited = {"source": source_as_json(source), "reference": reference}
    return {"record": kind, **body, **period_as_json(validity), **cited}


def _citation(body: Mapping[str, Any]) -> tuple[Period, Source, str]:
    return period_from_json(body), source_from_json(body["source"]), text_of(body.get("reference", ""))


def _membership(body: Mapping[str, Any]) -> GroupMember:
    return GroupMember(text_of(body["group"]), text_of(body["economy"]), *_citation(body))


def _practice(body: Mapping[str, Any]) -> TerritoryPractice:
    practice = Practice(text_of(body["name"]), text_of(body["value"]), *_citation(body))
    if not practice.readable:
        msg = f"{practice.name[:_LONGEST_SHOWN]!r} is not a practice with the value {practice.value[:_LONGEST_SHOWN]!r}"
        raise ValueError(msg)
    return TerritoryPractice(text_of(body["territory"]), practice)


def _service(body: Mapping[str, Any]) -> Service:
    days = _whole(body, "days")
    return Service(
        text_of(body["territory"]), text_of(body["agency"]), text_of(body["document"]), days, *_citation(body)
    )


def _whole(body: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """The small whole number of a field; TypeError where it is another value."""
    value = body[name] if default is None else body.get(name, default)
    if type(value) is not int or not 0 <= value <= _MOST:
        msg = f"{name} is a whole number up to {_MOST}"
        raise TypeError(msg)
    return value


def _procedure(body: Mapping[str, Any]) -> Procedure:
    return Procedure(text_of(body["territory"]), text_of(body["name"]), text_of(body["value"]), *_citation(body))


_MOST = 36_500
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "service": ("territory", "agency", "document", "days"),
    "procedure": ("territory", "name", "value"),
}
_READERS: Mapping[str, Callable[[Mapping[str, Any]], LawRecord]] = {
    "membership": _membership,
    "practice": _practice,
    "service": _service,
    "procedure": _procedure,
}
