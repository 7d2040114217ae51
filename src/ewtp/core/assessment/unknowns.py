"""What an answer does not know, said in sentences: no schedule, no tax, no carriage given, kinds of rule not held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.matched_rules import depends_on_member
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_in_progress import LineInProgress

_WORDS = {
    Kind.PREFERENCE: "preferences",
    Kind.ADDITIONAL_DUTY: "additional duties such as anti-dumping",
    Kind.QUOTA: "tariff quotas",
    Kind.EXCISE: "excise",
    Kind.FEE: "fees",
    Kind.REQUIREMENT: "documents and agencies",
    Kind.PROHIBITION: "prohibitions",
    Kind.RELIEF: "low-value reliefs",
}


def note_unknowns(context: ConsignmentContext, line: LineInProgress) -> None:
    """Add to the line's unknowns what the rulebook or the question leaves open besides the duty."""
    _note_digits(context, line)
    _note_tax(context, line)
    _note_carriage(context, line)
    _note_kinds(context, line)
    _note_route(context, line)
    _note_member(context, line)


def note_duty_unknowns(context: ConsignmentContext, line: LineInProgress) -> None:
    """Say why there is no duty where there is none; taxes on the duty-paid value depend on it."""
    destination = context.question.destination
    findings = line.findings
    if not context.territories:
        findings.open(
            "economy_not_in_rulebook",
            f"The rulebook holds nothing about {destination}: no tariff, no tax, no requirements; ask its customs "
            "authority.",
        )
    elif context.tariff is None:
        findings.open(
            "tariff_not_in_rulebook", f"The rulebook holds no tariff of {destination}; the duty is not known."
        )
    elif not context.book.has_lines_on(context.tariff.code, context.question.day):
        start = context.book.schedule_starts.get(context.tariff.code)
        since = f"starts on {start}" if start else "has no lines"
        findings.open(
            "schedule_not_in_force",
            f"The rulebook's schedule of {context.tariff.name} {since}; the duty on {context.question.day} is not "
            "known.",
        )
    elif not context.inside_union and line.span is None and not any(c.kind == "duty" for c in findings.charges):
        if not (line.matched.get(Kind.DUTY) or line.matched.get(Kind.PREFERENCE)):
            findings.open(
                "duty_not_in_rulebook",
                f"The rulebook holds no duty for {line.line.hs} in {context.tariff.name} on {context.question.day}.",
            )
        else:
            findings.complete = False


def _note_digits(context: ConsignmentContext, line: LineInProgress) -> None:
    if context.tariff is not None and line.declared and len(line.line.hs) > len(line.declared):
        line.findings.open(
            "code_finer_than_schedule",
            f"The rulebook's schedule of {context.tariff.name} ends at {line.declared}; the digits after it were not "
            "checked.",
            costs=False,
        )


def _note_tax(context: ConsignmentContext, line: LineInProgress) -> None:
    if not context.territories or line.matched.get(Kind.TAX):
        return
    union = next(
        (t for t in context.territories if t.code == context.question.destination and len(t.members) > 1), None
    )
    if union is not None:
        line.findings.open(
            "tax_depends_on_member",
            f"VAT is set by each member of {union.name}; ask again with the member the goods go to.",
        )
    else:
        line.findings.open(
            "tax_not_in_rulebook",
            f"The rulebook holds no VAT, GST or sales tax on imports of {context.question.destination}.",
        )


def _note_carriage(context: ConsignmentContext, line: LineInProgress) -> None:
    if not context.basis_is_known and context.tariff is not None:
        line.findings.open(
            "valuation_not_in_rulebook",
            f"Whether freight and insurance are part of the customs value in {context.question.destination} is not in "
            "the rulebook; they are counted in, and without them duty and tax would be lower.",
            costs=False,
        )
    if context.question.freight is None and context.territories:
        included = (
            "the customs value includes freight to the border"
            if context.basis == "CIF"
            else "the landed cost includes freight"
        )
        line.findings.open(
            "freight_not_given",
            f"No freight was given, so none is counted, though {included}; give freight for the full figure.",
            costs=False,
        )


def _note_kinds(context: ConsignmentContext, line: LineInProgress) -> None:
    if context.tariff is None:
        return
    key = ("missing kinds", context.question.destination)
    message: str | None = context.book.derived.get(key)
    if message is None:
        held = frozenset().union(*(context.book.coverage.get(t.code, frozenset()) for t in context.territories))
        message = _missing(
            context.question.destination,
            [words for kind, words in _WORDS.items() if kind not in held],
            [words for kind, words in _WORDS.items() if kind in held],
        )
        context.book.derived[key] = message
    line.findings.open("not_in_rulebook", message, costs=False)


def _missing(destination: str, none: list[str], some: list[str]) -> str:
    """No list of rules is known to be whole: that one rule of a kind is held says nothing of the others."""
    parts = [f"no {words}" for words in none]
    if some:
        parts.append(f"perhaps not all {', '.join(some)}")
    return f"For {destination} the rulebook holds {'; '.join(parts)}. That it names none does not mean there are none."


def _note_route(context: ConsignmentContext, line: LineInProgress) -> None:
    if line.line.origin == context.question.origin or not (line.line.claims or line.options):
        return
    line.findings.open(
        "direct_transport",
        f"A preference of {line.line.origin} {'is claimed' if line.line.claims else 'is offered'} for goods sent from "
        f"{context.question.origin}; whether the agreement allows that route is not in the rulebook.",
        costs=False,
    )


def _note_member(context: ConsignmentContext, line: LineInProgress) -> None:
    origin = line.line.origin
    if len(context.book.members_of(origin)) > 1 and depends_on_member(context, line.facts, origin):
        line.findings.open(
            "origin_depends_on_member",
            f"Some rules reach goods of some members of {origin} and not of others; only what reaches all of them is "
            "counted. Ask again with the member the goods are from.",
        )
