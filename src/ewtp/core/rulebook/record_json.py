"""Every kind of record as JSON and back; ``record`` names the kind."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.measure_json import (
    measure_as_json,
    measure_from_json,
    period_as_json,
    period_from_json,
    source_as_json,
    source_from_json,
    text_of,
    texts_of,
)
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate, Record
from ewtp.core.rulebook.sentences import RECORD_FIELD_MISSING, RECORD_UNREADABLE
from ewtp.core.rulebook.territory import ALL_TIME, Group, Membership, OriginRule, TariffLine
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.core.values.period import Period


def record_as_json(record: Record | Source) -> dict[str, Any]:
    """The record with every field it has."""
    match record:
        case Source():
            return {"record": "source", **source_as_json(record)}
        case Measure():
            return {"record": "measure", **measure_as_json(record)}
        case TariffLine():
            return {
                "record": "line",
                "territory": record.territory,
                "code": record.code,
                **period_as_json(record.validity),
                "units": list(record.units),
                "description": record.description,
                "indent": record.indent,
            }
        case Group():
            members = [{"economy": m.economy, **period_as_json(m.validity)} for m in record.members]
            return {
                "record": "group",
                "id": record.id,
                "title": record.title,
                "members": members,
                "source": source_as_json(record.source),
                "reference": record.reference,
                "proof": record.proof,
                "origin_scheme": record.origin_scheme,
                **_days_as_json(record.validity),
            }
        case OriginRule():
            return {
                "record": "origin_rule",
                "scheme": record.scheme,
                "first": record.first,
                "last": record.last,
                "classes": list(record.classes),
                "text": record.text,
                "source": source_as_json(record.source),
                "reference": record.reference,
                **_days_as_json(record.validity),
            }
        case CodeReplaced():
            return {"record": "code_replaced", **asdict(record)}
        case ExchangeRate():
            return {"record": "exchange_rate", **asdict(record)}


def record_from_json(body: Any) -> Record | Source | Refusal:
    """The record that an object describes; ``measure_unreadable`` or ``record_unreadable``."""
    if isinstance(body, dict) and body.get("record") == "measure":
        return measure_from_json(body)
    try:
        return _READERS[body["record"]](body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, KeyError):
            return Refusal(RECORD_FIELD_MISSING, {"field": str(error.args[0])[:40]})
        return Refusal(RECORD_UNREADABLE, {"reason": str(error)[:120]})


def _line(body: Mapping[str, Any]) -> TariffLine:
    return TariffLine(
        text_of(body["territory"]),
        text_of(body["code"]),
        period_from_json(body),
        texts_of(body.get("units", ())),
        text_of(body.get("description", "")),
        int(body.get("indent", 0)),
    )


def _group(body: Mapping[str, Any]) -> Group:
    members = tuple(Membership(text_of(m["economy"]), period_from_json(m)) for m in body["members"])
    return Group(
        text_of(body["id"]),
        text_of(body["title"]),
        members,
        source_from_json(body["source"]),
        text_of(body.get("reference", "")),
        text_of(body.get("proof", "")),
        text_of(body.get("origin_scheme", "")),
        _days_from_json(body),
    )


def _origin_rule(body: Mapping[str, Any]) -> OriginRule:
    return OriginRule(
        text_of(body["scheme"]),
        text_of(body["first"]),
        text_of(body["last"]),
        texts_of(body["classes"]),
        text_of(body["text"]),
        source_from_json(body["source"]),
        text_of(body.get("reference", "")),
        _days_from_json(body),
    )


def _days_as_json(period: Period) -> dict[str, Any]:
    """The days of a group or a rule of origin, which only acts and changes give them."""
    return period_as_json(period) if period != ALL_TIME else {}


def _days_from_json(body: Mapping[str, Any]) -> Period:
    return period_from_json(body) if "valid_from" in body else ALL_TIME


def _plain(body: Mapping[str, Any], record: type[Any]) -> Any:
    return record(**{f.name: text_of(body[f.name]) for f in fields(record)})


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Record | Source]] = {
    "source": source_from_json,
    "line": _line,
    "group": _group,
    "origin_rule": _origin_rule,
    "code_replaced": lambda body: _plain(body, CodeReplaced),
    "exchange_rate": lambda body: _plain(body, ExchangeRate),
}
