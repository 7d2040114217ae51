"""Amounts of an answer in the currency of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.exchange import RateUsed


class Back:
    """Amounts of an answer in the currency of the question, by the very rate that the answer used the other way."""

    def __init__(self, currency: str, rate: RateUsed | None) -> None:
        self._currency = currency
        self.rate = rate

    def money(self, money: Money) -> Money:
        """The amount, rounded to the minor unit of the question's currency."""
        if self.rate is None:
            # Law that rounds to whole francs still has its amounts written with the decimals of the currency.
            written = money.round_to_minor()
            return written if written.amount == money.amount else money
        return Money(money.amount / self.rate.rate, self._currency).round_to_minor()

    def sum_landed_cost(self, answer: Answer) -> Money:
        """The price as it was given, and what is added; so the parts add up and the price is not rounded twice."""
        totals = answer.totals
        total = answer.question.lines[0].value
        for part in (totals.duty, totals.tax, totals.fees, totals.freight, totals.insurance):
            total += self.money(part)
        return total

    def without_tax(self, answer: Answer) -> Money:
        """The landed cost less the VAT or GST on imports, turned back as one amount."""
        taxes = [charge.amount for line in answer.lines for charge in line.charges if charge.kind is Kind.TAX]
        landed = self.sum_landed_cost(answer)
        return landed - self.money(sum(taxes[1:], taxes[0])) if taxes else landed

    def at_least(self, answer: Answer) -> Money:
        """The least that the goods cost; what is spared is turned back as one amount."""
        return self.sum_landed_cost(answer) - self.money(answer.totals.landed_cost - answer.totals.at_least)

    def at_most(self, answer: Answer) -> Money | None:
        """The most that the goods cost, what may be added turned back as one amount; None where nothing bounds it."""
        most = answer.totals.at_most
        return None if most is None else self.sum_landed_cost(answer) + self.money(most - answer.totals.landed_cost)
