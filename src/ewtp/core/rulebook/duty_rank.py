"""Which duty comes before which on one line: the order that answers and the check of a change share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.correlation import edition_order
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.rulebook.rule import Rule

EVERYONE = (EVERY_ORIGIN,)


@immutable
class Matched:
    """A rule that reaches the line, with the origin entries through which it does."""

    rule: Rule
    entries: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """A rule for named origins comes before one for all; then the longer prefix wins."""
        return (self.entries != EVERYONE, len(self.rule.measure.product.prefix))


def claims_of(matched: Matched) -> tuple[str, ...]:
    """The ids by which this preference or quota is claimed."""
    measure = matched.rule.measure
    if measure.kind is Kind.QUOTA:
        return (f"quota:{measure.order_number}",)
    return matched.entries


def find_stated_rate(rule: Rule) -> tuple[object, ...]:
    """What a rule charges, by value: 0.0% and 0.00% are one rate; a text that cannot be read is like itself alone."""
    measure, read = rule.measure, rule.expression
    text = (measure.expression, measure.currency)
    return (text if read is None or isinstance(read, Refusal) else read, measure.base)


def follows(newer: Rule, older: Rule) -> bool:
    """Whether a duty is that of a newer edition of the older one's nomenclature, for the same origins."""
    one, other = newer.measure, older.measure
    (family, year), (same, before) = edition_order(one.product.nomenclature), edition_order(other.product.nomenclature)
    return (
        (family, one.territory, one.status) == (same, other.territory, other.status)
        and year > before
        and (EVERY_ORIGIN in one.origins.include) == (EVERY_ORIGIN in other.origins.include)
    )


def find_leading_duties(duties: Sequence[Matched]) -> list[Rule]:
    """The duties of the first rank, of one or more that reach a line and whose conditions are met.

    Of two editions of one nomenclature the newer states the duty of every code that it covers, however short.
    """
    if len(duties) == 1:
        return [duties[0].rule]
    newest = [found for found in duties if not any(follows(other.rule, found.rule) for other in duties)]
    best = max(found.rank for found in newest)
    return [found.rule for found in newest if found.rank == best]


def find_leading_claim(claimed: Sequence[Matched]) -> Rule:
    """The rule that a claim obtains, of one or more claimed preferences and quotas that reach a line.

    Of two of one rank and one claim the one that began later is in force, such as the treatment of this year beside one
    of an older edition of the schedule to which nobody set an end.
    """
    best = max(claimed, key=lambda found: found.rank)
    alike = [
        found for found in claimed if found.rank == best.rank and not set(claims_of(best)).isdisjoint(claims_of(found))
    ]
    return max(alike, key=lambda found: found.rule.measure.validity.start).rule


def state_one_rate(rules: Iterable[Rule]) -> bool:
    """Whether rules of one rank charge the same, so that any of them is the answer."""
    return len({find_stated_rate(rule) for rule in rules}) <= 1
