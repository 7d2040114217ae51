"""National lines in groups: those that would bear the same charges, need the same papers and could claim the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.line_span import LineGroup
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.duty_rank import claims_of, find_stated_rate
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.papers import Papers
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.values.money import Money

# Schedules subdivide by pairs of digits.
_STEP = 2


class LineBelow(NamedTuple):
    """What a line is grouped by: its code, the rules that reach it, what they charge and ask for, and its duty."""

    code: str
    matched: RulesByKind
    findings: Findings
    papers: Papers
    duty: Money | None


def group_lines(asked: str, lines: Sequence[LineBelow]) -> tuple[LineGroup, ...]:
    """The lines below the code ``asked`` in groups, the lowest duty first and what is not known last."""
    shared = frozenset.intersection(*(_papers(line) for line in lines))
    open_for_all = [one for one in lines[0].findings.unknowns if all(one in each.findings.unknowns for each in lines)]
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
            papers=tuple(rule for rule in group[0].papers.standing if rule.measure.id not in shared),
            unknowns=tuple(one for one in group[0].findings.unknowns if one not in open_for_all),
        )
        for number, group in enumerate(found.values())
    ]
    return tuple(sorted(groups, key=lambda group: (group.duty is None, group.duty.amount if group.duty else 0)))


def _papers(line: LineBelow) -> frozenset[str]:
    return frozenset(rule.measure.id for rule in line.papers.standing)


def _signature(line: LineBelow) -> object:
    """What two lines of one group have in common."""
    return line.duty is None, costs_of(line.code, line.findings), _distinguish_line(line.matched, line.papers)


def costs_of(code: str, findings: Findings) -> object:
    """What a line is charged and what that leaves open, the same for two lines that cost the same."""
    charges = tuple((c.kind, c.rule.measure.title, find_stated_rate(c.rule), c.amount) for c in findings.charges)
    unknowns = tuple(
        (unknown.code, unknown.form, tuple(str(value) for value in unknown.params.values() if value != code))
        for unknown in findings.unknowns
    )
    return charges, unknowns


def _distinguish_line(matched: RulesByKind, papers: Papers) -> object:
    """The papers of a line, its taxes and what it could claim."""
    taxes = frozenset(find_stated_rate(found.rule) for found in matched.get(Kind.TAX, ()))
    claims = frozenset(
        (claims_of(found), find_stated_rate(found.rule)) for kind in LOWER_DUTIES for found in matched.get(kind, ())
    )
    return papers_of(papers), taxes, claims


def papers_of(papers: Papers) -> frozenset[tuple[str, str, str]]:
    """The papers that a line needs, by agency, document and title, whichever rules ask for them."""
    return frozenset((rule.measure.agency, rule.measure.document, rule.measure.title) for rule in papers.standing)


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
