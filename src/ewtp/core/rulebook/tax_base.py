"""The sum that a territory takes its taxes on, as a value: its terms, each with a factor."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import parse_plain_decimal

VALUE, FREIGHT, INSURANCE = "customs_value", "freight", "insurance"
# The terms of a base; carriage is the line's share of freight and insurance outside the customs value.
TERMS = (VALUE, FREIGHT, *(kind.value for kind in charge_kind_of(Kind.TAX).duty_paid))
_ONE = Decimal(1)


@immutable
class TaxBase:
    """Names of ``TERMS`` with their factors, in the order of the law; a name may occur twice."""

    terms: tuple[tuple[str, Decimal], ...]


@lru_cache(maxsize=256)
def parse_tax_base(text: str) -> TaxBase | None:
    """``customs_value*0.10+duty`` as a base; None where it cannot be read.

    ``insurance`` is allowed beside ``freight``, whose carriage includes it.
    """
    terms = []
    names = set()
    for part in text.split("+"):
        name, star, figure = part.strip().partition("*")
        factor = parse_plain_decimal(figure) if star else _ONE
        if factor is None or name not in (*TERMS, INSURANCE):
            return None
        names.add(name)
        if name != INSURANCE:
            terms.append((name, factor))
    return None if INSURANCE in names and FREIGHT not in names else TaxBase(tuple(terms))


# Used where no source for the territory's own base is in the rulebook; the answer says that it is a default.
DEFAULT_TAX_BASE = "+".join((VALUE, *(kind.value for kind in charge_kind_of(Kind.TAX).duty_paid)))
