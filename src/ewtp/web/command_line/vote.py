"""``ewtp vote``: elections by secret ballot, checked from their public data. Needs no installation and no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ewtp.core.belenios.election_audit import audit_election
from ewtp.core.belenios.public_board import read_board
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import ELECTION_FILE_UNREADABLE

if TYPE_CHECKING:
    from ewtp.core.belenios.election_audit import ElectionAudit

FAILED = 1


@click.group()
def vote() -> None:
    """Check an election by secret ballot."""


@vote.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, *, as_json: bool) -> NoReturn:
    """Check FILE, the archive of an election that Belenios wrote; status 0 when it holds, 1 when it does not."""
    try:
        content = file.read_bytes()
    except OSError as error:
        refusal = Refusal(ELECTION_FILE_UNREADABLE, {"path": file, "reason": error.strerror or str(error)})
        refuse(refusal, as_json=as_json)
    board = read_board(content)
    audit = board if isinstance(board, Refusal) else audit_election(board)
    if isinstance(audit, Refusal):
        refuse(audit, as_json=as_json)
    if as_json:
        say_json(audit.as_json())
    else:
        _print_audit(audit)
    raise SystemExit(0 if audit.holds else FAILED)


def _print_audit(audit: ElectionAudit) -> None:
    if audit.election is not None:
        say(f"{audit.election.name}, election {audit.election.uuid}, fingerprint {audit.election.fingerprint}")
        say(f"{audit.voters} voters, {audit.ballots} ballots, {audit.counted} counted")
        for question, counts in zip(audit.election.questions, audit.result or (), strict=False):
            votes = (f"{answer} {count}" for answer, count in zip(question.answers, counts, strict=True))
            say(f"{question.question}: {', '.join(votes)}")
        if audit.holds and audit.result is None:
            say("There is no result yet.")
    for fault in audit.faults:
        say(fault.message, error=True)
    say("Everything that can be checked holds." if audit.holds else "The election does not hold.", bold=True)
