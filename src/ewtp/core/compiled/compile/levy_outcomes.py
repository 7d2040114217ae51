"""The outcomes of lists of levies, decided part by part: reliefs, excises, fees and taxes.

A list of levies depends on buyer, transport, value and claim, so that it has hundreds of modes, and every list of a
schedule has most of its rules in common with the others. Each part is therefore decided once, by the scalar path's own
functions, for the shapes of its rules and for which of their conditions are met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable
from ewtp.core.assessment.matched_rules import Matched, is_answerable
from ewtp.core.assessment.reliefs import find_relief
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.compiled.compile.condition_axes import SOME_VALUE
from ewtp.core.compiled.compile.outcome_draft import OutcomeDraft
from ewtp.core.compiled.compile.outcomes import ListOutcome, Mode
from ewtp.core.compiled.format import charge_kind, omission, outcome_flag
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.measure import ConditionKind, Kind

if TYPE_CHECKING:
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.matched_rules import RulesByKind
    from ewtp.core.compiled.compile.outcome_draft import ChargeWriter, OutcomeDue
    from ewtp.core.compiled.compile.outcomes import RuleIndices
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule

# Whether a rule's conditions are met; None where a fact is missing.
Verdicts = Sequence[bool | None]
# By kind of charge, the unknowns that a condition of its rule brings along.
_UNKNOWNS: dict[int, tuple[tuple[ConditionKind, int], ...]] = {
    charge_kind.EXCISE: (),
    charge_kind.FEE: ((ConditionKind.ASSUMES, unknown_bit("fee_assumes")),),
    charge_kind.TAX: (
        (ConditionKind.REDUCED, unknown_bit("reduced_rate_possible")),
        (ConditionKind.DISPUTED, unknown_bit("sources_disagree")),
        (ConditionKind.UNCONFIRMED, unknown_bit("rate_not_confirmed")),
    ),
}
_RELIEVED = (Kind.DUTY, Kind.EXCISE, Kind.FEE, Kind.TAX)
_ANY_MODE = Mode(None, None, SOME_VALUE[0], None)


class _LevyPart(NamedTuple):
    """The charges of the rules of one kind; ``charged`` are the places of the rules that lead to one."""

    dues: tuple[OutcomeDue, ...] = ()
    unknowns: int = 0
    flags: int = 0
    charged: RuleIndices = ()


class _Reliefs(NamedTuple):
    """By kind of ``_RELIEVED``, the place of the relief among the reliefs; and whether one cannot be decided."""

    places: tuple[int | None, ...]
    is_open: bool


_NOTHING = _LevyPart()
_NO_RELIEF = _Reliefs((None,) * len(_RELIEVED), is_open=False)


@dataclass(slots=True)
class LevySituation:
    """The rules that reach a line of some origin, each with the number of its shape.

    ``places`` are by kind of charge the places of its rules among ``rules``; ``reliefs`` are those of reliefs.
    """

    rules: Sequence[tuple[int, Rule]]
    matched: RulesByKind
    memberships: frozenset[str]
    places: dict[int, list[int]]
    reliefs: list[int]
    claims: frozenset[str] | None = None


@dataclass(slots=True)
class LevyDecider:
    """Decides the outcomes of lists of levies, for every list of a book."""

    book: Book
    writer: ChargeWriter
    # Parts decided before.
    _parts: dict[tuple[object, ...], _LevyPart] = field(default_factory=dict)
    _reliefs: dict[tuple[object, ...], _Reliefs] = field(default_factory=dict)

    def decide(self, situation: LevySituation, verdicts: Verdicts, mode: Mode) -> ListOutcome:
        """The outcome where the conditions of the situation's rules are met as ``verdicts`` say, in such a mode.

        The sets of the outcome are places among the situation's rules.
        """
        matched, reliefs = situation.matched, situation.reliefs
        relieved = self._find_reliefs(situation, verdicts, mode) if reliefs else _NO_RELIEF
        of_duty, of_excise, of_fee, of_tax = relieved.places
        excise = self._part(situation, charge_kind.EXCISE, verdicts, mode) if of_excise is None else _NOTHING
        fee = self._part(situation, charge_kind.FEE, verdicts, mode) if of_fee is None else _NOTHING
        tax = self._part(situation, charge_kind.TAX, verdicts, mode) if of_tax is None else _NOTHING
        flags = excise.flags | fee.flags | tax.flags
        if Kind.TAX in matched or of_tax is not None:
            flags |= outcome_flag.TAX_MATCHED
        if of_duty is not None:
            flags |= outcome_flag.RELIEVED
        if relieved.is_open:
            # An undecided relief matters only outside a customs union, and whether a line is inside is unknown here.
            flags |= outcome_flag.SCALAR
        if mode.claim is not None and mode.claim in self._claimable(situation):
            flags |= outcome_flag.CLAIM_KNOWN
        sets = (
            excise.charged if of_excise is None else (reliefs[of_excise],),
            fee.charged if of_fee is None else (reliefs[of_fee],),
            tax.charged if of_tax is None else (reliefs[of_tax],),
            () if of_duty is None else (reliefs[of_duty],),
        )
        dues = excise.dues + fee.dues + tax.dues
        return ListOutcome(dues, excise.unknowns, fee.unknowns, tax.unknowns, flags, sets)

    def _claimable(self, situation: LevySituation) -> frozenset[str]:
        if situation.claims is None:
            facts = _ANY_MODE.circumstances(situation.memberships)
            situation.claims = claimable(situation.matched, facts, self.book)
        return situation.claims

    def _find_reliefs(self, situation: LevySituation, verdicts: Verdicts, mode: Mode) -> _Reliefs:
        matched = situation.matched
        own = [(situation.rules[place][0], verdicts[place]) for place in situation.reliefs]
        key = (*own, *[kind in matched for kind in _RELIEVED])
        known = self._reliefs.get(key)
        if known is None:
            findings, facts = Findings(), mode.circumstances(situation.memberships)
            found = [find_relief(matched, facts, findings, kind) for kind in _RELIEVED]
            places = {id(each.rule): place for place, each in enumerate(matched[Kind.RELIEF])}
            by_kind = tuple([None if rule is None else places[id(rule)] for rule in found])
            known = self._reliefs[key] = _Reliefs(by_kind, bool(findings.unknowns))
        return known

    def _part(self, situation: LevySituation, kind: int, verdicts: Verdicts, mode: Mode) -> _LevyPart:
        """The charges and unknowns of the rules that lead to charges of one kind."""
        places = situation.places[kind]
        if not places:
            return _NOTHING
        # Taxes may be taken on a fee, so where there are some its amount bounds nothing.
        bounding = kind == charge_kind.FEE and Kind.TAX not in situation.matched
        rules = situation.rules
        key = (kind, bounding, *[(rules[place][0], verdicts[place]) for place in places])
        known = self._parts.get(key)
        if known is None:
            own = [(*rules[place], verdicts[place]) for place in places]
            facts = mode.circumstances(situation.memberships)
            known = self._parts[key] = self._decide_part(kind, own, facts, bounding=bounding)
        return known if not known.charged else known._replace(charged=tuple([places[n] for n in known.charged]))

    def _decide_part(
        self, kind: int, own: Sequence[tuple[int, Rule, bool | None]], facts: LineFacts, *, bounding: bool
    ) -> _LevyPart:
        """``bounding`` adds the charges that a fact which is not stated decides, if all of them can be computed."""
        draft = OutcomeDraft()
        writer = self.writer
        possible = [(shape, rule) for shape, rule, met in own if met is None]
        if possible:
            draft.unknowns |= unknown_bit("condition_open")
        charged = []
        for place, (shape, rule, met) in enumerate(own):
            if not met:
                continue
            writer.charge(draft, shape, rule, kind)
            if not writer.program(shape, rule)[0].refusal:
                charged.append(place)
            stated = {condition.kind for condition in rule.measure.conditions}
            for condition, unknown in _UNKNOWNS[kind]:
                draft.unknowns |= unknown if condition in stated else 0
        computed = [
            is_answerable(rule, facts) and not writer.program(shape, rule)[0].refusal for shape, rule in possible
        ]
        if possible and bounding and all(computed):
            draft.flags |= outcome_flag.BOUNDED
            for shape, rule in possible:
                writer.charge(draft, shape, rule, kind, omitted=omission.POSSIBLE)
        return _LevyPart(tuple(draft.dues), draft.unknowns, draft.flags, tuple(charged))


def find_situation(
    found: Sequence[Matched], shapes: Sequence[int], memberships: frozenset[str] = frozenset()
) -> LevySituation:
    """The parts of the rules that are in force and reach the line's origin; ``shapes`` are the numbers of theirs."""
    matched: RulesByKind = {}
    places: dict[Kind, list[int]] = {}
    for place, each in enumerate(found):
        kind = each.rule.measure.kind
        matched.setdefault(kind, []).append(each)
        places.setdefault(kind, []).append(place)
    taxes = {id(each.rule) for each in specific_taxes(matched.get(Kind.TAX, []))}
    by_charge = {
        charge_kind.EXCISE: places.get(Kind.EXCISE, []),
        charge_kind.FEE: places.get(Kind.FEE, []),
        charge_kind.TAX: [place for place in places.get(Kind.TAX, []) if id(found[place].rule) in taxes],
    }
    rules = [(shape, each.rule) for shape, each in zip(shapes, found, strict=True)]
    return LevySituation(rules, matched, memberships, by_charge, places.get(Kind.RELIEF, []))
