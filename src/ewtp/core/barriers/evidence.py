"""The evidence of a report, gathered from an answer: what the reporter would otherwise have to type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.barriers.barrier import BarrierMatter, RuleReported
from ewtp.core.barriers.rule_change import rule_reported
from ewtp.core.barriers.sentences import EVIDENCE_UNKNOWN
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ewtp.core.rulebook.measure import Measure

UNKNOWN_PREFIX = "unknown:"
_RULES = ("charges", "requirements", "prohibitions")
# More than any line of the seed has; an entry of the log has to hold them.
MOST_PAPERS = 40
_LONGEST_NAME = 80


@immutable
class ReportedFinding:
    """What a report is about, the rule, and its evidence as JSON."""

    matter: BarrierMatter
    rule: RuleReported
    evidence: Mapping[str, Any]


def reportable_measures(line: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rules of a line of an answer that somebody may report: charges, requirements and prohibitions."""
    for name in _RULES:
        yield from line[name]


def list_reported_unknowns(line: Mapping[str, Any]) -> tuple[str, ...]:
    """What an answer does not know of a line and somebody may report, by code, each once."""
    return tuple(dict.fromkeys(each["code"] for each in line["unknowns"]))


def gather_finding(
    answer: Mapping[str, Any], subject: str, measures: Mapping[str, Measure]
) -> ReportedFinding | Refusal:
    """The finding of an answer about one line, as JSON.

    ``subject`` is the id of one of its measures, ``"unknown:CODE"``, or empty for all that the product meets;
    ``measures`` are the measures of the rulebook's version by id. Refuses with ``evidence_unknown``.
    """
    line, request = answer["lines"][0], answer["request"]
    found = next((each for each in reportable_measures(line) if each["measure"] == subject), None)
    unknown = subject.startswith(UNKNOWN_PREFIX) and subject.removeprefix(UNKNOWN_PREFIX) in list_reported_unknowns(
        line
    )
    measure = measures.get(subject)
    if subject and not unknown and (found is None or measure is None):
        return Refusal(EVIDENCE_UNKNOWN, {"measure": subject[:_LONGEST_NAME]}, where="measure")
    rule = RuleReported() if measure is None else rule_reported(measure)
    matter = BarrierMatter(measure.key if measure else subject, line["hs"][:SUBHEADING_DIGITS], request["to"])
    papers = line["requirements"][:MOST_PAPERS]
    evidence = {
        "answer": answer["id"],
        "rulebook_version": answer["rulebook_version"],
        "day": answer["date"],
        "from": request["from"],
        "to": request["to"],
        "hs": line["hs"],
        "origin": line["origin"],
        "description": line["description"],
        "measure": None if found is None else subject,
        "citation": None if found is None else _citation(found),
        "cost": found.get("amount") if found is not None else None,
        "landed_cost": answer["totals"]["landed_cost"],
        "papers": [_paper(each) for each in papers],
        "agencies": sorted({each["agency"] for each in papers} - {""}),
        "promised_days": _find_promised_days(found, papers),
        "unknowns": list(list_reported_unknowns(line))[:MOST_PAPERS],
    }
    return ReportedFinding(matter, rule, evidence)


def _paper(requirement: Mapping[str, Any]) -> dict[str, Any]:
    promise = requirement["promise"]
    names = {name: requirement[name] for name in ("measure", "agency", "document", "title")}
    return {**names, "days": promise["days"] if promise else None}


def _citation(found: Mapping[str, Any]) -> dict[str, Any]:
    cited = found["citation"]
    return {name: cited.get(name) for name in ("source", "reference", "url")}


def _find_promised_days(found: Mapping[str, Any] | None, papers: list[Mapping[str, Any]]) -> int | None:
    """Days that the agency of the rule promises; for no rule in particular, the longest promise on the line."""
    asked = papers if found is None else [found]
    promised = [each["promise"]["days"] for each in asked if each.get("promise")]
    return max(promised, default=None)
