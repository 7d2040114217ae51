"""``ewtp prune``: remove what has expired."""

from __future__ import annotations

import click
from django.utils import timezone

from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor
from ewtp.web.expiry import prune_expired


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Remove what has expired now instead of within the hour; law, kept answers and the log are never removed."""
    prepare(as_json=as_json)
    removed = prune_expired(actor=shell_actor(), now=timezone.now())
    if isinstance(removed, Refusal):
        refuse(removed, as_json=as_json)
    if as_json:
        say_json(removed)
    else:
        say(
            f"Removed what had expired: {removed['idempotency_keys']} idempotency keys, "
            f"{removed['sessions']} sessions, {removed['inbox_messages']} received messages, "
            f"{removed['rate_counters']} counters of attempts, {removed['questions']} questions."
        )
