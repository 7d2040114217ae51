"""Rules as plain figures: their expressions and conditions, for peers that do not read the duty language.

A peer reads a rate on the customs value in millionths and an amount for each unit. Expressions that need more (a
floor, a cap, a season, the alcohol inside) are left out, and the lines that they reach have no duty at the peer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.tree import AdValorem, Expression, Specific, Sum
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.refusal import Refusal

RATE_SCALE = 1_000_000
# Amounts for a unit count millionths of a minor unit; quantities ten-thousandths of the unit.
AMOUNT_DECIMALS = 6
# Quantities that a peer reads, by slot: 0 is none. Other units that measure the same are brought to these.
SLOTS = ("", "KGM", "LTR", "C62", "MTK", "NPR", "MTQ")
_BASES = {"TNE": ("KGM", 1000), "HLT": ("LTR", 100), "DZN": ("C62", 12), "GRO": ("C62", 144)}
# Conditions that a peer can test or ignore; a measure with another is one that the question leaves open.
TESTED = frozenset({"claim", "unless_claim", "buyer", "transport", "maximum_value"})
IGNORED = frozenset({"document", "note", "reduced", "disputed", "quota", "volume", "season", "text", "assumes"})


@dataclass(frozen=True, slots=True)
class Figures:
    """``rate`` in millionths of the value, ``amount`` for each unit of ``slot``, in ``currency``."""

    rate: int
    amount: int = 0
    slot: int = 0
    currency: str = ""


def figures_of(expression: Expression | Refusal | None) -> Figures | None:
    """The expression as figures, or None where a peer cannot compute it."""
    terms = expression.terms if isinstance(expression, Sum) else (expression,)
    rate = amount = slot = 0
    currency = ""
    for term in terms:
        if isinstance(term, AdValorem) and term.base is None and term.divisor == 1:
            share = term.percent * (RATE_SCALE // 100)
            if share != share.to_integral_value():
                return None
            rate += int(share)
        elif isinstance(term, Specific) and term.times is None and not slot:
            base, many = _BASES.get(term.quantity_key, (term.quantity_key, 1))
            figure = term.amount.scaleb(minor_units(term.currency) + AMOUNT_DECIMALS) / (term.per * many)
            if base not in SLOTS or figure != figure.to_integral_value():
                return None
            amount, slot, currency = int(figure), SLOTS.index(base), term.currency
        else:
            return None
    return Figures(rate, amount, slot, currency)


@dataclass(frozen=True, slots=True)
class Terms:
    """A measure's conditions; ``open``: the question leaves one of them open, so that it is not charged."""

    claim: str = ""
    unless: tuple[str, ...] = ()
    buyer: str = ""
    transport: str = ""
    most: Decimal | None = None
    open: bool = False


def terms_of(rule: Rule) -> Terms:
    """The conditions of a rule."""
    found: dict[str, str] = {}
    unless: list[str] = []
    unknown = False
    for condition in rule.measure.conditions:
        if condition.kind == "unless_claim":
            unless.append(condition.value)
        elif condition.kind in TESTED:
            found[condition.kind] = condition.value
        elif condition.kind not in IGNORED:
            unknown = True
    most = found.get("maximum_value")
    return Terms(
        claim=found.get("claim", ""),
        unless=tuple(unless),
        buyer=found.get("buyer", ""),
        transport=found.get("transport", ""),
        most=None if most is None else Decimal(most.partition(" ")[0]),
        open=unknown,
    )
