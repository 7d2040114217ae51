"""Whether a measure has any effect on an answer: what it charges or relieves of, and each field that it states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.sentences import CHARGES_NOTHING, FIELD_IDLE, RECOGNISES_UNCLAIMED, RELIEVES_UNHELD
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.rulebook.expressions.tree import AdValorem, Specific, walk
from ewtp.core.rulebook.measure import RECOGNITION, Base, Kind
from ewtp.core.rulebook.territory import MAST_CHAPTERS
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule

# Charges that add up: one of nothing changes no sum unless another one gives way to it.
_ADDED_UP = frozenset(row.kind for row in CHARGE_KINDS) - {Kind.DUTY}
# Those of which one takes the place of another of its programme.
REPLACED = frozenset({Kind.TAX, Kind.ADDITIONAL_DUTY})
_ON_DUTY_PAID = frozenset({Kind.RELIEF, *(row.kind for row in CHARGE_KINDS if row.duty_paid)})
_WITHOUT_RATE = frozenset({Kind.REQUIREMENT, Kind.PROHIBITION})


def charges_nothing(measure: Measure, rule: Rule) -> bool:
    """Whether a charge that adds up is of nothing, whatever the goods are."""
    if measure.kind not in _ADDED_UP or measure.minimum or rule.expression is None:
        return False
    if isinstance(rule.expression, Refusal):
        return False
    leaves = [node for node in walk(rule.expression) if isinstance(node, AdValorem | Specific)]
    figures = [node.percent if isinstance(node, AdValorem) else node.amount for node in leaves]
    return bool(figures) and len(figures) == len(list(walk(rule.expression))) and not any(figures)


def find_idle_charge(rule: Rule, law: HeldLaw, after: Book) -> Fault | None:
    """The fault of a charge of nothing that takes the place of no other charge.

    It does where the law has another rate under its key, or where a tax or an additional duty on some of its goods and
    days is of its programme, of which the one for the longer code is charged.
    """
    measure = rule.measure
    if not charges_nothing(measure, rule):
        return None
    held = (each for each in law.records_like(measure) if each.validity.overlaps(measure.validity))
    if any(held) or any(_gives_way(other.measure, measure) for other in _rules_around(measure, after)):
        return None
    return Fault(CHARGES_NOTHING, {"record": record_name(measure)})


def _rules_around(measure: Measure, book: Book) -> Iterator[Rule]:
    """The rules of the territory on some of the goods of a measure, whatever their days are."""
    prefix = measure.product.prefix
    for (territory, code), rules in book.rules.items():
        if territory == measure.territory and (code.startswith(prefix) or prefix.startswith(code)):
            yield from rules


def _gives_way(other: Measure, to: Measure) -> bool:
    """Whether a charge may take the place of another; those of other kinds never do, since all of them are charged."""
    if other.kind is not to.kind or other.programme != to.programme or other.key == to.key:
        return False
    replaces = bool(to.programme) or to.kind is Kind.TAX
    return to.kind in REPLACED and replaces and other.validity.overlaps(to.validity)


def find_idle_fields(measure: Measure) -> Iterator[Fault]:
    """The faults of fields that answers do not read in a rule of such a kind, or could not follow."""
    stated = {
        "expression": bool(measure.expression) and measure.kind in _WITHOUT_RATE,
        "minimum": bool(measure.minimum) and measure.kind is not Kind.FEE,
        "maximum": bool(measure.maximum) and measure.kind is not Kind.FEE,
        "base": measure.base == Base.DUTY_PAID and measure.kind not in _ON_DUTY_PAID,
        "yields_to": bool(measure.programme) and measure.programme in measure.yields_to,
        "mast_chapter": not _is_mast(measure.mast_chapter),
    }
    for field, idle in stated.items():
        if idle:
            yield Fault(FIELD_IDLE, {"record": record_name(measure), "field": field})


def _is_mast(chapter: str) -> bool:
    """Whether it is empty, or a chapter of MAST with further digits or none."""
    return not chapter or (chapter[0] in MAST_CHAPTERS and (len(chapter) == 1 or chapter[1:].isdigit()))


def find_idle_relief(measure: Measure, law: HeldLaw, brought: Mapping[str, Collection[Kind]]) -> Iterator[Fault]:
    """The faults of a relief that nobody can ask for, or of charges that the rulebook has none of.

    ``brought`` are the kinds of the rules that the change adds, by territory.
    """
    if measure.relieves is None:
        return
    if measure.programme == RECOGNITION and measure.unreadable == "relief_unreadable":
        yield Fault(RECOGNISES_UNCLAIMED, {"record": record_name(measure)})
    territory = law.book.territories.get(measure.territory)
    if territory is None or measure.relieves_papers:
        return
    codes = {territory.code, *(each.code for one in territory.members for each in law.book.territories_of(one))}
    held = {kind for code in codes for kind in (*law.book.coverage.get(code, ()), *brought.get(code, ()))}
    wanted = {measure.relieves, Kind.ADDITIONAL_DUTY} if measure.relieves is Kind.DUTY else {measure.relieves}
    if held.isdisjoint(wanted):
        params = {"record": record_name(measure), "kind": str(measure.relieves), "territory": measure.territory}
        yield Fault(RELIEVES_UNHELD, params)
