"""The unknowns of an answer: no schedule, no tax, no carriage given, kinds of rule that the rulebook lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.border_sentences import (
    EMBARGO_NOT_LOOKED_AT,
    EMBARGO_NOT_LOOKED_AT_REGIME,
    FEE_NOT_ON_ENTRY,
    TAX_NOT_ON_ENTRY,
    TRADE_MAY_BE_PROHIBITED,
)
from ewtp.core.assessment.claims import find_claimed_lower_duties
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.rule_matches import depends_on_member
from ewtp.core.assessment.sentences import (
    CHARGES_NOT_HELD,
    CHARGES_NOT_HELD_SINCE,
    CHARGES_NOT_LOOKED_AT,
    CODE_CONVERTED,
    CODE_CONVERTED_HS,
    CODE_FINER_THAN_SCHEDULE,
    DIRECT_TRANSPORT_CLAIMED,
    DIRECT_TRANSPORT_OFFERED,
    DUTY_NOT_IN_RULEBOOK,
    ECONOMY_NOT_IN_RULEBOOK,
    FREIGHT_NOT_GIVEN_CIF,
    FREIGHT_NOT_GIVEN_FOB,
    NOT_IN_RULEBOOK,
    NOT_IN_RULEBOOK_ALL,
    NOT_IN_RULEBOOK_SOME,
    ORIGIN_DEPENDS_ON_MEMBER,
    SCHEDULE_FOR_EARLIER_DAYS,
    SCHEDULE_NOT_IN_FORCE,
    SCHEDULE_OF_OLD_EDITION,
    SCHEDULE_WITHOUT_LINES,
    TARIFF_NOT_IN_RULEBOOK,
    TAX_BASE_OPEN,
    TAX_DEPENDS_ON_MEMBER,
    TAX_NOT_IN_RULEBOOK,
    VALUATION_NOT_IN_RULEBOOK,
)
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, Extent, coverage_name
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territorial_status import find_coverage
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_in_progress import LineInProgress
    from ewtp.core.rulebook.territory import Territory

# Kinds of rule that cost nothing unless they are claimed, or not at all; an answer would name those that it held.
_KINDS = (Kind.PREFERENCE, Kind.QUOTA, Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF)
_NOTHING = Decimal(0)
# The group of the economies on which there is a sanctions regime of the United Nations.
UN_REGIMES = "UN-SANCTIONS"
# By destination, the group of the economies that its own sanctions programmes are named after.
PROGRAMMES = {"US": "US-SANCTIONS-PROGRAMMES"}
_WITHOUT_FREIGHT = {"CIF": Unknown(FREIGHT_NOT_GIVEN_CIF), "FOB": Unknown(FREIGHT_NOT_GIVEN_FOB)}


def note_unknowns(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note the gaps of the rulebook and of the question on a line, apart from the duty."""
    _note_digits(context, line)
    _note_tax(context, line)
    _note_not_owed(context, line)
    _note_carriage(context, line)
    _note_kinds(context, line)
    _note_embargo(context, line)
    _note_programme(context, line)
    _note_route(context, line)
    _note_member(context, line)


def note_duty_unknowns(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note why there is no duty where there is none; taxes on the duty-paid value depend on it."""
    destination = context.question.destination
    findings = line.findings
    if not context.territories:
        findings.open(Unknown(ECONOMY_NOT_IN_RULEBOOK, {"economy": destination}))
    elif context.tariff is None:
        findings.open(Unknown(TARIFF_NOT_IN_RULEBOOK, {"economy": destination}))
    elif not context.book.has_lines_on(context.tariff.code, context.question.day):
        findings.open(_schedule_not_in_force(context.tariff, context))
    elif not context.inside_union and not line.duties_open and not any(c.kind is Kind.DUTY for c in findings.charges):
        # A lower duty that nobody claims says nothing of the duty that is owed.
        if not (line.matched.get(Kind.DUTY) or any(find_claimed_lower_duties(line.matched, line.facts))):
            findings.open(state_no_duty(line.line.hs, context.tariff, context.question.day))
        else:
            # Rules reach the goods and none charges them; that more may be owed is all that is known.
            findings.raised = True


def state_no_duty(code: str, tariff: Territory, day: date) -> Unknown:
    """That the rulebook holds no duty on a code."""
    return Unknown(DUTY_NOT_IN_RULEBOOK, {"code": code, "territory": tariff, "day": day})


def _schedule_not_in_force(tariff: Territory, context: ConsignmentContext) -> Unknown:
    start = context.book.schedule_starts.get(tariff.code)
    known = {"territory": tariff, "day": context.question.day}
    return (
        Unknown(SCHEDULE_NOT_IN_FORCE, {**known, "start": start}) if start else Unknown(SCHEDULE_WITHOUT_LINES, known)
    )


def _note_digits(context: ConsignmentContext, line: LineInProgress) -> None:
    if context.tariff is not None and line.declared and len(line.line.hs) > len(line.declared):
        params = {"territory": context.tariff, "code": line.declared}
        line.findings.open(Unknown(CODE_FINER_THAN_SCHEDULE, params))
    if line.converted:
        line.findings.open(_state_conversion(context.tariff, line))


def _state_conversion(tariff: Territory | None, line: LineInProgress) -> Unknown:
    codes = {"code": line.line.hs, "converted": line.converted}
    if tariff is None:
        return Unknown(CODE_CONVERTED_HS, codes)
    return Unknown(CODE_CONVERTED, {**codes, "territory": tariff, "nomenclature": tariff.nomenclature})


def _note_not_owed(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note the charges on entry that goods do not owe inside one territory, where the rulebook holds some."""
    ends = {"origin": context.question.origin, "destination": context.question.destination}
    for kind, sentence in ((Kind.TAX, TAX_NOT_ON_ENTRY), (Kind.FEE, FEE_NOT_ON_ENTRY)):
        held = any(kind in context.book.coverage.get(t.code, ()) for t in context.territories)
        if held and kind in context.not_owed:
            line.findings.open(Unknown(sentence, ends))


def _note_tax(context: ConsignmentContext, line: LineInProgress) -> None:
    if Kind.TAX in context.not_owed:
        return
    taxed = bool(line.matched.get(Kind.TAX))
    if (taxed and not context.tax_base_is_open) or not context.territories or is_untaxed(context):
        return
    if taxed:
        if context.tax_base_is_open and context.tariff is not None:
            line.findings.open(Unknown(TAX_BASE_OPEN, {"economy": context.question.destination}))
        return
    if any(charge.kind is Kind.TAX for charge in line.findings.charges):
        # A relief of taxes settles that there is none.
        return
    union = next(
        (t for t in context.territories if t.code == context.question.destination and len(t.members) > 1), None
    )
    if union is not None:
        line.findings.open(Unknown(TAX_DEPENDS_ON_MEMBER, {"territory": union}))
    else:
        line.findings.open(Unknown(TAX_NOT_IN_RULEBOOK, {"economy": context.question.destination}))


def is_untaxed(context: ConsignmentContext) -> bool:
    """Whether a statement says that the destination has no tax on imports."""
    return _find_extent(context, Kind.TAX) == Extent.NONE


def _find_extent(context: ConsignmentContext, kind: Kind) -> str | None:
    practice = find_coverage(context.territories, context.lending, kind, context.question.day)
    return practice.value if practice else None


def _note_carriage(context: ConsignmentContext, line: LineInProgress) -> None:
    if not context.basis_is_known and context.tariff is not None:
        params = {"economy": context.question.destination}
        # Where no carriage was counted, leaving it out changes nothing.
        customs_value = line.facts.customs_value
        nothing = Money(_NOTHING, customs_value.currency).round_to_minor() if customs_value == line.goods else None
        line.findings.open(Unknown(VALUATION_NOT_IN_RULEBOOK, params, nothing))
    if context.question.freight is None and context.territories:
        line.findings.open(_WITHOUT_FREIGHT[context.basis])


def destination_gaps(context: ConsignmentContext) -> tuple[Unknown, ...]:
    """What is open of every line to the destination on the day: charges not held, and a day that no schedule knows."""
    return (*_find_uncovered_charges(context), *_schedule_for_earlier_days(context))


def _schedule_for_earlier_days(context: ConsignmentContext) -> tuple[Unknown, ...]:
    tariff, day = context.tariff, context.question.day
    last = tariff.schedule_known_until if tariff else None
    if tariff is None or tariff.schedule is None or last is None or day <= last:
        return ()
    known = {"territory": tariff, "day": day, "last": last}
    if last == tariff.edition_known_until:
        return (Unknown(SCHEDULE_OF_OLD_EDITION, {**known, "published": tariff.schedule.published}),)
    return (Unknown(SCHEDULE_FOR_EARLIER_DAYS, {**known, "read": tariff.schedule.retrieved}),)


def _find_uncovered_charges(context: ConsignmentContext) -> tuple[Unknown, ...]:
    """The kinds of charge that exist at the destination and are not held, and those that nobody has looked at."""
    if context.tariff is None:
        return ()
    not_held, not_looked_at = [], []
    ended: dict[Kind, date] = {}
    for kind in COVERED_KINDS:
        stated = _find_extent(context, kind)
        if stated == Extent.NOT_HELD:
            last = _last_day_held(context, kind)
            if last is None:
                not_held.append(kind)
            else:
                ended[kind] = last
        elif stated is None and kind is not Kind.TAX:
            # Where a tax is not held, a sentence of its own says so.
            not_looked_at.append(kind)
    economy = context.question.destination
    found = [
        Unknown(sentence, {"economy": economy, "kinds": kinds})
        for kinds, sentence in ((not_held, CHARGES_NOT_HELD), (not_looked_at, CHARGES_NOT_LOOKED_AT))
        if kinds
    ]
    if ended:
        # For the earliest of the days all of them are held.
        params = {"economy": economy, "kinds": list(ended), "last": min(ended.values())}
        found.insert(0, Unknown(CHARGES_NOT_HELD_SINCE, params))
    return tuple(found)


def _last_day_held(context: ConsignmentContext, kind: Kind) -> date | None:
    """The last day before the one asked about for which a kind of charge is held; None where it never was."""
    name, day = coverage_name(kind), context.question.day
    return max(
        (
            practice.validity.end
            for territory in context.territories
            for practice in territory.practices
            if practice.name == name and practice.value in (Extent.WHOLE, Extent.PART)
            if practice.validity.end is not None and practice.validity.end < day
        ),
        default=None,
    )


def _note_kinds(context: ConsignmentContext, line: LineInProgress) -> None:
    if context.tariff is None:
        return
    key = ("gaps", context.question.destination, context.question.day)
    found: tuple[Unknown, ...] | None = context.book.derived.get(key)
    if found is None:
        held = frozenset().union(*(context.book.coverage.get(t.code, frozenset()) for t in context.territories))
        found = (*destination_gaps(context), _not_in_rulebook(context.question.destination, held))
        context.book.derived[key] = found
    for unknown in found:
        line.findings.open(unknown)


def _not_in_rulebook(destination: str, kinds: frozenset[Kind]) -> Unknown:
    missing = [kind for kind in _KINDS if kind not in kinds]
    held = [kind for kind in _KINDS if kind in kinds]
    if not held:
        return Unknown(NOT_IN_RULEBOOK_ALL, {"economy": destination, "missing": missing})
    if not missing:
        return Unknown(NOT_IN_RULEBOOK_SOME, {"economy": destination, "held": held})
    return Unknown(NOT_IN_RULEBOOK, {"economy": destination, "missing": missing, "held": held})


def _note_embargo(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note that sanctions and embargoes were not looked at, and a regime of the United Nations on one of the economies.

    No authority whose law is held states that it is whole in this respect, so every answer says so.
    """
    question, day = context.question, context.question.day
    economies = list(dict.fromkeys((question.origin, line.line.origin, question.destination)))
    key = ("embargo", *economies, day)
    found: Unknown | None = context.book.derived.get(key)
    if found is None:
        regimes = [economy for economy in economies if UN_REGIMES in context.book.groups_of(economy, day)]
        found = (
            Unknown(EMBARGO_NOT_LOOKED_AT_REGIME, {"economies": economies, "regimes": regimes})
            if regimes
            else Unknown(EMBARGO_NOT_LOOKED_AT, {"economies": economies})
        )
        context.book.derived[key] = found
    line.findings.open(found)


def _note_programme(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note that the destination has a sanctions programme named after an economy that the goods are from."""
    destination = context.question.destination
    within = (destination, *(t.code for t in context.territories))
    groups = frozenset(PROGRAMMES[code] for code in within if code in PROGRAMMES)
    if not groups:
        return
    day = context.question.day
    named = [
        economy
        for economy in dict.fromkeys((context.question.origin, line.line.origin))
        if groups & context.book.groups_of(economy, day)
    ]
    if named:
        source = min(context.book.groups[group].source.title for group in groups)
        params = {"economies": named, "destination": destination, "list": source}
        line.findings.open(Unknown(TRADE_MAY_BE_PROHIBITED, params))


def _note_route(context: ConsignmentContext, line: LineInProgress) -> None:
    """Note that a preference may be lost on the way; a claim that lifts a paper or a duty of its own is none."""
    if line.line.origin == context.question.origin or not (line.line.claims or line.options):
        return
    claimed = bool(line.line.claims) and any(find_claimed_lower_duties(line.matched, line.facts))
    if not (claimed or line.options):
        return
    sentence = DIRECT_TRANSPORT_CLAIMED if claimed else DIRECT_TRANSPORT_OFFERED
    params = {"origin": line.line.origin, "source": context.question.origin}
    line.findings.open(Unknown(sentence, params))


def _note_member(context: ConsignmentContext, line: LineInProgress) -> None:
    origin = line.line.origin
    if len(context.book.members_of(origin)) > 1 and depends_on_member(context, line.facts, origin):
        line.findings.open(Unknown(ORIGIN_DEPENDS_ON_MEMBER, {"economy": origin}))
