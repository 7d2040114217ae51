"""Barriers of a demonstration: invented reports about real rules, each from a real answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.barriers.actions.barriers import barrier_report
from ewtp.apps.barriers.reading.findings import gather_finding_of_answer
from ewtp.core.barriers.barrier import Means
from ewtp.core.organisations.house import House
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ewtp.apps.demonstration.actions.demonstration_organisations import InventedOrganisation
    from ewtp.core.barriers.evidence import ReportedFinding

# From, to, the code of six digits, and what the report says; the first paper that the answer names is reported.
_MET = (
    ("GH", "US", "940161", "Invented: the data on species repeat what our export certificate says."),
    ("KE", "US", "920290", "Invented: two agencies ask for the same facts about one instrument."),
    ("KE", "US", "090111", "Invented: nobody could tell us which form to file for a sample of coffee."),
)
_AGE = timedelta(days=40)


def barriers_invent(*, organisations: Sequence[InventedOrganisation], now: datetime) -> tuple[str, ...] | Refusal:
    """A barrier for each answer that names a paper, reported by small firms; returns their identifiers."""
    firms = [each for each in organisations if each.house is House.SMALL_FIRM]
    made: list[str] = []
    for place, words, finding in _findings(now):
        if isinstance(finding, Refusal):
            return finding
        for firm in firms[place : place + 3]:
            reported = barrier_report(
                finding=finding,
                text=words,
                language="en",
                means=Means.API,
                actor=firm.actor,
                client="demonstration",
                now=now - _AGE + timedelta(days=5 * place),
            )
            if isinstance(reported, Refusal):
                return reported
        made.append(finding.matter.id)
    return tuple(made)


def barriers_found(*, now: datetime) -> tuple[str, ...]:
    """The identifiers of the barriers of a demonstration that is there already, as far as their rules are."""
    return tuple(finding.matter.id for _, _, finding in _findings(now) if not isinstance(finding, Refusal))


def _findings(now: datetime) -> Iterator[tuple[int, str, ReportedFinding | Refusal]]:
    """The first paper of each answer that names any, with the place of the answer and what is said of the paper."""
    for place, (origin, target, code, words) in enumerate(_MET):
        line = {"hs": code, "value": {"amount": "1000", "currency": "USD"}}
        answer = assessment_create(body={"from": origin, "to": target, "lines": [line]}, now=now)
        if isinstance(answer, Refusal):
            yield place, words, answer
            continue
        papers = answer.answer["lines"][0]["requirements"]
        if papers:
            yield place, words, gather_finding_of_answer(answer.answer, papers[0]["measure"])
