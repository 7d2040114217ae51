"""The outcomes of lists of levies, decided part by part: reliefs, excises, fees and taxes.

Each part is decided once, by the scalar path's own functions, for the shapes of its rules and for which of their
conditions are met.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable
from ewtp.core.assessment.reliefs import find_relief
from ewtp.core.assessment.rule_matches import is_answerable
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.compiled.compile.condition_axes import SOME_VALUE
from ewtp.core.compiled.compile.levy_columns import LevyColumns, LevyRow, LevyRows, ModeColumn, Verdicts
from ewtp.core.compiled.compile.outcome_draft import OutcomeDraft, OutcomeDue
from ewtp.core.compiled.compile.outcomes import ListOutcome, Mode
from ewtp.core.compiled.format import charge_kind, omission, outcome_flag
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.measure import ConditionKind, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.compiled.compile.condition_axes import ConditionAxes
    from ewtp.core.compiled.compile.outcome_draft import ChargeWriter, OutcomeDue
    from ewtp.core.compiled.compile.outcomes import RuleIndices
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.rule import Rule

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
# By kind of charge, where its relief is in ``_Reliefs.places``, and but for customs duty its part in ``LevyRow``.
_FIELDS = {charge_kind.DUTY: 0, charge_kind.EXCISE: 1, charge_kind.FEE: 2, charge_kind.TAX: 3}
_ANY_MODE = Mode(None, None, SOME_VALUE[0], None)


class _LevyPart(NamedTuple):
    """The charges of the rules of one kind; ``charged`` are the places of the rules that lead to one."""

    dues: tuple[OutcomeDue, ...] = ()
    unknowns: int = 0
    flags: int = 0
    charged: RuleIndices = ()


class _Reliefs(NamedTuple):
    """The reliefs of a line, and what is open about them.

    ``places`` are by kind of ``_RELIEVED`` the place of its relief among the reliefs. ``unknowns`` are bits;
    ``is_duty_open`` says that one of them is of the duties. ``is_flat`` says that an amount is in the place of the
    duty, which is ``flat``, or None where the kernel cannot have it.
    """

    places: tuple[int | None, int | None, int | None, int | None] = (None,) * 4
    unknowns: int = 0
    is_duty_open: bool = False
    is_flat: bool = False
    flat: OutcomeDue | None = None


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

    @property
    def is_taxed(self) -> bool:
        """Whether a tax reaches the line, on whatever condition."""
        return Kind.TAX in self.matched


@dataclass(slots=True)
class LevyDecider:
    """Decides the outcomes of lists of levies, for every list of a book."""

    book: Book
    writer: ChargeWriter
    _columns: dict[ConditionAxes, LevyColumns] = field(default_factory=dict)
    # What has been decided, and its numbers by the rules and verdicts that lead to it.
    _parts: Pool[_LevyPart] = field(default_factory=lambda: Pool(_LevyPart()))
    _reliefs: Pool[_Reliefs] = field(default_factory=lambda: Pool(_Reliefs()))
    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)

    def find_columns(self, axes: ConditionAxes, modes: Sequence[Mode]) -> LevyColumns:
        """The columns of these axes, whose modes are ``modes``."""
        found = self._columns.get(axes)
        if found is None:
            found = self._columns[axes] = LevyColumns(modes)
        return found

    def find_rows(self, situation: LevySituation, columns: LevyColumns, places: ModeColumn) -> LevyRows:
        """The outcome of the situation in every mode; ``places`` has by mode the mode whose row it shares."""
        claims = columns.nothing
        if columns.claims:
            facts = _ANY_MODE.circumstances(situation.memberships)
            known = columns.claims & claimable(situation.matched, facts, self.book)
            claims = columns.find((known,), lambda: [int(mode.claim in known) for mode in columns.modes])
        found = (
            self._find_reliefs(situation, columns),
            self._find_part(situation, charge_kind.EXCISE, columns),
            self._find_part(situation, charge_kind.FEE, columns),
            self._find_part(situation, charge_kind.TAX, columns),
            claims,
        )
        return columns.find_rows(found, places)

    def decide(self, row: LevyRow, *, is_taxed: bool) -> ListOutcome:
        """The outcome of a row without its sets; ``is_taxed`` as in the row's situation."""
        relieved: _Reliefs = self._reliefs.listed[row.reliefs]
        parts = self._parts.listed
        nothing: _LevyPart = parts[0]
        of_duty, of_excise, of_fee, of_tax = relieved.places
        excise: _LevyPart = parts[row.excise] if of_excise is None else nothing
        fee: _LevyPart = parts[row.fee] if of_fee is None else nothing
        tax: _LevyPart = parts[row.tax] if of_tax is None else nothing
        flags = excise.flags | fee.flags | tax.flags
        if is_taxed or of_tax is not None:
            flags |= outcome_flag.TAX_MATCHED
        if of_duty is not None:
            flags |= outcome_flag.RELIEVED
        flat: tuple[OutcomeDue, ...] = ()
        if relieved.flat is not None:
            flags |= outcome_flag.FLAT
            flat = (relieved.flat,)
        elif relieved.is_flat:
            flags |= outcome_flag.SCALAR
        if relieved.is_duty_open:
            flags |= outcome_flag.DUTY_OPEN
        if is_taxed:
            flags |= outcome_flag.TAX_REACHES
        if row.claim_known:
            flags |= outcome_flag.CLAIM_KNOWN
        dues = flat + excise.dues + fee.dues + tax.dues
        return ListOutcome(dues, excise.unknowns | relieved.unknowns, fee.unknowns, tax.unknowns, flags)

    def find_charged(self, situation: LevySituation, kind: int, row: LevyRow) -> RuleIndices:
        """The places, among the situation's rules, of those behind the charges of a kind, or of the relief from them.

        For customs duty that is the relief, if there is one.
        """
        relieved = self._reliefs.listed[row.reliefs].places[_FIELDS[kind]]
        if relieved is not None:
            return (situation.reliefs[relieved],)
        if kind == charge_kind.DUTY:
            return ()
        places = situation.places[kind]
        return tuple([places[n] for n in self._parts.listed[row[_FIELDS[kind]]].charged])

    def _find_reliefs(self, situation: LevySituation, columns: LevyColumns) -> ModeColumn:
        if not situation.reliefs:
            return columns.nothing
        matched = situation.matched
        present = tuple([kind in matched for kind in _RELIEVED])
        own = [situation.rules[place] for place in situation.reliefs]
        shapes = tuple([shape for shape, _ in own])

        def number(verdicts: Verdicts, mode: Mode) -> int:
            key = (shapes, verdicts, present)
            known = self._numbers.get(key)
            if known is None:
                known = self._numbers[key] = self._reliefs.place(self._decide_reliefs(situation, mode))
            return known

        return columns.find((shapes, present), lambda: columns.number_verdicts(own, number))

    def _decide_reliefs(self, situation: LevySituation, mode: Mode) -> _Reliefs:
        facts = mode.circumstances(situation.memberships)
        places = {id(each.rule): place for place, each in enumerate(situation.matched[Kind.RELIEF])}
        of_duties, of_levies = Findings(), Findings()
        found = [
            find_relief(situation.matched, facts, of_duties if kind is Kind.DUTY else of_levies, kind)
            for kind in _RELIEVED
        ]
        duty, excise, fee, tax = [None if rule is None else places[id(rule)] for rule in found]
        unknowns = 0
        for unknown in (*of_duties.unknowns, *of_levies.unknowns):
            unknowns |= unknown_bit(unknown.code)
        is_flat = found[0] is not None and found[0].measure.is_flat
        flat = self.writer.make_flat_due(found[0]) if is_flat and found[0] is not None else None
        return _Reliefs((duty, excise, fee, tax), unknowns, bool(of_duties.unknowns), is_flat, flat)

    def _find_part(self, situation: LevySituation, kind: int, columns: LevyColumns) -> ModeColumn:
        """By mode, the number of the part of the rules that lead to charges of one kind."""
        places = situation.places[kind]
        if not places:
            return columns.nothing
        # Taxes may be taken on a fee, so where there are some its amount bounds nothing.
        bounding = kind == charge_kind.FEE and not situation.is_taxed
        own = [situation.rules[place] for place in places]
        shapes = tuple([shape for shape, _ in own])

        def number(verdicts: Verdicts, mode: Mode) -> int:
            key = (kind, bounding, shapes, verdicts)
            known = self._numbers.get(key)
            if known is None:
                facts = mode.circumstances(situation.memberships)
                part = self._decide_part(kind, own, verdicts, facts, bounding=bounding)
                known = self._numbers[key] = self._parts.place(part)
            return known

        return columns.find((kind, bounding, shapes), lambda: columns.number_verdicts(own, number))

    def _decide_part(
        self, kind: int, own: Sequence[tuple[int, Rule]], verdicts: Verdicts, facts: LineFacts, *, bounding: bool
    ) -> _LevyPart:
        """``bounding`` adds the charges that a fact which is not stated decides, if all of them can be computed."""
        draft = OutcomeDraft()
        writer = self.writer
        possible = [each for each, met in zip(own, verdicts, strict=True) if met is None]
        if possible:
            draft.unknowns |= unknown_bit("condition_open")
        charged = []
        for place, ((shape, rule), met) in enumerate(zip(own, verdicts, strict=True)):
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
