"""What a proposal's page shows of its replays, and of what it would change for the reader's own lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.proposals.reading.replay_reports import replay_waiting, reports_held
from ewtp.core.proposals.proposal_decisions import HUB
from ewtp.core.replay.recomputation import Agreement
from ewtp.core.values.sentence import Statement, read_statement
from ewtp.gateways.reference.sentence_table import read_known_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.proposals.proposal import Proposal, ReplayMade

# Reports on one page: over synthetic lines, and over those that the operator has.
_MOST_REPORTS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five figures: a decimal text, with its unit; None where it is not known or withheld."""

    name: str
    value: str | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ReportShown:
    """The published report of a replay: its first sentences, five figures, the shares by size, what is withheld.

    ``synthetic`` is the number of lines that were made up; ``withheld`` is as the report has it.
    """

    made: ReplayMade
    lines: int
    synthetic: int
    sentences: tuple[Statement, ...]
    figures: tuple[Figure, ...]
    sizes: tuple[Mapping[str, Any], ...]
    withheld: Mapping[str, Any] | None
    address: str


@dataclass(frozen=True, slots=True)
class ReplayShown:
    """A replay: who made it, of what, and which others got the same result or another one."""

    by: str
    made: ReplayMade
    recipe: tuple[tuple[str, str], ...]
    confirmed_by: tuple[str, ...]
    contradicted_by: tuple[str, ...]
    report: ReportShown | None


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """That a worker is asked for a replay: since when, why the last attempt failed, and the next."""

    since: datetime
    reason: Statement | None
    next_try: datetime | None


def replays_context(proposal: Proposal, names: Mapping[str, Any]) -> dict[str, Any]:
    """The replays of the latest version, newest first; ``names`` are of organisations."""
    made = proposal.replays_of_version()[::-1]
    reports = reports_held(each.record.result for each in made)
    shown, told = [], set[str]()
    for each in made:
        result = each.record.result
        report = None
        if result in reports and result not in told and len(told) < _MOST_REPORTS:
            told.add(result)
            report = _report(proposal, each, reports[result])
        shown.append(_present_replay(proposal, each, names, report))
    waiting = replay_waiting(proposal.id)
    return {
        "replays": shown,
        "waiting": None
        if waiting is None
        else WaitingShown(
            waiting.enqueued,
            None if waiting.reason is None else read_statement(waiting.reason, read_known_sentences()),
            waiting.next_try,
        ),
    }


def _present_replay(
    proposal: Proposal, made: ReplayMade, names: Mapping[str, Any], report: ReportShown | None
) -> ReplayShown:
    recipe, labels = made.record.recipe.as_json(), recipe_names()
    confirmed, contradicted = (
        tuple(dict.fromkeys(_name(names, each.by) for each in proposal.replays_in(agreement, made)))
        for agreement in (Agreement.CONFIRMED, Agreement.CONTRADICTED)
    )
    rows = (
        *((labels[name], recipe[name]) for name in labels if name in recipe),
        (labels["result"], made.record.result),
    )
    return ReplayShown(_name(names, made.by), made, rows, confirmed, contradicted, report)


def _name(names: Mapping[str, Any], identity: str) -> str:
    if identity == HUB:
        return gettext("This site")
    found = names.get(identity)
    return identity if found is None else str(found.name)


def recipe_names() -> dict[str, str]:
    """What a replay was computed of, as a reader knows it."""
    return {
        "engine": gettext("Program"),
        "rulebook": gettext("Rulebook"),
        "rates": gettext("Exchange rates"),
        "change": gettext("Change"),
        "data": gettext("Lines"),
        "currency": gettext("Currency"),
        "result": gettext("Report"),
    }


def _report(proposal: Proposal, made: ReplayMade, body: Mapping[str, Any]) -> ReportShown:
    lines, synthetic = body.get("lines") or {}, body.get("synthetic") or {}
    return ReportShown(
        made=made,
        lines=lines.get("lines", 0),
        synthetic=synthetic.get("lines", 0),
        sentences=tuple(read_statement(each, read_known_sentences()) for each in body["summary"] or ()),
        figures=_figures(body),
        sizes=tuple(body.get("size_shares") or ()),
        withheld=body.get("withheld"),
        address=f"/api/v1/proposals/{proposal.id}/simulation/{made.record.result}",
    )


def _figures(body: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The five figures; a fall is negative."""
    firms, agencies = body.get("firms"), body.get("agencies")
    days, money = body.get("promised_days"), body.get("in_one_currency") or {}
    papers = None if agencies is None else sum(each["papers"]["change"] for each in agencies)
    currency = money.get("currency") or ""
    return (
        Figure(gettext("Firms that pay less"), _text((firms or {}).get("pay_less"))),
        Figure(gettext("Papers, more or fewer"), _text(papers)),
        Figure(gettext("Days promised, more or fewer"), _text((days or {}).get("change"))),
        Figure(gettext("What traders pay, more or less"), money.get("cost"), currency),
        Figure(gettext("What treasuries receive, more or less"), money.get("revenue"), currency),
    )


def _text(count: int | None) -> str | None:
    return None if count is None else str(count)
