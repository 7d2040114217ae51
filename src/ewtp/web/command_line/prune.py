"""``ewtp prune``: remove what has expired."""

from __future__ import annotations

import click
from django.utils import timezone

from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import say, say_json
from ewtp.web.expiry import remove_expired


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Remove what has expired now instead of within the hour; law, kept answers and the log are never removed."""
    prepare(as_json=as_json)
    removed = remove_expired(timezone.now())
    if as_json:
        say_json(removed)
    else:
        say(
            f"Removed what had expired: {removed['idempotency_keys']} idempotency keys, "
            f"{removed['sessions']} sessions, {removed['inbox_messages']} received messages, "
            f"{removed['rate_counters']} counters of attempts, {removed['questions']} questions."
        )
