"""A rule: a measure as answers compute it, with its days and its conditions sorted, and its expression parsed."""

from __future__ import annotations

from dataclasses import field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ewtp.core.rulebook.citation import Adoption
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.tree import FREE, Expression, Inherited, Sum, walk
from ewtp.core.rulebook.measure import (
    BASES,
    EVERY_ORIGIN,
    Condition,
    ConditionKind,
    Kind,
    Measure,
    Origins,
    Status,
    sort_conditions,
)
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.rulebook.rate_claims import rate_claims
from ewtp.core.rulebook.sentences import BASE_UNKNOWN
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, parse_money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.expressions.tree import DayRange
    from ewtp.core.values.period import Period

# Where rules are found: a territory and a code, or the prefix of one.
CodePlace = tuple[str, str]
_LEAP_YEAR = 366
_NO_RATES: Mapping[str, str] = MappingProxyType({})
# Kinds of condition that a field of the question settles.
_TOLD = frozenset({ConditionKind.BUYER, ConditionKind.TRANSPORT})


class Bound(NamedTuple):
    """The floor or the cap of a fee; ``limit`` is None where it is written in no form that can be read."""

    is_floor: bool
    limit: Money | None


@immutable
class Rule:
    """A measure as answers compute it; its expression and its citation are made when they are first asked for.

    A book holds many rules that no question reaches, and parsing takes longer than the rest of a rule.
    """

    measure: Measure
    # Tested first for every question: the days, and whether origin matters at all.
    first_day: date = field(init=False)
    last_day: date = field(init=False)
    everyone: bool = field(init=False)
    # Whether it is written for every origin, some of which it may except, and the origins that it names.
    anybody: bool = field(init=False)
    named: frozenset[str] = field(init=False)
    # The conditions, sorted once: claims that have to be made, claims that must not be, those left to facts, and notes.
    needed: frozenset[str] = field(init=False)
    barred: frozenset[str] = field(init=False)
    judged: tuple[Condition, ...] = field(init=False)
    told: tuple[Condition, ...] = field(init=False)
    # The seasons of the year in all of which a day has to be; none where the rule holds all the year round.
    seasons: tuple[tuple[DayRange, ...], ...] = field(init=False)
    # The rates of a tax by the claims that state them, and whether a claim may settle what the judged ones leave open.
    rates: Mapping[str, str] = field(init=False)
    asks: bool = field(init=False)
    # The floor and the cap of a fee, as far as it has them.
    bounds: tuple[Bound, ...] = field(init=False)
    _parsed: tuple[Expression | Refusal | None, bool] | None = field(
        init=False, default=None, repr=False, compare=False
    )
    _cited: Mapping[str, Any] | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        validity, origins = self.measure.validity, self.measure.origins
        set_field(self, "first_day", validity.start)
        set_field(self, "last_day", validity.end or date.max)
        set_field(self, "anybody", EVERY_ORIGIN in origins.include)
        set_field(self, "named", frozenset(origins.include) - {EVERY_ORIGIN})
        set_field(self, "everyone", origins.include == (EVERY_ORIGIN,) and not origins.exclude)
        needed, barred, judged, told, seasons = sort_conditions(self.measure.conditions)
        set_field(self, "needed", needed)
        set_field(self, "barred", barred)
        set_field(self, "judged", judged)
        set_field(self, "told", told)
        set_field(self, "seasons", seasons)
        set_field(self, "rates", rate_claims(self.measure) if self.measure.kind is Kind.TAX else _NO_RATES)
        set_field(self, "bounds", bounds_of(self.measure))
        claimed = bool(judged) and bool(needed or barred)
        set_field(self, "asks", claimed and any(c.kind not in _TOLD and c.limit is None for c in judged))

    def holds_on(self, day: date) -> bool:
        """Whether the day is among those of the rule: within its validity, and in its season."""
        return self.first_day <= day <= self.last_day and self.is_in_season(day)

    def is_in_season(self, day: date) -> bool:
        """Whether the day is in the part of the year for which the rule is written."""
        return all(any(part.covers(day.month, day.day) for part in season) for season in self.seasons)

    @property
    def expression(self) -> Expression | Refusal | None:
        """The measure's expression; a refusal where it cannot be parsed, and answers then state an unknown."""
        return self._parse()[0]

    @property
    def inherits(self) -> bool:
        """Whether the expression refers to the duty of the subheading, as a top-up does."""
        return self._parse()[1]

    @property
    def citation(self) -> Mapping[str, Any]:
        """The JSON of ``citation_json``, which never changes for a measure."""
        found = self._cited
        if found is None:
            found = citation_json(self.measure)
            object.__setattr__(self, "_cited", found)
        return found

    def _parse(self) -> tuple[Expression | Refusal | None, bool]:
        found = self._parsed
        if found is None:
            measure = self.measure
            found = (None, False)
            if measure.expression:
                is_additional = measure.kind is Kind.ADDITIONAL_DUTY
                found = _read_expression(measure.expression, measure.currency, measure.base, additional=is_additional)
            object.__setattr__(self, "_parsed", found)
        return found


def find_common_day(rules: Sequence[Rule], first: date, last: date) -> date | None:
    """The first of these days that is in the season of every rule; None where there is none within a year."""
    if not any(rule.seasons for rule in rules):
        return first if first <= last else None
    days = (first + timedelta(offset) for offset in range(min((last - first).days + 1, _LEAP_YEAR)))
    return next((day for day in days if all(rule.is_in_season(day) for rule in rules)), None)


# A schedule has a few thousand expressions for a third of a million rules.
@lru_cache(maxsize=16_384)
def _read_expression(text: str, currency: str, base: str, *, additional: bool) -> tuple[Expression | Refusal, bool]:
    """The expression of a charge on a base, and whether it refers to the duty of the subheading."""
    expression = parse(text, currency=currency or None)
    if base not in BASES:
        expression = Refusal(BASE_UNKNOWN)
    if isinstance(expression, Refusal):
        return expression, False
    if additional:
        expression = _on_top(expression)
    return expression, any(isinstance(node, Inherited) for node in walk(expression))


def bounds_of(measure: Measure) -> tuple[Bound, ...]:
    """The bounds of the measure's amount, the floor first."""
    written = ((True, measure.minimum), (False, measure.maximum))
    return tuple(Bound(is_floor, parse_money(text)) for is_floor, text in written if text)


def rules_of(measures: Iterable[Measure]) -> tuple[Rule, ...]:
    """The rules of one place of a book, in order: the measures there that answers count."""
    return in_order(map(Rule, measures_in_effect(measures)))


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules of one place in the order in which answers meet them: by id, then by first day."""
    return tuple(sorted(rules, key=lambda rule: (rule.measure.id, rule.first_day)))


def _on_top(expression: Expression) -> Expression:
    """The part that an additional duty adds; the duty of the subheading that its text repeats has its own rule."""
    if isinstance(expression, Inherited):
        return FREE
    if isinstance(expression, Sum):
        terms = tuple(term for term in expression.terms if not isinstance(term, Inherited))
        return Sum(terms) if len(terms) > 1 else terms[0]
    return expression


def citation_json(measure: Measure) -> dict[str, Any]:
    """The citation object of an answer: source with its address, reference, validity and when it was retrieved.

    That of an adopted measure also has ``adopted_from``, the text that the economy gave effect to (null where none is
    named), and ``amends``, the citations of the law that it replaces, each with its ``measure``.
    """
    cited = cite(measure.source, measure.reference, measure.validity)
    if measure.status is not Status.ADOPTED:
        return cited
    adoption = measure.adoption or Adoption()
    amends = [{"measure": law.measure, **cite(law.source, law.reference, law.validity)} for law in adoption.amends]
    return {**cited, "adopted_from": adoption.adopted_from or None, "amends": amends}


def cite(source: Source, reference: str, validity: Period) -> dict[str, Any]:
    """The citation object of a place in a source."""
    return {
        "source": source.title,
        "url": source.link,
        "reference": reference,
        "valid_from": validity.start.isoformat(),
        "valid_to": validity.end.isoformat() if validity.end else None,
        "retrieved": source.retrieved.isoformat(),
    }


def find_matching_claims(origins: Origins, memberships: frozenset[str]) -> tuple[str, ...]:
    """The entries of an origin scope through which an origin falls under it; empty when it does not."""
    if not memberships.isdisjoint(origins.exclude):
        return ()
    # Scopes of a hundred economies are usual, and a list is twice as fast as a generator.
    found = [entry for entry in origins.include if entry in memberships or entry == EVERY_ORIGIN]
    return tuple(found)
