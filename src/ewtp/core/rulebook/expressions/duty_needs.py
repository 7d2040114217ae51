"""The facts a duty needs before it can be computed, for forms that ask for no more than that."""

from __future__ import annotations

from typing import Literal

from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Expression,
    Inherited,
    Missing,
    Polarised,
    Seasonal,
    Specific,
    walk,
)
from ewtp.core.values.immutable import immutable

NeedKind = Literal["quantity", "part", "currency", "inherited", "date", "rule", "fact"]


@immutable
class Need:
    """One fact, by ``kind``.

    A ``quantity`` by unit key, the value of a ``part``, a ``currency`` to convert from, the ``inherited`` duty,
    the ``date``, the ``rule`` of an open choice, or a ``fact`` that only the schedule holds.
    """

    kind: NeedKind
    key: str


def list_required_facts(expression: Expression) -> tuple[Need, ...]:
    """Each fact once, in the order of the text; the customs value is always needed and not listed."""
    found: dict[Need, None] = {}
    for node in walk(expression):
        for need in _own(node):
            found[need] = None
    return tuple(found)


def _own(node: Expression) -> tuple[Need, ...]:
    match node:
        case AdValorem(percent, base) if percent and base is not None:
            return (Need("part", base),)
        case Specific() if node.amount:
            times = () if node.times is None else (Need("quantity", node.times),)
            return (Need("quantity", node.quantity_key), *times, Need("currency", node.currency))
        case Polarised():
            return (Need("quantity", "degree"),)
        case Inherited():
            return (Need("inherited", "inherited"),)
        case Seasonal():
            return (Need("date", "date"),)
        case Alternatives(_, None):
            return (Need("rule", "rule"),)
        case Missing(fact):
            return (Need("fact", fact),)
        case _:
            return ()


def is_computable(expression: Expression) -> bool:
    """Whether facts about the goods suffice, so that no other provision has to be looked up."""
    return not any(isinstance(node, Missing) for node in walk(expression))
