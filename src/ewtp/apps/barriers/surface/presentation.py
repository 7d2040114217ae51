"""What the pages of barriers show, in the reader's language."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext, ngettext

from ewtp.apps.http.surface.sorted_table import Column
from ewtp.core.barriers.barrier import SECRETARIAT, AnswerKind, Means
from ewtp.core.barriers.barrier_events import BarrierEventKind
from ewtp.core.barriers.stage import ClockName, Stage
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.reference.hs_texts import describe
from ewtp.gateways.reference.locale_formats import economy_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail, BarrierMoment, BarrierSummary
    from ewtp.apps.organisations.reading.organisation_list import Agency
    from ewtp.core.barriers.stage import Clock

BARRIER_COLUMNS = (
    *("id", "economy", "product", "kind", "measure", "agency", "document", "mast_chapter", "stage", "age_days"),
    *("reporters", "verified_reporters", "visitor_reports", "owner", "owner_overdue_days", "answer_overdue_days"),
    *("answer", "reported", "opened"),
)
_LONGEST_WORDS = 160
_FEWEST_AT_STAGE = {stage: number for number, stage in enumerate(Stage)}


def stage_names() -> dict[str, str]:
    """The stages as a reader knows them."""
    return {
        Stage.REPORTED: gettext("Nobody named to answer yet"),
        Stage.OWNED: gettext("Waiting for an answer"),
        Stage.SILENT: gettext("No answer in time"),
        Stage.ANSWERED: gettext("Answered"),
        Stage.CLAIMED: gettext("Said to be gone; reporters are asked"),
        Stage.UNCONFIRMED: gettext("Said to be gone, not confirmed"),
        Stage.CONFIRMED: gettext("Gone, confirmed by reporters"),
        Stage.CHANGED: gettext("The rule has changed"),
    }


def answer_names() -> dict[str, str]:
    """The answers of an authority as a reader knows them."""
    return {
        AnswerKind.WILL_CHANGE: gettext("We will change it"),
        AnswerKind.DISAGREE: gettext("We disagree"),
        AnswerKind.NOT_OURS: gettext("Not ours"),
    }


def means_names() -> dict[str, str]:
    """How reports come in, as a reader knows it."""
    return {
        Means.PAGE: gettext("on this site"),
        Means.API: gettext("by a program"),
        Means.COMMAND: gettext("by the operator"),
        Means.SMS: gettext("by text message"),
        Means.USSD: gettext("by a phone menu"),
    }


def moment_names() -> dict[str, str]:
    """What can happen to a barrier, as a reader knows it."""
    return {
        BarrierEventKind.OPENED: gettext("First reported"),
        BarrierEventKind.OWNER_NAMED: gettext("Named as the one who has to answer"),
        BarrierEventKind.ANSWERED: gettext("Answered"),
        BarrierEventKind.ESCALATED: gettext("No answer: every government was told"),
        BarrierEventKind.CLAIMED: gettext("Said to be gone"),
        BarrierEventKind.REOPENED: gettext("Reopened by a reporter"),
    }


def clock_text(clock: Clock) -> str:
    """What a clock says of the day: how late somebody is, or who has how long."""
    late = clock.overdue_days
    if clock.name is ClockName.OWNER:
        if late:
            text = ngettext(
                "Whoever has to answer should have been named %(days)s day ago.",
                "Whoever has to answer should have been named %(days)s days ago.",
                late,
            )
            return text % {"days": late}
        return gettext("Whoever has to answer is named within five working days.")
    if clock.name is ClockName.ANSWER:
        if late:
            text = ngettext(
                "No answer: the time ran out %(days)s day ago.",
                "No answer: the time ran out %(days)s days ago.",
                late,
            )
            return text % {"days": late}
        return gettext("An answer is due within 30 days of the report.")
    return gettext("The reporters have 30 days to say whether it is gone.")


def party_text(organisation: str, agencies: Mapping[str, Agency]) -> str:
    """The name of an agency, or of the secretariat; the identifier of a former agency."""
    if organisation == SECRETARIAT:
        return gettext("the secretariat of this site")
    agency = agencies.get(organisation)
    return organisation if agency is None else agency.name


def barrier_name(barrier: BarrierSummary) -> tuple[str, str]:
    """What a list calls a barrier, and the language of that: a quotation of the rulebook is in English."""
    rule = barrier.rule
    if rule.measure:
        return rule.document or rule.title or rule.measure, "en"
    if barrier.matter.measure_key.startswith("unknown:"):
        return gettext("A rule that the rulebook does not know"), ""
    if barrier.matter.product:
        return gettext("Everything that the product meets"), ""
    return gettext("In words alone"), ""


@dataclass(frozen=True, slots=True)
class BarrierLine:
    """A row of the table."""

    barrier: BarrierSummary
    name: str
    language: str
    stage: str
    words: str
    clocks: tuple[str, ...]


def barrier_line(barrier: BarrierSummary) -> BarrierLine:
    """The row of a barrier."""
    name, language = barrier_name(barrier)
    words = barrier.words if len(barrier.words) <= _LONGEST_WORDS else f"{barrier.words[:_LONGEST_WORDS]}…"
    late = tuple(clock_text(each) for each in barrier.clocks if each.overdue_days)
    return BarrierLine(barrier, name, language, stage_names()[barrier.stage], words, late)


def barrier_columns() -> tuple[Column[BarrierLine], ...]:
    """The columns of the page's table."""
    language = get_language() or "en"
    return (
        Column("barrier", gettext("Barrier"), order=lambda line: line.name.casefold()),
        Column(
            "economy",
            gettext("Economy"),
            order=lambda line: economy_name(line.barrier.matter.economy, language).casefold() or None,
        ),
        Column("product", gettext("Product"), order=lambda line: line.barrier.matter.product or None),
        Column("agency", gettext("Agency"), order=lambda line: line.barrier.rule.agency.casefold() or None),
        Column("stage", gettext("Where it stands"), order=lambda line: _FEWEST_AT_STAGE[line.barrier.stage]),
        Column("reporters", gettext("Reporters"), order=lambda line: line.barrier.groups, largest_first=True),
        Column("age", gettext("Age"), order=lambda line: line.barrier.age, largest_first=True),
    )


def rank_lines(barriers: Iterable[BarrierSummary]) -> list[BarrierLine]:
    """The rows in their own order: open ones first, then by reporters, then by age."""
    ranked = sorted(barriers, key=lambda each: (not each.is_open, -each.groups, -each.visitors, each.number))
    return [barrier_line(each) for each in ranked]


def barriers_csv(barriers: Iterable[BarrierSummary]) -> str:
    """One row a barrier, without the words of reports; what does not run or was not said is empty."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, BARRIER_COLUMNS)
    writer.writeheader()
    for each in barriers:
        writer.writerow({name: cell_text(value) for name, value in _cells(each).items()})
    return sheet.getvalue()


def _cells(barrier: BarrierSummary) -> dict[str, Any]:
    late = {clock.name: clock.overdue_days for clock in barrier.clocks}
    rule, progress = barrier.rule, barrier.progress
    return {
        "id": barrier.id,
        "economy": barrier.matter.economy,
        "product": barrier.matter.product,
        "kind": rule.kind,
        "measure": rule.measure,
        "agency": rule.agency,
        "document": rule.document,
        "mast_chapter": rule.mast_chapter,
        "stage": barrier.stage.value,
        "age_days": barrier.age,
        "reporters": barrier.groups,
        "verified_reporters": barrier.verified_groups,
        "visitor_reports": barrier.visitors,
        "owner": progress.owner,
        "owner_overdue_days": late.get(ClockName.OWNER),
        "answer_overdue_days": late.get(ClockName.ANSWER),
        "answer": progress.answer.kind.value if progress.answer else "",
        "reported": progress.reported.isoformat(),
        "opened": progress.opened.isoformat(),
    }


def barrier_context(barrier: BarrierDetail, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    """The page of one barrier."""
    summary = barrier.summary
    progress = summary.progress
    shown = [each.evidence for each in barrier.reports if each.evidence]
    product = summary.matter.product
    means = means_names()
    return {
        "barrier": summary,
        "line": barrier_line(summary),
        "owner": party_text(progress.owner, agencies) if progress.owner else "",
        "answer": progress.answer,
        "answer_name": answer_names()[progress.answer.kind] if progress.answer else "",
        "answer_by": party_text(progress.answer.organisation, agencies) if progress.answer else "",
        "clocks": [(clock, clock_text(clock)) for clock in summary.clocks],
        "reports": [(each, means[each.means]) for each in barrier.reports],
        "evidence": shown[-1] if shown else None,
        "history": [_moment(each, agencies) for each in barrier.history],
        "described": describe(product) if product else "",
    }


def _moment(moment: BarrierMoment, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    organisation = moment.facts.get("organisation", "")
    answer = moment.facts.get("answer", "")
    return {
        "at": moment.at,
        "name": moment_names()[moment.kind],
        "by": party_text(organisation, agencies) if organisation else "",
        "answer": answer_names().get(answer, ""),
        "reason": moment.facts.get("reason", ""),
        "promised": moment.facts.get("promised"),
    }
