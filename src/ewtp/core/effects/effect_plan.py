"""The plan by which a rule's effect will be measured: a value whose digest is registered before any figure exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What may be measured, for each line: days at the border, papers asked for, cost in one currency.
OUTCOMES = ("days", "papers", "cost")
# Who states the figures: those who moved the goods, or the law itself, which says what it asks of a line.
REPORTED, STATED_BY_LAW = "reported", "law"
SOURCES = (REPORTED, STATED_BY_LAW)
# All origins, or all goods.
EVERY = "*"
# With fewer donors no rank among them is rare enough: with 19, the rarest of 20 is one in twenty.
FEWEST_DONORS = 19
FEWEST_MONTHS_BEFORE = 6
# The months that a plan compares where nobody asks for others.
MONTHS_BEFORE, MONTHS_AFTER = 12, 8
_MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class TradePair:
    """Trade that is observed as one: goods of a product group from an origin group into a destination."""

    destination: str
    origins: str
    products: str

    def as_json(self) -> dict[str, str]:
        """The three names."""
        return {"destination": self.destination, "origins": self.origins, "products": self.products}


@immutable
class EffectPlan:
    """What will be compared: an outcome of ``OUTCOMES``, the trade that a rule reaches and that which it never does.

    ``treated`` and ``donors`` are in order and share no pair. The months compared are ``months_before`` whole ones
    before ``adopted``, the day from which the rule applies, and ``months_after`` whole ones from it; a month in the
    middle of which the rule began is in neither. The figures are of one of ``SOURCES``. ValueError where the plan
    compares nothing.
    """

    outcome: str
    treated: tuple[TradePair, ...]
    donors: tuple[TradePair, ...]
    adopted: date
    months_before: int = MONTHS_BEFORE
    months_after: int = MONTHS_AFTER
    figures: str = REPORTED

    def __post_init__(self) -> None:
        pairs = (*self.treated, *self.donors)
        if self.figures not in SOURCES:
            msg = f"figures come from {SOURCES}, not from {self.figures!r}"
            raise ValueError(msg)
        if self.outcome not in OUTCOMES or not self.treated or len(set(pairs)) < len(pairs):
            msg = "a plan has an outcome, and trade that a rule reaches, apart from that which it does not"
            raise ValueError(msg)
        if list(self.treated) != sorted(self.treated) or list(self.donors) != sorted(self.donors):
            msg = "the pairs of a plan are in order"
            raise ValueError(msg)
        if self.months_before < 1 or self.months_after < 1:
            msg = "a plan compares a month or more on either side"
            raise ValueError(msg)

    @property
    def before(self) -> tuple[date, ...]:
        """The first days of the months before the rule."""
        last = _month(self.adopted, -1)
        return tuple(_month(last, back) for back in range(1 - self.months_before, 1))

    @property
    def after(self) -> tuple[date, ...]:
        """The first days of the months under the rule."""
        first = _month(self.adopted, self.adopted.day > 1)
        return tuple(_month(first, on) for on in range(self.months_after))

    @property
    def eve(self) -> date:
        """The last day before the rule."""
        return self.adopted - timedelta(days=1)

    @property
    def last_day(self) -> date:
        """The last day of the last month compared."""
        return _month(self.after[-1], 1) - timedelta(days=1)

    def as_json(self) -> dict[str, Any]:
        """The plan; the same plan has the same bytes as canonical JSON."""
        return {
            "outcome": self.outcome,
            "treated": [pair.as_json() for pair in self.treated],
            "donors": [pair.as_json() for pair in self.donors],
            "adopted": self.adopted.isoformat(),
            "months_before": self.months_before,
            "months_after": self.months_after,
            "figures": self.figures,
        }

    @property
    def digest(self) -> str:
        """What is registered: SHA-256 of the plan's canonical JSON, in hexadecimal."""
        return canonical_digest(self.as_json())


def plan_effect(
    outcome: str,
    treated: Iterable[TradePair],
    others: Iterable[TradePair],
    adopted: date,
    *,
    months_before: int = MONTHS_BEFORE,
    months_after: int = MONTHS_AFTER,
    figures: str = REPORTED,
) -> EffectPlan:
    """The plan for a rule that reaches ``treated`` from ``adopted``; no such rule ever reached ``others``.

    Donors are the others in the product groups of the treated; where these are fewer than 19, all others.
    """
    reached = tuple(sorted(set(treated)))
    free = sorted(set(others) - set(reached))
    groups = {pair.products for pair in reached}
    alike = tuple(pair for pair in free if pair.products in groups)
    donors = alike if len(alike) >= FEWEST_DONORS else tuple(free)
    return EffectPlan(outcome, reached, donors, adopted, months_before, months_after, figures)


def read_plan(body: Mapping[str, Any]) -> EffectPlan:
    """The plan that ``EffectPlan.as_json`` wrote."""
    treated, donors = (
        tuple(TradePair(each["destination"], each["origins"], each["products"]) for each in body[name])
        for name in ("treated", "donors")
    )
    return EffectPlan(
        body["outcome"],
        treated,
        donors,
        date.fromisoformat(body["adopted"]),
        body["months_before"],
        body["months_after"],
        body["figures"],
    )


def _month(day: date, on: int) -> date:
    """The first day of the month this many months after the day's."""
    years, month = divmod(day.year * _MONTHS_OF_YEAR + day.month - 1 + on, _MONTHS_OF_YEAR)
    return date(years, month + 1, 1)
