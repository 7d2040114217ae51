"""The least that answering a line can cost in Python: the same measures as plain dicts, plain Decimal, no checks.

It knows no currencies, conditions, reliefs, stacking or gaps, and refuses nothing; it exists to be faster than
the engine, and to say by how much.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.tree import AdValorem, Bounded, Difference, Inherited, Specific, Sum
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import UNITS

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


def flatten(book: Book) -> dict[str, Any]:
    """The book as dicts and tuples."""
    tables: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for (territory, prefix), rules in book.rules.items():
        for rule in rules:
            m = rule.measure
            if rule.expression is None or isinstance(rule.expression, Refusal):
                continue
            tables[territory][prefix].append(
                {
                    "kind": m.kind.value,
                    "id": m.id,
                    "title": m.title,
                    "start": m.validity.start,
                    "end": m.validity.end,
                    "include": frozenset(m.origins.include),
                    "exclude": frozenset(m.origins.exclude),
                    "exclusions": m.product.exclusions,
                    "plain": plain(rule.expression),
                    "text": m.expression,
                    "citation": rule.citation,
                    "length": len(prefix),
                    "minimum": Decimal(m.minimum.split()[0]) if m.minimum else None,
                    "maximum": Decimal(m.maximum.split()[0]) if m.maximum else None,
                },
            )
    return {name: dict(found) for name, found in tables.items()}


def plain(expression: Any) -> Any:
    """The expression as nested tuples; what the bound does not know is left out."""
    if isinstance(expression, AdValorem) and expression.base is None:
        return ("rate", expression.percent / (_HUNDRED * expression.divisor))
    if isinstance(expression, Specific) and expression.times is None:
        unit = UNITS[expression.unit]
        return ("each", expression.amount / expression.per, unit.key)
    if isinstance(expression, Sum):
        return ("sum", tuple(plain(term) for term in expression.terms))
    if isinstance(expression, Bounded):
        bounds = tuple(None if b is None else plain(b) for b in (expression.minimum, expression.maximum))
        return ("bounded", plain(expression.expression), *bounds)
    if isinstance(expression, Difference) and isinstance(expression.reduction, Inherited):
        return ("top-up", plain(expression.expression))
    return ("none",)


def amount_of(plain_expression: Any, value: Decimal, quantities: dict[str, Decimal], duty: Decimal) -> Decimal:
    """Evaluate nested tuples."""
    what: str = plain_expression[0]
    if what == "rate":
        return value * Decimal(plain_expression[1])
    if what == "each":
        return quantities.get(plain_expression[2], Decimal(0)) * Decimal(plain_expression[1])
    if what == "sum":
        return sum((amount_of(term, value, quantities, duty) for term in plain_expression[1]), Decimal(0))
    if what == "bounded":
        amount = amount_of(plain_expression[1], value, quantities, duty)
        if plain_expression[2] is not None:
            amount = max(amount, amount_of(plain_expression[2], value, quantities, duty))
        if plain_expression[3] is not None:
            amount = min(amount, amount_of(plain_expression[3], value, quantities, duty))
        return amount
    if what == "top-up":
        return max(Decimal(0), amount_of(plain_expression[1], value, quantities, duty) - duty)
    return Decimal(0)


def answer(
    tables: dict[str, Any],
    territories: list[str],
    memberships: frozenset[str],
    question: Question,
) -> dict[str, Any]:
    """One line answered with its trace: duty, options, additional duties, fees, tax, needs and totals."""
    line = question.lines[0]
    day: date = question.day
    code, value, quantities = line.hs, line.value.amount, dict(line.quantities)
    found: dict[str, list[dict[str, Any]]] = {}
    reach = memberships | {"*"}
    for territory in territories:
        table = tables.get(territory, {})
        for length in range(len(code) + 1):
            for m in table.get(code[:length], ()):
                if (
                    m["start"] <= day
                    and (m["end"] is None or day <= m["end"])
                    and not reach.isdisjoint(m["include"])
                    and reach.isdisjoint(m["exclude"])
                    and not any(code.startswith(out) for out in m["exclusions"])
                ):
                    found.setdefault(m["kind"], []).append(m)
    charges: list[dict[str, Any]] = []
    duty = Decimal(0)
    duties = found.get(Kind.DUTY.value)
    if duties:
        best = max(duties, key=lambda m: ("*" not in m["include"], m["length"]))
        duty = amount_of(best["plain"], value, quantities, duty).quantize(_CENT, ROUND_HALF_UP)
        charges.append(_charge(best, value, duty))
    options = []
    for m in (*found.get("preference", ()), *found.get("quota", ())):
        lower = amount_of(m["plain"], value, quantities, duty)
        if lower < duty:
            options.append({"title": m["title"], "saving": duty - lower, "citation": m["citation"]})
    charges.extend(
        _charge(m, value, amount_of(m["plain"], value, quantities, duty).quantize(_CENT, ROUND_HALF_UP))
        for m in found.get("additional_duty", ())
    )
    for m in found.get("fee", ()):
        fee = amount_of(m["plain"], value, quantities, duty)
        if m["minimum"] is not None:
            fee = max(fee, m["minimum"])
        if m["maximum"] is not None:
            fee = min(fee, m["maximum"])
        charges.append(_charge(m, value, fee.quantize(_CENT, ROUND_HALF_UP)))
    base = value + sum((c["amount"] for c in charges), Decimal(0))
    charges.extend(
        _charge(m, base, amount_of(m["plain"], base, quantities, duty).quantize(_CENT, ROUND_HALF_UP))
        for m in found.get("tax", ())
    )
    return {
        "charges": charges,
        "options": options,
        "requirements": found.get("requirement", []),
        "total": value + sum((c["amount"] for c in charges), Decimal(0)),
    }


def _charge(m: dict[str, Any], base: Decimal, amount: Decimal) -> dict[str, Any]:
    return {
        "kind": m["kind"],
        "measure": m["id"],
        "title": m["title"],
        "expression": m["text"],
        "base": base,
        "amount": amount,
        "citation": m["citation"],
        "trace": (m["text"], base, amount),
    }
