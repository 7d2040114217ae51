"""``ewtp barrier``: what stops trade, for whoever operates the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from django.utils import timezone

from ewtp.apps.barriers.actions.barriers import barrier_report
from ewtp.apps.barriers.actions.focal_points import focal_point_name
from ewtp.apps.barriers.reading.barrier_list import BarrierFilter, barrier_read, barriers_now, open_among
from ewtp.apps.barriers.reading.findings import answer_for_line, gather_finding_of_answer, gather_finding_of_place
from ewtp.apps.barriers.surface.barrier_json import barrier_json, summaries_json
from ewtp.apps.barriers.surface.openapi import STAGES
from ewtp.core.barriers.barrier import Means
from ewtp.core.barriers.sentences import BARRIER_UNKNOWN
from ewtp.core.values.actor import VISITOR
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.visible_text import show_controls_and_breaks
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail, BarrierSummary
    from ewtp.core.barriers.evidence import ReportedFinding

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SHOWN_WORDS = 60


@click.group()
def barrier() -> None:
    """List, show and report what stops trade, and name focal points."""


@barrier.command("list")
@click.option("--economy", default="", help="Only barriers of this economy.")
@click.option("--product", default="", help="Only products whose code begins with these digits.")
@click.option("--agency", default="", help="Only rules of this agency.")
@click.option("--stage", type=click.Choice([str(each) for each in STAGES]), default=None, help="Only this stage.")
@_JSON
def list_barriers(*, economy: str, product: str, agency: str, stage: str | None, as_json: bool) -> None:
    """List barriers in the order of the first report, with their stage and age."""
    prepare(as_json=as_json)
    found = barriers_now(BarrierFilter(economy.upper(), product, agency, stage or ""), timezone.now())
    if as_json:
        say_json(summaries_json(found))
        return
    for each in found:
        say(_line(each))
    standing = open_among(found)
    if standing.count:
        say(f"{standing.count} open, median age {standing.median_days} days")


@barrier.command("show")
@click.argument("identity", metavar="ID")
@_JSON
def show_barrier(*, identity: str, as_json: bool) -> None:
    """Show a barrier: what reporters say, what happened, and what is late."""
    prepare(as_json=as_json)
    found = barrier_read(identity, timezone.now())
    if found is None:
        refuse(Refusal(BARRIER_UNKNOWN, {"id": identity[:40]}), as_json=as_json)
    if as_json:
        say_json(barrier_json(found))
        return
    _say(found)


@barrier.command("report")
@click.argument("text")
@click.option("--answer", default="", help="The id of an answer, whose evidence is attached.")
@click.option("--measure", default="", help="A rule of the answer, or unknown:CODE.")
@click.option("--product", default="", help="Without an answer: a tariff code.")
@click.option("--economy", default="", help="Without an answer: where the goods go, two letters.")
@click.option("--language", default="", help="The language of the text (BCP 47).")
@_JSON
def report_barrier(
    *, text: str, answer: str, measure: str, product: str, economy: str, language: str, as_json: bool
) -> None:
    """Report a barrier for somebody who cannot, as a visitor who is not counted."""
    prepare(as_json=as_json)
    finding = _read_finding(text, answer, measure, product, economy)
    if isinstance(finding, Refusal):
        refuse(finding, as_json=as_json)
    actor = shell_actor()
    made = barrier_report(
        finding=finding,
        text=text,
        language=language[:20],
        means=Means.COMMAND,
        actor=VISITOR,
        client=actor.label,
        now=timezone.now(),
    )
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if as_json:
        found = barrier_read(made.id, timezone.now())
        say_json(barrier_json(found) if found else None)
    else:
        say(made.id)


def _read_finding(text: str, answer: str, measure: str, product: str, economy: str) -> ReportedFinding | Refusal:
    if not answer:
        return gather_finding_of_place(product, economy, text)
    found = answer_for_line(answer, 0)
    return found.under("answer") if isinstance(found, Refusal) else gather_finding_of_answer(found, measure)


@barrier.command("focal-point")
@click.argument("economy")
@click.argument("organisation")
@_JSON
def name_focal_point(*, economy: str, organisation: str, as_json: bool) -> None:
    """Name the agency to which barriers of an economy go first."""
    prepare(as_json=as_json)
    refused = focal_point_name(economy=economy, organisation=organisation, actor=shell_actor(), now=timezone.now())
    if refused is not None:
        refuse(refused, as_json=as_json)
    if as_json:
        say_json({"economy": economy.upper(), "organisation": organisation})


def _line(each: BarrierSummary) -> str:
    matter = each.matter
    what = each.rule.document or each.rule.title or each.words
    reporters = f"{each.groups} reporters" + (f", {each.visitors} of visitors" if each.visitors else "")
    place = f"{matter.economy or '--'}  {matter.product or '------'}"
    return f"{each.id}  {place}  {each.stage}  {each.age} days  {reporters}  {_words(what)}"


def _words(text: str) -> str:
    shown = show_controls_and_breaks(text)
    return shown if len(shown) <= _SHOWN_WORDS else f"{shown[:_SHOWN_WORDS]}…"


def _say(found: BarrierDetail) -> None:
    say(_line(found.summary))
    for clock in found.summary.clocks:
        late = f", {clock.overdue_days} days late" if clock.overdue_days else ""
        say(f"clock    {clock.name} until {clock.due.date()}{late}")
    if found.summary.change is not None:
        say(f"rule     {found.summary.change.kind} on {found.summary.change.day}")
    for report in found.reports:
        text = f"withheld: {report.withheld}" if report.withheld else report.text
        say(f"report   {report.at.date()}  {report.means}  {show_controls_and_breaks(text)}")
    for moment in found.history:
        reason = show_controls_and_breaks(str(moment.facts.get("reason", "")))
        say(f"history  {moment.at.date()}  {moment.kind}  {reason}".rstrip())
