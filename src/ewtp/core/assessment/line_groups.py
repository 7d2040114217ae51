"""National lines in groups: those that would bear the same charges, need the same papers and could claim the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.line_span import LineGroup
from ewtp.core.rulebook.duty_rank import find_stated_rate
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.assessment.answer import Option
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.assessment.papers import Papers
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Money

# Schedules subdivide by pairs of digits.
_STEP = 2


class LineBelow(NamedTuple):
    """What a line is grouped by: its code, the rules that reach it, what they charge and ask for, and its options."""

    code: str
    matched: RulesByKind
    findings: Findings
    papers: Papers
    duty: Money | None
    options: tuple[Option, ...]


def group_lines(asked: str, lines: Sequence[LineBelow]) -> tuple[LineGroup, ...]:
    """The lines below the code ``asked`` in groups, the lowest duty first and what is not known last."""
    shared = frozenset.intersection(*(papers_of(line.papers) for line in lines))
    open_for_all = frozenset.intersection(*(frozenset(_open(line.code, line.findings)) for line in lines))
    found: dict[object, list[LineBelow]] = {}
    for line in lines:
        found.setdefault(_signature(line), []).append(line)
    of_line = {line.code: number for number, group in enumerate(found.values()) for line in group}
    covers = _find_covering_codes(asked, of_line)
    groups = [
        LineGroup(
            lines=tuple(line.code for line in group),
            codes=covers[number],
            duty=group[0].duty,
            charges=tuple((c.kind, c.rule, c.amount) for c in group[0].findings.charges),
            papers=tuple(rule for rule in group[0].papers.standing if _paper_of(rule) not in shared),
            unknowns=tuple(
                unknown
                for unknown, said in zip(
                    group[0].findings.unknowns, _open(group[0].code, group[0].findings), strict=True
                )
                if said not in open_for_all
            ),
        )
        for number, group in enumerate(found.values())
    ]
    return tuple(sorted(groups, key=lambda group: (group.duty is None, group.duty.amount if group.duty else 0)))


def _signature(line: LineBelow) -> object:
    """What two lines of one group have in common."""
    later = tuple(
        frozenset((find_stated_rate(found.rule), found.rule.measure.base) for found in line.matched.get(kind, ()))
        for kind in (Kind.FEE, Kind.TAX)
    )
    costs = costs_of(line.code, line.findings)
    return line.duty is None, costs, papers_of(line.papers), later, _claims_in(line.options)


def costs_of(code: str, findings: Findings) -> object:
    """What a line is charged and what that leaves open, the same for two lines that cost the same."""
    charges = tuple((c.kind, c.rule.measure.title, find_stated_rate(c.rule), c.amount) for c in findings.charges)
    return charges, tuple(_open(code, findings))


def _open(code: str, findings: Findings) -> list[tuple[str, str, tuple[str, ...]]]:
    """By unknown, what it says of any line, without the line's own ``code``."""
    return [_say_of_any_line(code, unknown) for unknown in findings.unknowns]


def _say_of_any_line(code: str, unknown: Unknown) -> tuple[str, str, tuple[str, ...]]:
    return unknown.code, unknown.form, tuple(str(value) for value in unknown.params.values() if value != code)


def _claims_in(options: Iterable[Option]) -> frozenset[object]:
    """What a line could claim and what each claim would save; the rate of a claim where its saving is not known."""
    return frozenset(
        (option.claim, option.saving, None if option.saving else find_stated_rate(option.rule)) for option in options
    )


def papers_of(papers: Papers) -> frozenset[tuple[str, str, str]]:
    """The papers that a line needs, by agency, document and title, whichever rules ask for them."""
    return frozenset(_paper_of(rule) for rule in papers.standing)


def _paper_of(rule: Rule) -> tuple[str, str, str]:
    return rule.measure.agency, rule.measure.document, rule.measure.title


def _find_covering_codes(asked: str, group_of: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """By group, the shortest codes below which all lines are of that group."""
    covers: dict[int, dict[str, None]] = {number: {} for number in group_of.values()}
    for code, number in group_of.items():
        lengths: Iterable[int] = range(len(asked) + _STEP, len(code), _STEP)
        cover = next(
            (
                code[:length]
                for length in lengths
                if all(other == number for line, other in group_of.items() if line.startswith(code[:length]))
            ),
            code,
        )
        covers[number][cover] = None
    return {number: tuple(codes) for number, codes in covers.items()}
