"""Whether a measure has any effect on an answer: what it charges or relieves of, and each field that it states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.record_sentences import RECOGNISES_ITSELF, YIELDS_TO_NOTHING
from ewtp.core.rulebook.changeset.sentences import CHARGES_NOTHING, FIELD_IDLE, RECOGNISES_UNCLAIMED, RELIEVES_UNHELD
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.rulebook.expressions.tree import AdValorem, Specific, walk
from ewtp.core.rulebook.measure import EVERY_ORIGIN, RECOGNITION, Base, ConditionKind, Kind, Measure
from ewtp.core.rulebook.territory import MAST_CHAPTERS
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
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
    # A relief of duty puts a flat amount for each line in the place of the duty.
    bounded = measure.kind is Kind.FEE or (measure.relieves is Kind.DUTY and measure.is_flat)
    charges, papers = measure.kind.charges, measure.kind in _WITHOUT_RATE
    stated = {
        "expression": bool(measure.expression) and papers,
        "programme": bool(measure.programme) and papers,
        "additional_code": bool(measure.additional_code) and papers,
        "order_number": bool(measure.order_number) and measure.kind is not Kind.QUOTA,
        "document": bool(measure.document) and charges,
        "stage": bool(measure.stage) and charges,
        "minimum": bool(measure.minimum) and not bounded,
        "maximum": bool(measure.maximum) and not bounded,
        "base": measure.base == Base.DUTY_PAID and measure.kind not in _ON_DUTY_PAID,
        "yields_to": bool(measure.yields_to) and _is_idle_yield(measure),
        "mast_chapter": not _is_mast(measure.mast_chapter) or (bool(measure.mast_chapter) and charges),
    }
    for field, idle in stated.items():
        if idle:
            yield Fault(FIELD_IDLE, {"record": record_name(measure), "field": field})


def _is_idle_yield(measure: Measure) -> bool:
    """Whether a rule yields to itself, or is of a kind that yields to none."""
    return measure.kind is not Kind.ADDITIONAL_DUTY or measure.programme in measure.yields_to


def find_unheld_programmes(measure: Measure, law: HeldLaw, brought: Collection[str]) -> Iterator[Fault]:
    """The fault of programmes that a rule yields to and of which its territory has no additional duty.

    ``brought`` are those of the rules that the change adds. What a rule of the law yields to, it may repeat.
    """
    if not measure.yields_to or measure.kind is not Kind.ADDITIONAL_DUTY:
        return
    like = (each for each in law.records_like(measure) if isinstance(each, Measure))
    held = {name for each in like for name in each.yields_to}
    known = {*held, *brought, *law.programmes_of(measure.territory), measure.programme}
    unheld = [name for name in dict.fromkeys(measure.yields_to) if name not in known]
    if unheld:
        params = {"record": record_name(measure), "programmes": unheld, "territory": measure.territory}
        yield Fault(YIELDS_TO_NOTHING, params)


def same_paper(measure: Measure) -> tuple[str, str] | None:
    """The paper and the authority that a rule recognises, where they have the names of those that ask; else None."""
    if measure.kind is not Kind.RELIEF or measure.programme != RECOGNITION:
        return None
    named = {each.kind: each.value for each in measure.conditions}
    document, authority = named.get(ConditionKind.DOCUMENT, ""), named.get(ConditionKind.AUTHORITY, "")
    same = _is_same(document, measure.document) and _is_same(authority, measure.agency)
    return (document, authority) if same else None


def _is_same(one: str, other: str) -> bool:
    words = one.casefold().split()
    return bool(words) and words == other.casefold().split()


def find_own_paper(measure: Measure) -> Iterator[Fault]:
    """The fault of a rule that recognises, for goods of every origin, the paper that is asked for."""
    paper = same_paper(measure)
    if paper is not None and EVERY_ORIGIN in measure.origins.include:
        params = {"record": record_name(measure), "document": paper[0], "authority": paper[1]}
        yield Fault(RECOGNISES_ITSELF, params)


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
