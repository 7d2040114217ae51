"""``ewtp vote``: elections by secret ballot. All but ``export`` needs no installation and no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ewtp.core.belenios.election_audit import audit_election
from ewtp.core.belenios.public_board import read_board
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.log_installation import import_installed
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import ELECTION_FILE_UNREADABLE, SECRET_FILE_UNUSABLE, VOTE_ARCHIVE_NONE
from ewtp.web.command_line.vote_keys import ballot, credentials, decrypt, trustee

if TYPE_CHECKING:
    from ewtp.core.belenios.election_audit import ElectionAudit

FAILED = 1
_LONGEST_ID = 40


@click.group()
def vote() -> None:
    """Check an election by secret ballot, and take part in one."""


for _command in (trustee, credentials, ballot, decrypt):
    vote.add_command(_command)


@vote.command("export")
@click.argument("proposal")
@click.argument("file", type=click.Path(path_type=Path))
def export(proposal: str, file: Path) -> None:
    """Write the secret ballots on PROPOSAL to FILE, an archive of Belenios, with a result once there is one."""
    unusable = import_installed("ewtp.web.django_setup").set_up_django(with_pages=False)
    if unusable is not None:
        refuse(unusable, as_json=False)
    import_installed("ewtp.web.command_line.installation_ready").prepare()
    now = import_installed("django.utils.timezone").now()
    archive = import_installed("ewtp.apps.proposals.reading.election_record").archive_of(proposal, now)
    if archive is None:
        refuse(Refusal(VOTE_ARCHIVE_NONE, {"id": proposal[:_LONGEST_ID]}), as_json=False)
    try:
        file.write_bytes(archive)
    except OSError as error:
        refuse(Refusal(SECRET_FILE_UNUSABLE, {"path": file, "reason": error.strerror or str(error)}), as_json=False)
    say(f"Wrote {file}, {len(archive):,} bytes.")


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
