"""The facts about one line that rules are matched and computed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

    from ewtp.core.rulebook.expressions.evaluation import Facts
    from ewtp.core.values.money import Money


@immutable
class LineFacts:
    """The facts of one line: its origin, its value at the border, its claims.

    ``memberships`` are the origin economy and the groups it belongs to on ``day``; ``rate`` gives the units of its
    second currency for one of its first, None where no official rate is known. ``consignment_value`` is the price of
    all lines without freight and insurance; ``quantities`` are by unit key, ``parts`` by name.
    """

    code: str
    day: date
    memberships: frozenset[str]
    claims: frozenset[str]
    customs_value: Money
    consignment_value: Money
    quantities: Mapping[str, Decimal]
    parts: Mapping[str, Money]
    transport: str | None
    buyer: str | None
    rate: Callable[[str, str], Decimal | None]
    # For expressions that are taken on the customs value, built once for all rules.
    facts: Facts
    # The code as it was asked, where ``code`` is its equivalent in the edition of the schedule; else empty.
    asked: str = ""

    def add_claim(self, claim: str) -> LineFacts:
        """The same line, with one more claim."""
        return LineFacts(
            self.code,
            self.day,
            self.memberships,
            self.claims | {claim},
            self.customs_value,
            self.consignment_value,
            self.quantities,
            self.parts,
            self.transport,
            self.buyer,
            self.rate,
            self.facts,
            self.asked,
        )
