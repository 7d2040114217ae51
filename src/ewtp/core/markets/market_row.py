"""One economy in a comparison of markets: the cost of the product there, its papers, and how much is known."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.assessment.exchange import RateUsed
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.money import Money
    from ewtp.core.values.refusal import Refusal
    from ewtp.core.values.sentence import Statement


class MarketOutcome(StrEnum):
    """How much is known; in this order rows are ranked."""

    COMPLETE = "complete"  # nothing unknown may raise or lower the cost
    RANGE = "range"  # everything is known but which national line the goods are
    INCOMPLETE = "incomplete"  # something unknown may raise or lower the cost
    TAX_ONLY = "tax_only"  # the rulebook holds the tax on imports and no tariff
    UNKNOWN = "unknown"  # neither the tariff nor a tax that can be computed is in the rulebook
    REFUSED = "refused"  # the question cannot be answered there as it was asked


ORDER = {outcome: place for place, outcome in enumerate(MarketOutcome)}


@immutable
class Span:
    """An amount over the national lines that the goods may be; lowest and highest are the same where it is settled."""

    lowest: Money
    highest: Money

    def __post_init__(self) -> None:
        if self.lowest.currency != self.highest.currency or self.lowest.amount > self.highest.amount:
            msg = f"a span goes from low to high in one currency, not from {self.lowest} to {self.highest}"
            raise ValueError(msg)

    @property
    def settled(self) -> Money | None:
        """The one amount, or None where it depends on the national line."""
        return self.lowest if self.lowest == self.highest else None


def span_of(amounts: Sequence[Money | None]) -> Span | None:
    """The span of amounts in one currency; None where one of them is not known, or there is none."""
    known = [money for money in amounts if money is not None]
    if not known or len(known) < len(amounts):
        return None
    return Span(min(known, key=lambda m: m.amount), max(known, key=lambda m: m.amount))


@immutable
class CodeResolved:
    """The code asked about belongs to another edition; ``used`` is the one code there that holds all such goods."""

    asked: str
    used: str
    edition: str

    def as_json(self) -> dict[str, str]:
        """``{"from", "to", "edition"}``."""
        return {"from": self.asked, "to": self.used, "edition": self.edition}


@immutable
class MarketOption:
    """The lower duty that saves most; ``saving`` is the duty saved, ``landed_cost`` what the goods cost with it.

    ``without_tax`` is that cost less the VAT or GST on imports.
    """

    claim: str
    title: str
    saving: Span
    landed_cost: Span | None
    proof: str | None
    note: Statement | None
    without_tax: Span | None = None

    def as_json(self) -> dict[str, Any]:
        """The option; amounts that depend on the national line are null, with the span beside them."""
        return {
            "claim": self.claim,
            "title": self.title,
            "saving": money_json(self.saving),
            "landed_cost": money_json(self.landed_cost),
            "without_tax": money_json(self.without_tax),
            "range": _ranges(saving=self.saving, landed_cost=self.landed_cost, without_tax=self.without_tax),
            "proof": self.proof,
            "note": self.note.message if self.note else None,
        }


@immutable
class MarketRow:
    """The product in one economy according to the rulebook; amounts are in the currency of the question.

    ``duty``, ``tax`` and ``fees`` are None where no such charge is known; ``landed_cost`` is None where no tariff
    is known, and ``without_tax`` is it less the VAT or GST on imports. ``at_least`` and ``at_most`` bound it over all
    national lines; ``at_most`` is None where nothing does.
    ``lines`` counts the national lines that the code may mean. ``agencies`` and ``documents`` are those that
    every one of these lines asks for, ``perhaps`` those that only some do.
    """

    economy: str
    outcome: MarketOutcome
    code: str
    edition: str = ""
    unions: tuple[str, ...] = ()
    resolved: CodeResolved | None = None
    lines: int = 1
    duty: Span | None = None
    tax: Span | None = None
    fees: Span | None = None
    landed_cost: Span | None = None
    without_tax: Span | None = None
    at_least: Money | None = None
    at_most: Money | None = None
    local_landed_cost: Span | None = None
    duty_rates: tuple[str, ...] = ()
    tax_rates: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    prohibitions: tuple[str, ...] = ()
    best: MarketOption | None = None
    options: int = 0
    unknowns: tuple[Unknown, ...] = ()
    schedule: Source | None = None
    schedule_age_days: int | None = None
    rate: RateUsed | None = None
    refusal: Refusal | None = field(default=None)

    @property
    def best_landed_cost(self) -> Span | None:
        """The landed cost with the best option, or without one where there is none."""
        return (self.best.landed_cost if self.best else None) or self.landed_cost

    def as_json(self, rank: int, side: str = "to") -> dict[str, Any]:
        """The row; ``side`` is ``to`` where rows are destinations and ``from`` where they are origins."""
        return {
            side: self.economy,
            "rank": rank,
            "outcome": self.outcome.value,
            "complete": self.outcome is MarketOutcome.COMPLETE,
            "hs": self.code,
            "edition": self.edition or None,
            "resolved": self.resolved.as_json() if self.resolved else None,
            "national_lines": self.lines,
            "unions": list(self.unions),
            "duty": money_json(self.duty),
            "tax": money_json(self.tax),
            "fees": money_json(self.fees),
            "landed_cost": money_json(self.landed_cost),
            "without_tax": money_json(self.without_tax),
            "at_least": self.at_least.as_json() if self.at_least else None,
            "at_most": self.at_most.as_json() if self.at_most else None,
            "local_landed_cost": money_json(self.local_landed_cost),
            "range": _ranges(
                duty=self.duty,
                tax=self.tax,
                fees=self.fees,
                landed_cost=self.landed_cost,
                without_tax=self.without_tax,
            ),
            "duty_rates": list(self.duty_rates),
            "tax_rates": list(self.tax_rates),
            "agencies": {"count": len(self.agencies), "names": list(self.agencies)},
            "documents": {"count": len(self.documents), "names": list(self.documents)},
            "perhaps": {"count": len(self.perhaps), "names": list(self.perhaps)},
            "prohibitions": list(self.prohibitions),
            "best_option": self.best.as_json() if self.best else None,
            "options": self.options,
            "unknowns": [unknown.code for unknown in self.unknowns],
            "schedule": self._schedule_json(),
            "exchange_rate": self.rate.as_json() if self.rate else None,
            "refusal": self.refusal.as_json() if self.refusal else None,
        }

    def _schedule_json(self) -> dict[str, Any] | None:
        if self.schedule is None:
            return None
        return {
            "source": self.schedule.title,
            "published": self.schedule.published_text,
            "age_days": self.schedule_age_days,
        }


def money_json(span: Span | None) -> dict[str, str] | None:
    """The amount where it is settled, else None."""
    settled = span.settled if span else None
    return settled.as_json() if settled else None


def _ranges(**spans: Span | None) -> dict[str, Any] | None:
    """The spans that are not settled, by name; None where there is none."""
    open_spans = {
        name: {"lowest": span.lowest.as_json(), "highest": span.highest.as_json()}
        for name, span in spans.items()
        if span is not None and span.settled is None
    }
    return open_spans or None
