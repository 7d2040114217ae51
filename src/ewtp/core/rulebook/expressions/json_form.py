"""The tree as JSON and back: every node an object with its ``kind``, every amount a decimal string."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from ewtp.core.rulebook.expressions.calendar import range_as_json
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    DayRange,
    Difference,
    Expression,
    Inherited,
    Missing,
    Polarised,
    Season,
    Seasonal,
    Specific,
    Sum,
)
from ewtp.core.values.money import decimal_text

_DEEPEST_NESTING = 40


def as_json(expression: Expression) -> dict[str, Any]:  # noqa: C901 - one case for each kind of node
    """The tree as plain objects; empty fields are left out."""
    match expression:
        case AdValorem(percent, base, divisor):
            body: dict[str, Any] = {"kind": "ad_valorem", "percent": decimal_text(percent)}
            return body | ({} if base is None else {"base": base}) | ({} if divisor == 1 else {"divisor": divisor})
        case Specific(amount, currency, unit, per, basis, times):
            body = {"kind": "specific", "amount": decimal_text(amount), "currency": currency, "unit": unit}
            body |= {} if per == 1 else {"per": decimal_text(per)}
            return body | ({} if basis is None else {"basis": basis}) | ({} if times is None else {"times": times})
        case Sum(terms):
            return {"kind": "sum", "terms": [as_json(term) for term in terms]}
        case Difference(first, second):
            return {"kind": "difference", "expression": as_json(first), "reduction": as_json(second)}
        case Bounded(inner, minimum, maximum):
            body = {"kind": "bounded", "expression": as_json(inner)}
            body |= {} if minimum is None else {"minimum": as_json(minimum)}
            return body | ({} if maximum is None else {"maximum": as_json(maximum)})
        case Alternatives(terms, rule):
            body = {"kind": "alternatives", "terms": [as_json(term) for term in terms]}
            return body | ({} if rule is None else {"rule": rule})
        case Polarised(rate, reduction):
            return {"kind": "polarised", "rate": as_json(rate), "reduction": as_json(reduction)}
        case Inherited():
            return {"kind": "inherited"}
        case Seasonal(seasons):
            return {"kind": "seasonal", "seasons": [_season_as_json(season) for season in seasons]}
        case Missing(fact, detail):
            return {"kind": "missing", "fact": fact} | ({} if detail is None else {"detail": detail})


def _season_as_json(season: Season) -> dict[str, Any]:
    return {"ranges": [range_as_json(days) for days in season.ranges], "expression": as_json(season.expression)}


def from_json(body: dict[str, Any]) -> Expression:
    """The tree that ``as_json`` wrote; ``ValueError`` where it is not one, because stored trees are our own."""
    try:
        return _read(body, 0)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        msg = f"not a duty expression: {error!r}"
        raise ValueError(msg) from error


def _read(body: dict[str, Any], depth: int) -> Expression:  # noqa: C901 - one case for each kind of node
    if depth > _DEEPEST_NESTING:
        msg = "a duty expression is nested too deep"
        raise ValueError(msg)

    def inner(field: str) -> Expression:
        return _read(body[field], depth + 1)

    def optional(field: str) -> Expression | None:
        return inner(field) if field in body else None

    def each() -> tuple[Expression, ...]:
        return tuple(_read(term, depth + 1) for term in body["terms"])

    match body["kind"]:
        case "ad_valorem":
            return AdValorem(Decimal(body["percent"]), body.get("base"), body.get("divisor", 1))
        case "specific":
            return _specific(body)
        case "sum":
            return Sum(each())
        case "difference":
            return Difference(inner("expression"), inner("reduction"))
        case "bounded":
            return Bounded(inner("expression"), optional("minimum"), optional("maximum"))
        case "alternatives":
            return Alternatives(each(), body.get("rule"))
        case "polarised":
            return Polarised(_specific(body["rate"]), _specific(body["reduction"]))
        case "inherited":
            return Inherited()
        case "seasonal":
            return Seasonal(tuple(_season(season, depth) for season in body["seasons"]))
        case "missing":
            return Missing(body["fact"], body.get("detail"))
        case other:
            msg = f"not a kind of duty expression: {other!r}"
            raise ValueError(msg)


def _specific(body: dict[str, Any]) -> Specific:
    return Specific(
        Decimal(body["amount"]),
        body["currency"],
        body["unit"],
        Decimal(body.get("per", "1")),
        body.get("basis"),
        body.get("times"),
    )


def _season(body: dict[str, Any], depth: int) -> Season:
    ranges = []
    for days in body["ranges"]:
        start, end = ([int(part) for part in days[field].split("-")] for field in ("from", "to"))
        ranges.append(DayRange(*start, *end))
    return Season(_read(body["expression"], depth + 1), tuple(ranges))
