"""What an answer does not know, said in sentences: no schedule, no tax, no carriage given, kinds of rule not held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.line_in_progress import depends_on_member
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import Frame
    from ewtp.core.assessment.line_in_progress import LineWork

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


def note_gaps(frame: Frame, line: LineWork) -> None:
    """Add to the line's unknowns what the rulebook or the question leaves open besides the duty."""
    _note_digits(frame, line)
    _note_tax(frame, line)
    _note_carriage(frame, line)
    _note_kinds(frame, line)
    _note_route(frame, line)
    _note_member(frame, line)


def note_duty_gaps(frame: Frame, line: LineWork) -> None:
    """Say why there is no duty where there is none; taxes on the duty-paid value depend on it."""
    destination = frame.question.destination
    work = line.work
    if not frame.territories:
        work.open(
            "economy_not_in_rulebook",
            f"The rulebook holds nothing about {destination}: no tariff, no tax, no requirements; ask its customs "
            "authority.",
        )
    elif frame.tariff is None:
        work.open("tariff_not_in_rulebook", f"The rulebook holds no tariff of {destination}; the duty is not known.")
    elif not frame.book.has_lines_on(frame.tariff.code, frame.question.day):
        start = frame.book.schedule_starts.get(frame.tariff.code)
        since = f"starts on {start}" if start else "has no lines"
        work.open(
            "schedule_not_in_force",
            f"The rulebook's schedule of {frame.tariff.name} {since}; the duty on {frame.question.day} is not known.",
        )
    elif not frame.inside_union and line.span is None and not any(c.kind == "duty" for c in work.charges):
        if not (line.matched.get(Kind.DUTY) or line.matched.get(Kind.PREFERENCE)):
            work.open(
                "duty_not_in_rulebook",
                f"The rulebook holds no duty for {line.line.hs} in {frame.tariff.name} on {frame.question.day}.",
            )
        else:
            work.complete = False


def _note_digits(frame: Frame, line: LineWork) -> None:
    if frame.tariff is not None and line.declared and len(line.line.hs) > len(line.declared):
        line.work.open(
            "code_finer_than_schedule",
            f"The rulebook's schedule of {frame.tariff.name} ends at {line.declared}; the digits after it were not "
            "checked.",
            costs=False,
        )


def _note_tax(frame: Frame, line: LineWork) -> None:
    if not frame.territories or line.matched.get(Kind.TAX):
        return
    union = next((t for t in frame.territories if t.code == frame.question.destination and len(t.members) > 1), None)
    if union is not None:
        line.work.open(
            "tax_depends_on_member",
            f"VAT is set by each member of {union.name}; ask again with the member the goods go to.",
        )
    else:
        line.work.open(
            "tax_not_in_rulebook",
            f"The rulebook holds no VAT, GST or sales tax on imports of {frame.question.destination}.",
        )


def _note_carriage(frame: Frame, line: LineWork) -> None:
    if not frame.basis_is_known and frame.tariff is not None:
        line.work.open(
            "valuation_not_in_rulebook",
            f"Whether freight and insurance are part of the customs value in {frame.question.destination} is not in "
            "the rulebook; they are counted in, and without them duty and tax would be lower.",
            costs=False,
        )
    if frame.question.freight is None and frame.territories:
        included = (
            "the customs value includes freight to the border"
            if frame.basis == "CIF"
            else "the landed cost includes freight"
        )
        line.work.open(
            "freight_not_given",
            f"No freight was given, so none is counted, though {included}; give freight for the full figure.",
            costs=False,
        )


def _note_kinds(frame: Frame, line: LineWork) -> None:
    if frame.tariff is None:
        return
    key = ("missing kinds", frame.question.destination)
    message: str | None = frame.book.derived.get(key)
    if message is None:
        held = frozenset().union(*(frame.book.coverage.get(t.code, frozenset()) for t in frame.territories))
        message = _missing(
            frame.question.destination,
            [words for kind, words in _WORDS.items() if kind not in held],
            [words for kind, words in _WORDS.items() if kind in held],
        )
        frame.book.derived[key] = message
    line.work.open("not_in_rulebook", message, costs=False)


def _missing(destination: str, none: list[str], some: list[str]) -> str:
    """No list of rules is known to be whole: that one rule of a kind is held says nothing of the others."""
    parts = [f"no {words}" for words in none]
    if some:
        parts.append(f"perhaps not all {', '.join(some)}")
    return f"For {destination} the rulebook holds {'; '.join(parts)}. That it names none does not mean there are none."


def _note_route(frame: Frame, line: LineWork) -> None:
    if line.line.origin == frame.question.origin or not (line.line.claims or line.options):
        return
    line.work.open(
        "direct_transport",
        f"A preference of {line.line.origin} {'is claimed' if line.line.claims else 'is offered'} for goods sent from "
        f"{frame.question.origin}; whether the agreement allows that route is not in the rulebook.",
        costs=False,
    )


def _note_member(frame: Frame, line: LineWork) -> None:
    origin = line.line.origin
    if len(frame.book.members_of(origin)) > 1 and depends_on_member(frame, line.facts, origin):
        line.work.open(
            "origin_depends_on_member",
            f"Some rules reach goods of some members of {origin} and not of others; only what reaches all of them is "
            "counted. Ask again with the member the goods are from.",
        )
