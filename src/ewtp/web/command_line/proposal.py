"""``ewtp proposal``: replay a proposal over lines that the operator has, or compare one's own lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils import timezone

from ewtp.apps.assessment.surface.invoice_table import decode_table
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.actions.direct_replay import lines_of_file
from ewtp.apps.batches.actions.replay_job import IN_CURRENCY, columns_refused
from ewtp.apps.proposals.actions.replays import replay_run
from ewtp.apps.proposals.reading.own_shipments import MOST_LINES_OF_COMMAND, shipments_compared
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.replay_reports import reports_held
from ewtp.apps.proposals.surface.replay_json import read_shipments, shipments_json, simulation_json
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import CURRENCY_NOT_ISO
from ewtp.gateways.parquet.lines import open_lines
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import SHIPMENTS_UNREADABLE

if TYPE_CHECKING:
    from ewtp.core.proposals.proposal import Proposal

_LONGEST_ID = 40


@click.group()
def proposal() -> None:
    """Replay a proposal, and compare your own lines with it."""


@proposal.command("replay")
@click.argument("identity", metavar="PROPOSAL")
@click.option("--lines", type=click.Path(path_type=Path), help="Lines (Parquet) in place of synthetic ones.")
@click.option("--currency", default=IN_CURRENCY, show_default=True, help="The currency of the sums.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay(identity: str, lines: Path | None, currency: str, *, as_json: bool) -> None:
    """Replay PROPOSAL under the name of this installation, and publish the report on its page.

    The lines stay where they are; figures from fewer than five firms are not published.
    """
    if currency not in vocabulary().currencies:
        refuse(Refusal(CURRENCY_NOT_ISO, {"currency": currency[:40]}), as_json=as_json)
    prepare(as_json=as_json)
    _find_proposal(identity, as_json=as_json)
    if lines is None:
        refused = replay_run(proposal=identity, now=timezone.now(), currency=currency)
    else:
        refused = _over_file(identity, lines, currency)
    if refused is not None:
        refuse(refused, as_json=as_json)
    found = _find_proposal(identity, as_json=as_json)
    reports = reports_held(each.record.result for each in found.replays_of_version())
    if as_json:
        say_json(simulation_json(found, reports, None))
        return
    made = found.replays_of_version()[-1]
    for each in reports.get(made.record.result, {}).get("summary", ()):
        say(each["message"])
    say(f"Result {made.record.result}.")


def _over_file(identity: str, path: Path, currency: str) -> Refusal | None:
    """Replay over the lines of a file, which may be many, so from the compiled rulebook."""
    opened = open_lines(path)
    if isinstance(opened, Refusal):
        return opened
    try:
        version = columns_refused(opened) or pin_version()
        if isinstance(version, Refusal):
            return version
        over = lines_of_file(opened)
        return replay_run(proposal=identity, now=timezone.now(), lines=over, currency=currency)
    finally:
        opened.close()


@proposal.command("shipments")
@click.argument("identity", metavar="PROPOSAL")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def shipments(identity: str, file: Path, *, as_json: bool) -> None:
    """Compare the lines of FILE (CSV) without and with PROPOSAL; nothing of them is stored."""
    try:
        text = decode_table(file.read_bytes())
    except OSError:
        text = None
    if text is None:
        refuse(Refusal(SHIPMENTS_UNREADABLE, {"path": file}), as_json=as_json)
    lines = read_shipments(text, MOST_LINES_OF_COMMAND)
    if isinstance(lines, Refusal):
        refuse(lines, as_json=as_json)
    prepare(as_json=as_json)
    found = _find_proposal(identity, as_json=as_json)
    effects = shipments_compared(text_stored(found.version.content.digest), lines)
    if isinstance(effects, Refusal):
        refuse(effects, as_json=as_json)
    told = shipments_json(effects, found)
    if as_json:
        say_json(told)
        return
    for each in told["lines"]:
        if each["affected"]:
            papers = [f"-{paper['document']}" for paper in each["papers_removed"]]
            papers += [f"+{paper['document']}" for paper in each["papers_added"]]
            change = "" if each["change"] is None else f"{each['change']} {each['currency']}"
            say(f"{each['line']:>6} {each['hs']} {each['from']}>{each['to']} {change} {' '.join(papers)}".rstrip())
    say(f"{told['affected']} of {len(effects)} lines change.")
    for each in told["bounds"]:
        least, most = (each[name] or "no bound" for name in ("at_least", "at_most"))
        say(f"{each['currency']}: {least} to {most}, counting what is not known.")


def _find_proposal(identity: str, *, as_json: bool) -> Proposal:
    found = proposal_read(identity)
    if found is None:
        refuse(Refusal(PROPOSAL_UNKNOWN, {"id": identity[:_LONGEST_ID]}), as_json=as_json)
    return found
